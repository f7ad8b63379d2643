/** Runs of white space, and white space other than a blank: a single blank may stay. */
const OTHER_THAN_A_BLANK = /[\s\u0085]{2,}|[^\S ]|\u0085/gu;

/** A text on one line: nobody can type a line of the prompt. */
export function oneLine(text: string): string {
  return text.replace(OTHER_THAN_A_BLANK, ' ').trim();
}
