/** What a player typed, apart: what is said in the world, and what is said at the table. */
export interface SplitText {
  /** Empty where the whole was out of character. */
  readonly speech: string;
  /** Without the marks. */
  readonly asides: readonly string[];
}

/**
 * Splits `((…))` and `// …` from speech. `//` counts at the start of a line only, so that addresses are left alone; an
 * opening `((` without its end runs to the end of the text: what somebody meant to keep from the model is kept.
 */
export function splitOutOfCharacter(text: string): SplitText {
  const asides: string[] = [];
  const keep = (aside: string): string => {
    if (aside.trim() !== '') asides.push(aside.trim());
    return ' ';
  };
  const speech = text
    .replace(/\(\(([\s\S]*?)(?:\)\)|$)/gu, (_, aside: string) => keep(aside))
    .replace(/^[^\S\n]*\/\/(.*)$/gmu, (_, aside: string) => keep(aside))
    .replace(/[^\S\n]+/gu, ' ')
    .trim();
  return { speech, asides };
}
