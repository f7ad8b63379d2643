import { EDITABLE_FIELDS, type EditableField, PERSONA_FIELDS, type PersonaField } from '#src/core/persona.ts';

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
  avatar: 'avatar',
} as const satisfies Readonly<Record<string, EditableField>>;

const ALL_WORDS: ReadonlyMap<string, EditableField> = new Map([
  ...Object.entries(WORDS),
  ...EDITABLE_FIELDS.map((field) => [field, field] as const),
]);

/** The words to show, in the order of a sheet. */
export const FIELD_WORDS: readonly string[] = Object.keys(WORDS);

/** Whether a field can be locked against a reroll: others no draft ever fills. */
export function isLockable(field: EditableField): field is PersonaField {
  const lockable: readonly EditableField[] = PERSONA_FIELDS;
  return lockable.includes(field);
}

/** All words that are understood, those to show first. */
export const UNDERSTOOD_FIELD_WORDS: readonly string[] = [...ALL_WORDS.keys()];

/** The field that a word means, if any. */
export function fieldOfWord(word: string): EditableField | undefined {
  return ALL_WORDS.get(word.trim().toLowerCase());
}

/** What a field is called. */
export function wordOfField(field: EditableField): string {
  return FIELD_WORDS.find((word) => ALL_WORDS.get(word) === field) ?? field;
}
