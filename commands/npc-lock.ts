import { Refusal } from '#src/core/errors.ts';
import { nearestName } from '#src/core/names.ts';
import type { PersonaField } from '#src/core/persona.ts';
import { notice } from '#src/core/view.ts';
import { FIELD_WORDS, fieldOfWord, isLockable, wordOfField } from '#src/persona/field-words.ts';
import { defineCommand, npcOption } from './command.ts';
import { good } from './notices.ts';

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
      description: 'All that shall be locked, by commas; none unlocks; without it you see what is locked',
      maxLength: 300,
      required: false,
    },
  },
  async run({ roster, store, stage }, { npc: typed, fields }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    if (fields === undefined) {
      const example = `For example: /npc lock ${name} fields:voice, goals. Fields are ${LOCKABLE_WORDS.join(', ')}; none unlocks.`;
      await stage.tell(notice('plain', locksText(name, npc.locks), example), 'asker');
      return;
    }
    const locked = await store.npcs.setLocks(npc.id, readFields(fields));
    if (locked === undefined) throw new Refusal(`${name} was discarded meanwhile: nothing was locked.`);
    await stage.tell(good(locksText(name, locked.locks)), 'asker');
  },
});

/** Those that a reroll would change. */
const LOCKABLE_WORDS = FIELD_WORDS.filter((word) => {
  const field = fieldOfWord(word);
  return field !== undefined && isLockable(field);
});

function locksText(name: string, locks: readonly PersonaField[]): string {
  return `${name}: ${locks.length === 0 ? 'Nothing is locked' : `Locked: ${locks.map(wordOfField).join(', ')}`}.`;
}

function readFields(text: string): readonly PersonaField[] {
  if (text.toLowerCase() === 'none') return [];
  const typed = text.split(/[,\s]+/u).filter((word) => word !== '');
  return [...new Set(typed.map(readField))];
}

function readField(typed: string): PersonaField {
  const field = fieldOfWord(typed);
  if (field !== undefined && isLockable(field)) return field;
  const nearest = nearestName(typed, LOCKABLE_WORDS);
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new Refusal(
    `There is no field “${typed}” to lock.${meant} Fields are ${LOCKABLE_WORDS.join(', ')}; or none.`,
  );
}
