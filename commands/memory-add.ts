import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { codeOf } from '#src/memory/codes.ts';
import { sameWordHeld } from '#src/memory/held-words.ts';
import { IMPORTANCE_OF_THE_GMS_WORD } from '#src/memory/keeping.ts';
import { readWorldTime } from '#src/memory/world-time-syntax.ts';
import { keptTime, MAX_TIME_IN_CHARACTERS } from './campaign-time.ts';
import { defineCommand, npcsOption } from './command.ts';
import { LONGEST_WORD_IN_CHARACTERS } from './memory-words.ts';
import { good } from './notices.ts';
import { listed, npcsNamed, ofThem } from './several.ts';

export const memoryAdd = defineCommand({
  name: 'memory add',
  summary: 'Have an NPC, or several, remember something, by your word',
  permission: 'gm',
  answers: 'asker',
  example: '/memory add npc:Hroon text:Mira paid the toll for all of us last winter.',
  options: {
    npc: npcsOption('known', 'by name', 'Who remembers it, with commas between several'),
    text: {
      kind: 'text',
      description: 'What it remembers, in plain words',
      maxLength: LONGEST_WORD_IN_CHARACTERS,
      required: true,
    },
    pinned: { kind: 'flag', description: 'Pin it: /memory list shows it as such', required: false },
    when: {
      kind: 'text',
      description: 'In-world time of it, where that is kept: day 2, evening; last night; 3 days ago',
      maxLength: MAX_TIME_IN_CHARACTERS,
      required: false,
    },
  },
  async run(context, { npc: typed, text, pinned = false, when }) {
    const { store, stage, by, callId } = context;
    const npcs = await npcsNamed(context, typed);
    const worldMinute =
      when === undefined ? undefined : readWorldTime(when, keptTime((await store.time.now()).worldMinute));
    const [told, before, unpinned]: [Told[], Told[], Npc[]] = [[], [], []];
    for (const npc of npcs) {
      // One that is told again under the same id is told once.
      const id = npcs.length === 1 ? `word:${callId}` : `word:${callId}/${npc.id}`;
      const same = await sameWordHeld(store, npc.id, text);
      if (same !== undefined && same.unit.id !== id) {
        before.push({ npc, code: codeOf(same.unit.id) });
        continue;
      }
      const importance = IMPORTANCE_OF_THE_GMS_WORD;
      const word = { id, text, importance, isPinned: false, by, inPlaceOf: undefined, worldMinute };
      await store.memories.tell(npc.id, word);
      if (pinned && (await store.memories.pin(npc.id, id, true)) === 'full') unpinned.push(npc);
      told.push({ npc, code: codeOf(id) });
    }
    const already = before.length === 0 ? '' : ` ${remember(before)} that already, as ${codesOf(before)}.`;
    if (told.length === 0) throw new Refusal(already.trim());
    const answer = `${remember(told)} that now, as ${codesOf(told)}.${already}`;
    await stage.tell(good(pinned ? `${answer} ${pinText(unpinned, told)}` : answer), 'asker');
  },
});

interface Told {
  readonly npc: Npc;
  /** Of the memory. */
  readonly code: string;
}

function remember(told: readonly Told[]): string {
  return ofThem(
    told.map(({ npc }) => npc),
    'remembers',
    'remember',
  );
}

function codesOf(told: readonly Told[]): string {
  return listed(told.map(({ code }) => code));
}

/** Whether it could be pinned for those who were told. */
function pinText(unpinned: readonly Npc[], told: readonly Told[]): string {
  if (unpinned.length === 0) return 'It is pinned.';
  if (unpinned.length === told.length) return 'It could not be pinned: too many are.';
  return `It is pinned, but ${ofThem(unpinned, 'has', 'have')} too many that are.`;
}
