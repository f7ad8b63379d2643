/**
 * Characters that act on a screen instead of being read: C0 but the newline, DEL and C1, soft hyphen, zero-width (save
 * the joiners that emoji and some scripts need) and bidirectional marks, line and paragraph separators, byte order
 * mark, tags. A tab is for the caller to turn into a space first.
 */
const ACTING_CHARACTERS =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/gu;

/**
 * Terminal escapes with what belongs to them: a colour or a movement, a title or a link, or two characters. Linear in
 * the text, unlike `util.stripVTControlCharacters`, which takes seconds for a model's answer full of openings.
 */
const TERMINAL_ESCAPES =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?|(?:\u001B\]|\u009D)(?:[^\u0007\u001B\u009C\u009D\n]*(?:\u0007|\u001B\\|\u009C))?|\u001B[ -/]*[0-~]?/gu;

/** Text that only reads: tabs become spaces, line ends newlines, and what would act on a screen is gone. */
export function withoutActingCharacters(text: string): string {
  return text
    .replace(TERMINAL_ESCAPES, '')
    .replace(/\r\n?/gu, '\n')
    .replace(/\t/gu, ' ')
    .replace(ACTING_CHARACTERS, '');
}

/** Runs of white space, and white space other than a blank: a single blank may stay. */
const OTHER_THAN_A_BLANK = /[\s\u0085]{2,}|[^\S ]|\u0085/gu;

/** A text on one line: nobody can type a line of their own into what it stands in. */
export function oneLine(text: string): string {
  return text.replace(OTHER_THAN_A_BLANK, ' ').trim();
}

/** A source of a regular expression that stands for this text and nothing else, outside of character classes. */
export function asPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
}

/** A name, a label: text that only reads, on one line. */
export function plainLine(text: string): string {
  return oneLine(withoutActingCharacters(text));
}

/** Cuts at a word so that no more than `maxCharacters` stand, with an ellipsis where something was cut. */
export function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const cut = text.slice(0, maxCharacters - 1);
  const space = cut.lastIndexOf(' ');
  // A surrogate pair is never cut in two.
  const whole = (space > maxCharacters / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/u, '');
  return `${whole.trimEnd()}…`;
}
