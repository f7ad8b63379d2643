import { Refusal } from '#src/core/errors.ts';
import { codeOf } from '#src/memory/codes.ts';
import { sameWordHeld } from '#src/memory/held-words.ts';
import { IMPORTANCE_OF_THE_GMS_WORD } from '#src/memory/keeping.ts';
import { readWorldTime } from '#src/memory/world-time-syntax.ts';
import { keptTime, MAX_TIME_IN_CHARACTERS } from './campaign-time.ts';
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
    when: {
      kind: 'text',
      description: 'In-world time of it, where that is kept: day 2, evening',
      maxLength: MAX_TIME_IN_CHARACTERS,
      required: false,
    },
  },
  async run({ roster, store, stage, by, callId }, { npc: typed, text, pinned = false, when }) {
    const npc = await roster.find(store, typed);
    const id = `word:${callId}`;
    const same = await sameWordHeld(store, npc.id, text);
    if (same !== undefined && same.unit.id !== id)
      throw new Refusal(`${npc.persona.name} remembers that already, as ${codeOf(same.unit.id)}.`);
    const worldMinute =
      when === undefined ? undefined : readWorldTime(when, keptTime((await store.time.now()).worldMinute));
    const word = {
      id,
      text,
      importance: IMPORTANCE_OF_THE_GMS_WORD,
      isPinned: false,
      by,
      inPlaceOf: undefined,
      worldMinute,
    };
    await store.memories.tell(npc.id, word);
    const isFull = pinned && (await store.memories.pin(npc.id, id, true)) === 'full';
    const pins = isFull ? ' It could not be pinned: too many are.' : pinned ? ' It is pinned.' : '';
    await stage.tell(good(`${npc.persona.name} remembers that now, as ${codeOf(id)}.${pins}`), 'asker');
  },
});
