import type { Persona } from '#src/core/persona.ts';
import { bare, sentences } from './english.ts';
import { coverage, meaning, wordsOf } from './words.ts';

/** So many words in a row are no accident, though each of them is public. */
const PHRASE_LENGTH = 3;
/** What gives away so much of the hidden words of one of a secret's sentences repeats it, 0 to 1. */
const REPEATED = 0.5;
/** One word alone, a name mostly, repeats nothing. */
const REPEATED_IN_WORDS = 2;

/**
 * What must not be said: words of an NPC's secrets that nothing public about it contains, in whatever form they stand,
 * and three or more of a secret's words in a row. Secrets are never told in this version, so a sentence with one of
 * these is not said at all, whoever used the word first. Only what the game master gave it to tell, the word of the
 * game master and lore, makes its own words public, as long as that does not repeat a secret.
 */
export class Discretion {
  readonly #hidden: ReadonlySet<string>;
  readonly #phrases: ReadonlySet<string>;
  readonly #stopwords: ReadonlySet<string>;

  /**
   * @param openTies what it tells of its ties: the rest of them makes nothing public.
   * @param given what the game master gave it to tell, text by text.
   */
  constructor(
    persona: Persona,
    openTies: readonly string[],
    given: readonly string[],
    stopwords: ReadonlySet<string>,
  ) {
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
    const phrases = new Set(secrets.flatMap((text) => phrasesIn(text, stopwords)));
    for (const phrase of known.flatMap((text) => phrasesIn(text, stopwords))) phrases.delete(phrase);
    this.#phrases = phrases;
    const secretly = secrets.flatMap(sentences).map((text) => shared(meaning(text, stopwords), hidden));
    const open = new Set<string>();
    for (const text of given) {
      if (phrasesIn(text, stopwords).some((phrase) => phrases.has(phrase))) continue;
      const opened = new Set([...open, ...meaning(text, stopwords)]);
      // Two texts that are harmless by themselves may tell it together.
      if (secretly.some((stems) => repeats(opened, stems))) continue;
      for (const stem of opened) open.add(stem);
    }
    for (const stem of open) hidden.delete(stem);
    this.#hidden = hidden;
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

/** Whether so many of the hidden words are open that the rest can be guessed. */
function repeats(opened: ReadonlySet<string>, secret: ReadonlySet<string>): boolean {
  return shared(secret, opened).size >= REPEATED_IN_WORDS && coverage(secret, opened) >= REPEATED;
}

function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((item) => other.has(item)));
}

/** Runs of words of which at least one means something: "I would rather" is nobody's secret. */
function phrasesIn(text: string, stopwords: ReadonlySet<string>): string[] {
  const words = wordsOf(text).map(bare);
  return words.flatMap((_, start) => {
    const run = words.slice(start, start + PHRASE_LENGTH);
    return run.length === PHRASE_LENGTH && run.some((word) => !stopwords.has(word)) ? [run.join(' ')] : [];
  });
}
