/** What a player typed, apart: what is said in the world, and what is said at the table. */
export interface SplitText {
  /** Empty where the whole was out of character. */
  readonly speech: string;
  /** Without the marks. */
  readonly asides: readonly string[];
}

/**
 * Splits `((…))` and `// …` from speech. Parentheses inside an aside are its own; one that is never closed runs to the
 * end of the text: what somebody meant to keep from the model is kept. `//` counts at the start of a line only, so that
 * addresses are left alone.
 */
export function splitOutOfCharacter(text: string): SplitText {
  const asides: string[] = [];
  const keep = (aside: string): void => {
    if (aside.trim() !== '') asides.push(aside.trim());
  };
  let speech = '';
  let at = 0;
  for (let start = text.indexOf('((', at); start !== -1; start = text.indexOf('((', at)) {
    const end = endOfAside(text, start + 2);
    speech += `${text.slice(at, start)} `;
    keep(text.slice(start + 2, end));
    at = end + 2;
  }
  speech = (speech + text.slice(at))
    .replace(/^[^\S\n]*\/\/(.*)$/gmu, (_, aside: string) => {
      keep(aside);
      return ' ';
    })
    .replace(/[^\S\n]+/gu, ' ')
    .trim();
  return { speech, asides };
}

/** Where the `))` stands that closes an aside whose text begins at `from`; the end of the text where none does. */
function endOfAside(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '(') depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (text.startsWith('))', at)) return at;
  }
  return text.length;
}
