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
