import type { Persona } from '#src/core/persona.ts';
import { meaning } from './words.ts';

/**
 * What must not be said: the words of an NPC's secrets that nothing public about it contains. Secrets are never told
 * in this version, so a sentence with one of these words is not said at all, whoever used the word first.
 */
export class Discretion {
  readonly #hidden: ReadonlySet<string>;
  readonly #stopwords: ReadonlySet<string>;

  constructor(persona: Persona, stopwords: ReadonlySet<string>) {
    this.#stopwords = stopwords;
    const hidden = meaning(persona.secrets.map(({ text }) => text).join('\n'), stopwords);
    const known = [
      persona.name,
      ...persona.aliases,
      persona.role,
      persona.description,
      persona.first_mes,
      ...persona.mes_example,
      ...persona.knowledge,
      ...persona.bonds.flatMap(({ to, tie }) => [to, tie]),
    ].join('\n');
    for (const stem of meaning(known, stopwords)) hidden.delete(stem);
    this.#hidden = hidden;
  }

  allows(text: string): boolean {
    if (this.#hidden.size === 0) return true;
    for (const stem of meaning(text, this.#stopwords)) if (this.#hidden.has(stem)) return false;
    return true;
  }

  /** Whether a question comes near a secret. */
  touches(words: ReadonlySet<string>): boolean {
    for (const word of words) if (this.#hidden.has(word)) return true;
    return false;
  }
}
