import { ModelError } from '#src/core/errors.ts';
import type { LanguageModel, Origin, SpeakTask } from '#src/core/model.ts';
import type { PromptShares } from '#src/core/prompt-shares.ts';
import { speakRequest } from '#src/prompt/requests.ts';
import { Gate, type GateClosed, type GateRule } from './gate.ts';

/** Longest reply in characters: what one Discord message holds. */
export const MAX_REPLY_IN_CHARACTERS = 2000;

/** The end of a sentence, with what closes around it. */
const ENDS_WHOLE = /[.!?…。！？]["”'’)\]*_»]*\s*$/u;

export type ReplyOutcome =
  | { readonly state: 'said' | 'stopped' }
  /** It ran out of room in the middle of a sentence. */
  | { readonly state: 'overran' }
  /** The model failed, before or after something stood. */
  | { readonly state: 'broken'; readonly error: ModelError }
  /** A rule held everything back, also when it was asked for a second time. */
  | { readonly state: 'held'; readonly complaint: string };

/**
 * Asks the model for a line and lets it through the gate. What a rule holds back is asked for once more if nothing
 * stands yet, and cut where something does: whole sentences stand by themselves.
 * @param onPassed shows a piece; the next one waits until it resolves.
 */
export async function speakThroughGate(
  model: LanguageModel,
  task: SpeakTask,
  options: {
    readonly origin: Origin;
    readonly rules: readonly GateRule[];
    readonly signal: AbortSignal;
    /** Of the prompt; the usual ones where undefined. */
    readonly shares: PromptShares | undefined;
    /** Counts what a prompt had to cut. */
    readonly onCut: ((what: string) => void) | undefined;
    readonly onPassed: (text: string) => Promise<void>;
  },
): Promise<ReplyOutcome> {
  const first = await speakOnce(model, task, options);
  if (first.state !== 'held') return first;
  const correction = { complaint: first.complaint };
  return speakOnce(model, { ...task, correction }, options);
}

async function speakOnce(
  model: LanguageModel,
  task: SpeakTask,
  options: Parameters<typeof speakThroughGate>[2],
): Promise<ReplyOutcome> {
  const gate = new Gate({ rules: options.rules, maxCharacters: MAX_REPLY_IN_CHARACTERS });
  let shown = '';
  let hasRunOut = false;
  const show = async (passed: string): Promise<void> => {
    if (passed === '') return;
    shown += passed;
    await options.onPassed(passed);
  };
  let closed: GateClosed | undefined;
  try {
    const request = speakRequest(task, options.origin, options);
    for await (const event of model.stream(request, options.signal)) {
      hasRunOut ||= event.type === 'end' && event.reason === 'length';
      const step = event.type === 'text' ? gate.push(event.text) : gate.end(!hasRunOut);
      await show(step.passed);
      closed = step.closed;
      // Leaving the loop ends the request: nobody reads what a shut gate keeps back.
      if (closed !== undefined) break;
    }
  } catch (error) {
    if (options.signal.aborted) return { state: 'stopped' };
    if (error instanceof ModelError) return { state: 'broken', error };
    throw error;
  }
  if (options.signal.aborted) return { state: 'stopped' };
  if (shown.trim() !== '') {
    const isWhole = (closed?.because !== 'length' && !hasRunOut) || ENDS_WHOLE.test(shown);
    return { state: isWhole ? 'said' : 'overran' };
  }
  if (closed?.because === 'rule') return { state: 'held', complaint: closed.complaint };
  return { state: 'broken', error: new ModelError('empty', model.name, 'no text that can be shown') };
}
