import { Refusal } from '#src/core/errors.ts';
import { MOST_PINNED } from '#src/core/memory-store.ts';
import { defineCommand, npcOption } from './command.ts';
import { findMemory, memoryOption, saidText } from './memory-words.ts';
import { good } from './notices.ts';

const MOST_OF_A_TEXT_IN_CHARACTERS = 120;

export const memoryPin = defineCommand({
  name: 'memory pin',
  summary: 'Have an NPC never lose a memory by itself',
  permission: 'gm',
  answers: 'asker',
  example: '/memory pin npc:Hroon memory:the toll of the bridge',
  options: {
    npc: npcOption('known', 'Whose memory'),
    memory: memoryOption,
    pinned: { kind: 'flag', description: 'false takes the pin out again', required: false },
  },
  async run({ roster, memory, store, stage }, { npc: typed, memory: which, pinned = true }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const held = await findMemory({ store, memory }, npc, which);
    const done = await store.memories.pin(npc.id, held.unit.id, pinned);
    if (done === false) throw new Refusal(`${name} does not hold that memory any more.`);
    if (done === 'full')
      throw new Refusal(
        `${name} has ${MOST_PINNED} pinned memories. Unpin one first: /memory pin with pinned:false.`,
      );
    const said = saidText(held, MOST_OF_A_TEXT_IN_CHARACTERS);
    const what = pinned ? 'never loses this by itself' : 'may lose this again when it is old';
    await stage.tell(good(`${name} ${what}: ${said}`), 'asker');
  },
});
