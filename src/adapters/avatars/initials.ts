/** Letters that the font has in capitals: Latin with its accents, Greek, Cyrillic; and digits. */
const DRAWABLE = /^[A-Z0-9À-ÖØ-ÞĀ-ŽΑ-ΡΣ-ΩЀ-ЯҐ]$/u;
/** Two letters are read at any size; three are not. */
const MOST_LETTERS = 2;
/** A name is read no further: long ones are pasted by mistake. */
const LONGEST_NAME_IN_CHARACTERS = 200;

/**
 * The letters that stand for a name: of its first and its last word, in capitals. None where it is written in a script
 * that cannot be drawn.
 */
export function initialsOf(name: string): readonly string[] {
  const words = name
    .slice(0, LONGEST_NAME_IN_CHARACTERS)
    .normalize('NFC')
    .split(/[\s\p{Pd}_/]+/u);
  const letters = words.map(letterOf).filter((letter) => letter !== undefined);
  const [first] = letters;
  const last = letters.at(-1);
  if (first === undefined || last === undefined) return [];
  return letters.length === 1 ? [first] : [first, last];
}

/** Whether these are initials that some name has: nothing else is ever drawn. */
export function areInitials(letters: readonly string[]): boolean {
  return (
    letters.length <= MOST_LETTERS &&
    letters.every((letter) => DRAWABLE.test(letter) && letter === letter.toUpperCase())
  );
}

function letterOf(word: string): string | undefined {
  const [first] = word.match(/[\p{L}\p{Nd}]/u) ?? [];
  if (first === undefined) return undefined;
  const [capital = ''] = first.toUpperCase();
  // A letter with marks that the font lacks is drawn without them.
  const [bare = ''] = capital.normalize('NFD');
  return [capital, bare].find((letter) => DRAWABLE.test(letter));
}
