import type { APIModalSubmission } from 'discord.js';
import type { PressedAction } from '#src/chat/action-code.ts';
import type { Action, Notice, Stage } from '#src/core/view.ts';
import { askedOptions, typedValues } from './modal.ts';

/** A form as it was sent. */
export interface SentForm {
  /** Its command with all that was typed. */
  readonly action: PressedAction;
  /** The options that it asked for, those left empty among them. */
  readonly asks: readonly string[];
}

/** @param action what the form was for, as it stands behind the form's code. */
export function sentForm(submission: APIModalSubmission, { command, options }: PressedAction): SentForm {
  return {
    action: { command, options: { ...options, ...typedValues(submission) } },
    asks: askedOptions(submission),
  };
}

/** What did not do carries a button that opens the form again, with what was typed: nobody types it twice. */
export function withFormAgain(said: Notice, { action, asks }: SentForm): Notice {
  if ((said.tone !== 'refusal' && said.tone !== 'trouble') || asks.length === 0) return said;
  const again: Action = { ...action, label: 'Open the form again', asks };
  return { ...said, actions: [...said.actions, again] };
}

/** A stage for what a form does. */
export function offeringForm(stage: Stage, form: SentForm): Stage {
  return {
    tell: (said, audience) => stage.tell(audience === 'asker' ? withFormAgain(said, form) : said, audience),
    refresh: stage.refresh?.bind(stage),
    openBoard: (view) => stage.openBoard(view),
    speak: (speech) => stage.speak(speech),
    openThread: (name) => stage.openThread(name),
  };
}
