import { Refusal } from '#src/core/errors.ts';
import { nearestName } from '#src/core/names.ts';
import { PERSONA_FIELDS, type PersonaField } from '#src/core/persona.ts';
import { defineCommand, npcOption } from './command.ts';
import { good } from './notices.ts';

export const npcLock = defineCommand({
  name: 'npc lock',
  summary: 'Lock fields of an NPC against rerolls',
  permission: 'gm',
  example: '/npc lock Tilda Marsh fields:voice, goals',
  options: {
    npc: npcOption('known', 'The NPC'),
    fields: {
      kind: 'text',
      description: 'All that shall be locked, by commas; none unlocks',
      maxLength: 300,
      required: true,
    },
  },
  async run({ roster, store, stage }, { npc: typed, fields }) {
    const npc = await roster.find(store, typed);
    const locks = readFields(fields);
    await store.npcs.setLocks(npc.id, locks);
    const text = locks.length === 0 ? 'Nothing is locked' : `Locked: ${locks.join(', ')}`;
    await stage.tell(good(`${npc.persona.name}: ${text}.`), 'asker');
  },
});

function readFields(text: string): readonly PersonaField[] {
  if (text.toLowerCase() === 'none') return [];
  const typed = text.split(/[,\s]+/u).filter((word) => word !== '');
  return [...new Set(typed.map(readField))];
}

function readField(typed: string): PersonaField {
  const field = PERSONA_FIELDS.find((candidate) => candidate === typed.toLowerCase());
  if (field !== undefined) return field;
  const nearest = nearestName(typed, PERSONA_FIELDS);
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new Refusal(
    `A sheet has no field “${typed}”.${meant} Fields are ${PERSONA_FIELDS.join(', ')}; or none.`,
  );
}
