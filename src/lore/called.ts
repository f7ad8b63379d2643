import type { LorePassage } from '#src/core/lore.ts';

/** Text as keys are looked for in it: letters and digits in lower case, one space around each word. */
function spaced(text: string): string {
  return ` ${text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()} `;
}

interface Keyed {
  readonly passage: LorePassage;
  readonly keys: readonly string[];
  readonly secondaryKeys: readonly string[];
}

/** The keyed passages of some documents: each comes up when one of its words is said, as a whole word, in any case. */
export class CalledPassages {
  readonly #keyed: readonly Keyed[];

  constructor(passages: readonly LorePassage[]) {
    this.#keyed = passages
      .filter(({ keys }) => keys.length > 0)
      .map((passage) => ({
        passage,
        keys: passage.keys.map(spaced),
        secondaryKeys: passage.secondaryKeys.map(spaced),
      }));
  }

  /** Those that a text calls, in the order of their documents, each with the key that called it. */
  in(text: string): readonly { readonly passage: LorePassage; readonly key: string }[] {
    if (this.#keyed.length === 0) return [];
    const said = spaced(text);
    const words = new Set(said.trim().split(' '));
    // Most keys are ruled out by their first word, without a search through the text.
    const isSaid = (key: string) =>
      words.has(key.slice(1, key.indexOf(' ', 1))) && said.includes(key) && key !== '  ';
    return this.#keyed.flatMap(({ passage, keys, secondaryKeys }) => {
      const at = keys.findIndex(isSaid);
      if (at < 0 || (secondaryKeys.length > 0 && !secondaryKeys.some(isSaid))) return [];
      return [{ passage, key: passage.keys[at] ?? '' }];
    });
  }
}
