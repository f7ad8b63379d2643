import { Refusal } from '#src/core/errors.ts';
import { codeOf } from '#src/memory/codes.ts';
import { IMPORTANCE_OF_THE_GMS_WORD } from '#src/memory/keeping.ts';
import { defineCommand, npcOption } from './command.ts';
import { alsoText, findMemory, LONGEST_WORD_IN_CHARACTERS, memoryOption, wordOf } from './memory-words.ts';
import { good } from './notices.ts';

export const memoryEdit = defineCommand({
  name: 'memory edit',
  summary: 'Have an NPC remember something otherwise; the transcript stays as it is',
  permission: 'gm',
  answers: 'asker',
  example: '/memory edit npc:Hroon memory:the toll text:Mira never paid the toll.',
  options: {
    npc: npcOption('known', 'Whose memory'),
    memory: memoryOption,
    text: {
      kind: 'text',
      description: 'What it remembers instead',
      maxLength: LONGEST_WORD_IN_CHARACTERS,
      required: true,
    },
  },
  async run({ roster, memory, store, stage, by, callId }, { npc: typed, memory: which, text }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const held = await findMemory({ store, memory }, npc, which);
    const word = {
      ...{ id: `word:${callId}`, text, importance: IMPORTANCE_OF_THE_GMS_WORD },
      ...{ isPinned: held.isPinned, by, inPlaceOf: held.unit.id },
    };
    const told = await store.memories.tell(npc.id, word);
    if (told === undefined)
      throw new Refusal(
        `${name} does not hold that memory any more. /memory list npc:${name} shows what there is.`,
      );
    const also = await alsoText({ store, memory }, npc, held.unit.text, [held.unit.id, told.unit.id]);
    const answer = `${name} remembers it as you say now, as ${codeOf(told.unit.id)}. Before, it was: ${wordOf(held)}\nWhat was said stays in the transcript.${also}`;
    await stage.tell(good(answer), 'asker');
  },
});
