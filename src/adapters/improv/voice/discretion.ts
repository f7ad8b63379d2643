import type { Persona } from '#src/core/persona.ts';
import { bare } from './english.ts';
import { meaning, wordsOf } from './words.ts';

/** So many words in a row are no accident, though each of them is public. */
const PHRASE_LENGTH = 3;

/**
 * What must not be said: words of an NPC's secrets that nothing public about it contains, in whatever form they stand,
 * and three or more of a secret's words in a row. Secrets are never told in this version, so a sentence with one of
 * these is not said at all, whoever used the word first.
 */
export class Discretion {
  readonly #hidden: ReadonlySet<string>;
  readonly #phrases: ReadonlySet<string>;
  readonly #stopwords: ReadonlySet<string>;

  /** @param openTies what it tells of its ties: the rest of them makes nothing public. */
  constructor(persona: Persona, openTies: readonly string[], stopwords: ReadonlySet<string>) {
    this.#stopwords = stopwords;
    const secrets = persona.secrets.map(({ text }) => text);
    const known = [
      persona.name,
      ...persona.aliases,
      persona.role,
      persona.description,
      persona.first_mes,
      ...persona.mes_example,
      ...persona.knowledge,
      ...persona.bonds.map(({ to }) => to),
      ...openTies,
    ];
    const hidden = meaning(secrets.join('\n'), stopwords);
    for (const stem of meaning(known.join('\n'), stopwords)) hidden.delete(stem);
    this.#hidden = hidden;
    const phrases = new Set(secrets.flatMap((text) => phrasesIn(text, stopwords)));
    for (const phrase of known.flatMap((text) => phrasesIn(text, stopwords))) phrases.delete(phrase);
    this.#phrases = phrases;
  }

  allows(text: string): boolean {
    for (const stem of meaning(text, this.#stopwords)) if (this.#hidden.has(stem)) return false;
    return (
      this.#phrases.size === 0 ||
      !phrasesIn(text, this.#stopwords).some((phrase) => this.#phrases.has(phrase))
    );
  }

  /** Whether a question comes near a secret. */
  touches(words: ReadonlySet<string>): boolean {
    for (const word of words) if (this.#hidden.has(word)) return true;
    return false;
  }
}

/** Runs of words of which at least one means something: "I would rather" is nobody's secret. */
function phrasesIn(text: string, stopwords: ReadonlySet<string>): string[] {
  const words = wordsOf(text).map(bare);
  return words.flatMap((_, start) => {
    const run = words.slice(start, start + PHRASE_LENGTH);
    return run.length === PHRASE_LENGTH && run.some((word) => !stopwords.has(word)) ? [run.join(' ')] : [];
  });
}
