import { Refusal } from '#src/core/errors.ts';
import { nearestName } from '#src/core/names.ts';
import type { PersonaField } from '#src/core/persona.ts';
import { type Action, notice } from '#src/core/view.ts';
import {
  areOf,
  FIELD_WORDS,
  fieldOfWord,
  fieldsInWords,
  isLockable,
  wordOfField,
} from '#src/persona/field-words.ts';
import { defineCommand, npcOption } from './command.ts';

export const npcLock = defineCommand({
  name: 'npc lock',
  summary: 'Lock fields of an NPC against rerolls',
  permission: 'gm',
  answers: 'asker',
  example: '/npc lock Tilda Marsh fields:voice, goals',
  options: {
    npc: npcOption('known', 'The NPC'),
    fields: {
      kind: 'text',
      description: 'Those to lock, by commas; +voice adds, -voice unlocks, none unlocks all',
      maxLength: 300,
      required: false,
    },
  },
  async run({ roster, store, stage }, { npc: typed, fields }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const now = fields === undefined ? npc : await store.npcs.setLocks(npc.id, readFields(fields, npc.locks));
    if (now === undefined) throw new Refusal(`${name} was discarded meanwhile: nothing was locked.`);
    const tone = fields === undefined ? 'plain' : 'good';
    await stage.tell(
      { ...notice(tone, locksText(name, now.locks)), actions: toggles(name, now.locks) },
      'asker',
    );
  },
});

/** Those that a reroll would change, in the order of a sheet. */
const LOCKABLE = FIELD_WORDS.flatMap((word) => {
  const field = fieldOfWord(word);
  return field !== undefined && isLockable(field) ? [field] : [];
});

function locksText(name: string, locks: readonly PersonaField[]): string {
  return locks.length === 0
    ? `Nothing of ${name} is locked: a reroll may change everything.`
    : `The ${fieldsInWords(locks)} of ${name} ${areOf(locks)} locked: a reroll leaves that alone.`;
}

/** Each field to lock, or to unlock where it is locked; shown anew where it was pressed. */
function toggles(name: string, locks: readonly PersonaField[]): readonly Action[] {
  return LOCKABLE.map((field) => {
    const isLocked = locks.includes(field);
    const word = wordOfField(field);
    return {
      label: `${isLocked ? 'Unlock' : 'Lock'} ${word}`,
      command: 'npc lock',
      options: { npc: name, fields: `${isLocked ? '-' : '+'}${word}` },
      isInPlace: true,
    };
  });
}

/** @param locks what is locked already: `+` and `-` change it, anything else stands in its place. */
function readFields(text: string, locks: readonly PersonaField[]): readonly PersonaField[] {
  if (text.toLowerCase() === 'none') return [];
  const sign = /^[+-]/u.exec(text)?.[0];
  const typed = text.split(/[,\s+-]+/u).filter((word) => word !== '');
  const fields = typed.map(readField);
  if (sign === '-') return locks.filter((field) => !fields.includes(field));
  return [...new Set([...(sign === '+' ? locks : []), ...fields])];
}

function readField(typed: string): PersonaField {
  const field = fieldOfWord(typed);
  if (field !== undefined && isLockable(field)) return field;
  const words = LOCKABLE.map(wordOfField);
  const nearest = nearestName(typed, words);
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new Refusal(`There is no field “${typed}” to lock.${meant} Fields are ${words.join(', ')}; or none.`);
}
