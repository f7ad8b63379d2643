/**
 * What the platform answered to a post or an edit, as far as pacing has to know it. An adapter makes these from its
 * library's errors. A `Refusal` (core/errors.ts) says that we may not, and trying again is of no use; everything else
 * may pass by itself.
 */

/** Too many requests: nothing was posted or changed. */
export class RateLimited extends Error {
  override readonly name = 'RateLimited';
  readonly retryAfterInMs: number;
  /** Everything has to wait, not only this channel. */
  readonly isGlobal: boolean;

  constructor(retryAfterInMs: number, options: { readonly isGlobal: boolean }) {
    super(`The platform wants no more requests for ${retryAfterInMs} ms.`);
    this.retryAfterInMs = retryAfterInMs;
    this.isGlobal = options.isGlobal;
  }
}

/** The message to edit is gone, or its channel is: somebody deleted it. */
export class MessageGone extends Error {
  override readonly name = 'MessageGone';

  constructor() {
    super('The message is gone.');
  }
}
