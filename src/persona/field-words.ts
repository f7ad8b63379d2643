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

/** What is changed most often first. */
export const FIELDS_BY_WEIGHT: readonly EditableField[] = [
  'role',
  'description',
  'personality',
  'voice',
  'goals',
  'fears',
  'secrets',
  'bonds',
  'knowledge',
  'first_mes',
  'mes_example',
  'name',
  'aliases',
  'pronouns',
  'talkativeness',
  'stat_block',
  'avatar',
];

/** How a field is written into a form, in at most 100 characters, which is what Discord shows. */
export function howToWrite(field: EditableField): string {
  switch (field) {
    case 'aliases':
    case 'mes_example':
    case 'goals':
    case 'fears':
    case 'knowledge':
      return 'One per line, or set apart by semicolons. +one more adds, -2 takes out.';
    case 'bonds':
      return 'One per line: Name: what they are to this NPC, like Mara: older sister';
    case 'secrets':
      return 'One per line: what it is | until when it is held back, like I took it | shown the ring';
    case 'talkativeness':
      return 'A number from 0 (speaks when spoken to) to 1 (answers everything), like 0.4';
    case 'stat_block':
      return 'Like str=16 ac=14; none takes the stat block away';
    case 'avatar':
      return 'The https address of a picture; none takes it away';
    default:
      return 'In your words; it takes the place of what is there';
  }
}

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

/** The words that stand for many of a thing. */
const PLURALS: ReadonlySet<EditableField> = new Set<EditableField>([
  'aliases',
  'pronouns',
  'description',
  'mes_example',
  'goals',
  'fears',
  'bonds',
  'secrets',
  'stat_block',
]);

/** "is" or "are", as it agrees with the words of the fields. */
export function areOf(fields: readonly EditableField[]): 'is' | 'are' {
  return fields.length > 1 || fields.some((field) => PLURALS.has(field)) ? 'are' : 'is';
}

/** "voice, goals and fears". */
export function fieldsInWords(fields: readonly EditableField[]): string {
  const words = fields.map(wordOfField);
  const all = [words.slice(0, -1).join(', '), ...words.slice(-1)];
  return all.filter((part) => part !== '').join(' and ');
}

/** What a field is called. */
export function wordOfField(field: EditableField): string {
  return FIELD_WORDS.find((word) => ALL_WORDS.get(word) === field) ?? field;
}
