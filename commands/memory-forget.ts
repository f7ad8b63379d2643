import { Refusal } from '#src/core/errors.ts';
import { defineCommand, npcOption } from './command.ts';
import { alsoText, findMemory, memoryOption, saidText, wordOf } from './memory-words.ts';
import { good } from './notices.ts';

const MOST_OF_A_TEXT_IN_CHARACTERS = 120;

export const memoryForget = defineCommand({
  name: 'memory forget',
  summary: 'Have an NPC forget something; the transcript stays as it is',
  permission: 'gm',
  answers: 'asker',
  example: '/memory forget npc:Hroon memory:the toll of the bridge',
  options: { npc: npcOption('known', 'Who forgets it'), memory: memoryOption },
  async run({ roster, memory, store, stage }, { npc: typed, memory: which }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const held = await findMemory({ store, memory }, npc, which);
    if (!(await store.memories.forget(npc.id, held.unit.id)))
      throw new Refusal(`${name} does not hold that memory any more.`);
    const said = saidText(held, MOST_OF_A_TEXT_IN_CHARACTERS);
    const also = await alsoText({ store, memory }, npc, held.unit.text, [held.unit.id]);
    const answer = `${name} has forgotten this: ${said} Others remember it as before.${also}\nTo put it back: /memory add npc:${name} text:${wordOf(held)}`;
    await stage.tell(good(answer), 'asker');
  },
});
