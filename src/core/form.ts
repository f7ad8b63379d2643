import type { OptionSpec } from './command.ts';

/** What Discord shows in one form. */
export const MAX_FORM_FIELDS = 5;

/** A form to fill in: sent back as its command with `options` and what was typed. */
export interface FormView {
  readonly title: string;
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
  /** At most `MAX_FORM_FIELDS`. */
  readonly fields: readonly FormField[];
}

export interface FormField {
  /** The option it fills. */
  readonly option: string;
  readonly label: string;
  readonly spec: OptionSpec;
  /** What stands there before the person types; may be empty. A file is never there before. */
  readonly value: string;
}
