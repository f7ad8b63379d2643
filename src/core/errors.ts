import type { Action } from './view.ts';

/**
 * Bad input, or a thing that cannot be done as asked. The message is for the person: what happened, why, and what to
 * do instead. It is not logged as a fault.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** What to do instead, to press. */
  readonly actions: readonly Action[];

  constructor(message: string, options: ErrorOptions & { readonly actions?: readonly Action[] } = {}) {
    super(message, options);
    this.actions = options.actions ?? [];
  }
}

/** A platform cannot be joined for a reason that passes: no network, or trouble of its own. Trying again may do. */
export class PlatformAway extends Refusal {}

/** What was for one person alone cannot be shown to them alone any more: it was shown to nobody. */
export class AskerUnreachable extends Error {
  override readonly name = 'AskerUnreachable';
}

export type ModelFailureKind =
  | 'unreachable'
  | 'timeout'
  | 'rate-limited'
  | 'server-error'
  /** The server will not take this request: bad key, unknown model, too long. */
  | 'rejected'
  /** The model declined to answer, or a content filter stopped it. */
  | 'refused'
  | 'empty'
  /** What came was not of the form asked for, also after repair. */
  | 'malformed'
  | 'aborted';

/** A language model failed. `kind` is decided where the status is known; nobody reads the message to find out. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelFailureKind;
  readonly model: string;

  /** @param detail technical cause without message text, keys or prompts: it goes to the log. */
  constructor(kind: ModelFailureKind, model: string, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.kind = kind;
    this.model = model;
  }
}
