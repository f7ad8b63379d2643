import type { ModelError, ModelFailureKind } from '#src/core/errors.ts';

const WORDS: Readonly<Record<ModelFailureKind, string>> = {
  unreachable: 'the model server cannot be reached. Try again, or run "npm run doctor" to see what is wrong',
  timeout: 'the model took too long. Try again in a moment',
  'rate-limited': 'the model server asks us to wait. Try again in a minute',
  'server-error': 'the model server has a fault of its own. Try again in a moment',
  rejected: 'the model server does not accept our request. "npm run doctor" says what to set right',
  refused: 'the model declined to answer this. Put it another way and try again',
  empty: 'the model sent nothing. Try again',
  malformed: 'the model sent something that cannot be used. Try again',
  aborted: 'it was stopped',
};

/** Why a model's work failed and what to do, as the end of a sentence for a person: no names, codes or details. */
export function failureWords(error: ModelError): string {
  return WORDS[error.kind];
}

const FALL_WORDS: Readonly<Record<ModelFailureKind, string>> = {
  unreachable: 'its server cannot be reached',
  timeout: 'it takes too long',
  'rate-limited': 'its server asks us to wait',
  'server-error': 'its server has a fault',
  rejected: 'its server does not accept our request ("npm run doctor" says why)',
  refused: 'it declines to answer',
  empty: 'it sends nothing',
  malformed: 'it sends what cannot be used',
  aborted: 'it was stopped',
};

/** Why a model was passed over, as the middle of a sentence for the GMs. */
export function fallWords(kind: ModelFailureKind): string {
  return FALL_WORDS[kind];
}

/** What a person is told of a fault that is nobody's but ours. */
export const FAULT_WORDS = 'something failed here, and it is in the log';
