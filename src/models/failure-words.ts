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
