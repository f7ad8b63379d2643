import type { APIModalInteractionResponseCallbackData } from 'discord.js';
import type { PressedAction } from '#src/chat/action-code.ts';
import { inTime } from '#src/core/clock.ts';
import type { Front } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { type Notice, notice } from '#src/core/view.ts';
import type { InteractionScene } from './interaction-scene.ts';
import { FORM_IS_LATE, UNKNOWN_BUTTON } from './interaction-words.ts';
import { modalOf } from './modal.ts';
import type { StageParts } from './stage-parts.ts';

/** What somebody is shown who pressed a button that asks first: its form, or why there is none. */
export type AskedForm =
  | { readonly modal: APIModalInteractionResponseCallbackData }
  | { readonly instead: Notice };

/** @param withinMs after which no form can be shown any more. */
export async function askedForm(
  { front, parts, log }: { readonly front: Front; readonly parts: StageParts; readonly log: Log },
  { place, person }: InteractionScene,
  action: PressedAction,
  withinMs: number,
): Promise<AskedForm> {
  const { command, options, asks = [] } = action;
  const preparing = front.form({ place, person, command, options, asks }).then(async (form) => {
    if ('refusal' in form) return form;
    const filled = { label: form.title, command: form.command, options: form.options };
    return { form, code: await parts.codes.of(place, filled) };
  });
  const prepared = await inTime(withinMs, preparing, (error) =>
    log.error('a form could not be prepared', { command }, error),
  );
  if (prepared === undefined) return { instead: typeInstead(action) };
  if ('refusal' in prepared.value) return { instead: prepared.value.refusal };
  const { form, code } = prepared.value;
  if (form.fields.length === 0) return { instead: UNKNOWN_BUTTON };
  const modal = modalOf(form, code);
  if (!('tooLong' in modal)) return { modal };
  return { instead: typeInstead(action, `${modal.tooLong.label} is longer than Discord’s forms take.`) };
}

/** What to do where a form does not come: the command as Discord shows it. */
export function typeInstead({ command, options }: PressedAction, why = FORM_IS_LATE): Notice {
  const given = Object.entries(options).map(([name, value]) => ` ${name}:${value}`);
  const typed = `/${command}${given.join('')}`;
  return notice('refusal', `${why} Press the button again, or use the command ${typed}.`);
}
