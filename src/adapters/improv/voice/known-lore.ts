import type { KnownLore } from '#src/core/model.ts';
import { sentences } from './english.ts';
import { hasVerb, statements } from './statements.ts';

const MOST_STATEMENTS = 6;
/** What is longer is a paragraph, and sounds read out. */
const LONGEST_IN_CHARACTERS = 200;
/** A document that speaks of itself is not the NPC speaking. */
const SPEAKS_OF_ITSELF = /\b(?:I|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|us|[Oo]urs?|[Oo]urselves)\b/u;

/** What is written of the world, as it can be told: each part stands for itself, the most fitting first. */
export function loreStatements(lore: readonly KnownLore[]): readonly string[] {
  return lore
    .flatMap(({ text }) => statements(text, LONGEST_IN_CHARACTERS))
    .filter((statement) => !SPEAKS_OF_ITSELF.test(statement) && hasVerb(sentences(statement)[0] ?? ''))
    .slice(0, MOST_STATEMENTS);
}
