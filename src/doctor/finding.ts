/** One thing that was looked at. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'problem';
  /** "Model server", "Redis". */
  readonly subject: string;
  /** What was found, continuing "SUBJECT: …", without a full stop. */
  readonly what: string;
  /** What to do about it, a sentence without a full stop. */
  readonly remedy?: string;
}

/** Of a platform that is away, what to do about it: a bot that runs needs nothing else. */
export function untilItIsBack(remedy: string): string {
  return `${remedy}. A bot that runs goes on trying by itself`;
}
