import { PERSONA_FIELDS, type PersonaField } from '#src/core/persona.ts';

/** What people call a field, as the cards do; the sheet's own names (from Character Card V3) are understood too. */
const WORDS = {
  name: 'name',
  aliases: 'aliases',
  pronouns: 'pronouns',
  role: 'role',
  looks: 'description',
  personality: 'personality',
  voice: 'voice',
  lines: 'mes_example',
  greeting: 'first_mes',
  goals: 'goals',
  fears: 'fears',
  bonds: 'bonds',
  knowledge: 'knowledge',
  secrets: 'secrets',
  talkativeness: 'talkativeness',
  stats: 'stat_block',
} as const satisfies Readonly<Record<string, PersonaField>>;

const ALL_WORDS: ReadonlyMap<string, PersonaField> = new Map([
  ...Object.entries(WORDS),
  ...PERSONA_FIELDS.map((field) => [field, field] as const),
]);

/** The words to show, in the order of a sheet. */
export const FIELD_WORDS: readonly string[] = Object.keys(WORDS);

/** All words that are understood, those to show first. */
export const UNDERSTOOD_FIELD_WORDS: readonly string[] = [...ALL_WORDS.keys()];

/** The field that a word means, if any. */
export function fieldOfWord(word: string): PersonaField | undefined {
  return ALL_WORDS.get(word.trim().toLowerCase());
}

/** What a field is called. */
export function wordOfField(field: PersonaField): string {
  return FIELD_WORDS.find((word) => ALL_WORDS.get(word) === field) ?? field;
}
