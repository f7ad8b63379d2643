import { codeOf } from '#src/memory/codes.ts';
import { IMPORTANCE_OF_THE_GMS_WORD } from '#src/memory/keeping.ts';
import { defineCommand, npcOption } from './command.ts';
import { LONGEST_WORD_IN_CHARACTERS } from './memory-words.ts';
import { good } from './notices.ts';

export const memoryAdd = defineCommand({
  name: 'memory add',
  summary: 'Have an NPC remember something, by your word',
  permission: 'gm',
  answers: 'asker',
  example: '/memory add npc:Hroon text:Mira paid the toll for all of us last winter.',
  options: {
    npc: npcOption('known', 'Who remembers it'),
    text: {
      kind: 'text',
      description: 'What it remembers, in plain words',
      maxLength: LONGEST_WORD_IN_CHARACTERS,
      required: true,
    },
    pinned: { kind: 'flag', description: 'Pin it: /memory list shows it as such', required: false },
  },
  async run({ roster, store, stage, by, callId }, { npc: typed, text, pinned = false }) {
    const npc = await roster.find(store, typed);
    const id = `word:${callId}`;
    const word = {
      id,
      text,
      importance: IMPORTANCE_OF_THE_GMS_WORD,
      isPinned: false,
      by,
      inPlaceOf: undefined,
    };
    await store.memories.tell(npc.id, word);
    const isFull = pinned && (await store.memories.pin(npc.id, id, true)) === 'full';
    const pins = isFull ? ' It could not be pinned: too many are.' : pinned ? ' It is pinned.' : '';
    await stage.tell(good(`${npc.persona.name} remembers that now, as ${codeOf(id)}.${pins}`), 'asker');
  },
});
