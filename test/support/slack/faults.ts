import type { ViolationKind } from './journal.ts';

/** Slack's answer `{ok: false, error}`. */
export class SlackFault extends Error {
  override readonly name = 'SlackFault';
  readonly code: string;
  /** What it is a breach of; undefined where it is the world's doing: a channel that is gone. */
  readonly kind: ViolationKind | undefined;
  readonly extras: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    options: {
      readonly kind?: ViolationKind;
      readonly detail?: string;
      readonly extras?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(options.detail ?? code);
    this.code = code;
    this.kind = options.kind;
    this.extras = options.extras ?? {};
  }
}

/** Blocks or a view that Slack refuses; `at` is a JSON pointer. */
export class BlockFault extends Error {
  override readonly name = 'BlockFault';
  readonly kind: 'shape' | 'limit';

  constructor(at: string, what: string, kind: 'shape' | 'limit' = 'shape') {
    super(`${what} [json-pointer:${at}]`);
    this.kind = kind;
  }
}
