import type { HeldMemory } from '#src/core/memory.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { clip } from '#src/core/text.ts';
import type { Block, Fact } from '#src/core/view.ts';
import { codeOf } from '#src/memory/codes.ts';
import { defineCommand, npcOption } from './command.ts';
import { findMemory, memoryOption, whenText } from './memory-words.ts';
import { shown, timeText } from './notices.ts';

const MOST_OF_A_TEXT_IN_CHARACTERS = 1500;
const MOST_OF_A_SOURCE_IN_CHARACTERS = 200;

export const memoryShow = defineCommand({
  name: 'memory show',
  summary: 'One memory: who, when, how important, what it was made of',
  permission: 'gm',
  answers: 'asker',
  example: '/memory show npc:Hroon memory:the toll of the bridge',
  options: { npc: npcOption('known', 'Whose memory'), memory: memoryOption },
  async run({ roster, memory, store, stage, tiers }, { npc: typed, memory: which }) {
    const npc = await roster.find(store, typed);
    const held = await findMemory({ store, memory }, npc, which);
    const { unit, importance, uses, lastUsedAtInMs, isPinned } = held;
    const tierNow = await tiers.of(store, npc.id);
    const facts: Fact[] = [
      { label: 'Code', value: codeOf(unit.id) },
      { label: 'Who', value: whoText(held) },
      { label: 'When', value: `${whenText(unit)}, played day ${held.playedDay}` },
      { label: 'Tier', value: `${tierNow(held)}${isPinned ? ', pinned: it never leaves by itself' : ''}` },
      { label: 'Importance', value: importance === undefined ? 'not weighed yet' : importance.toFixed(2) },
      { label: 'Came to mind', value: usesText(uses, lastUsedAtInMs) },
      { label: 'Others who hold it', value: await othersText(store, unit.id, npc.id) },
    ];
    const blocks: Block[] = [
      { kind: 'heading', text: `What ${npc.persona.name} remembers` },
      { kind: 'text', text: clip(unit.text, MOST_OF_A_TEXT_IN_CHARACTERS) },
      { kind: 'facts', facts },
    ];
    const items = await sourceTexts(store, held);
    if (items.length > 0) blocks.push({ kind: 'heading', text: 'Made of' }, { kind: 'list', items });
    await stage.tell(shown(blocks), 'asker');
  },
});

function whoText({ unit: { kind, speaker } }: HeldMemory): string {
  if (kind === 'summary') return 'a summary of what was said';
  if (kind === 'gm') return 'the game master’s word';
  return speaker === '' ? 'the game master narrated' : `${speaker} said it`;
}

function usesText(uses: number, lastUsedAtInMs: number | undefined): string {
  if (uses === 0) return 'never yet';
  const times = uses === 1 ? 'once' : `${uses} times`;
  return lastUsedAtInMs === undefined ? times : `${times}, last ${timeText(lastUsedAtInMs)}`;
}

async function othersText(store: CampaignStore, id: string, npcId: string): Promise<string> {
  const holders = (await store.memories.holders([id])).get(id) ?? [];
  const names = new Map((await store.npcs.names()).map((npc) => [npc.id, npc.name]));
  const others = holders.filter((holder) => holder.npcId !== npcId);
  const known = others.map((holder) => names.get(holder.npcId)).filter((name) => name !== undefined);
  return known.length === 0 ? 'nobody' : known.join(', ');
}

/** Oldest first; a line is its own source, which need not be said. */
async function sourceTexts(store: CampaignStore, { unit }: HeldMemory): Promise<readonly string[]> {
  if (unit.kind === undefined) return [];
  const sources = await store.memories.sources(unit.id);
  const ids = sources.filter((source) => source.kind === 'line').map(({ id }) => id);
  const lines = new Map((await store.memories.units(ids)).map((line) => [line.id, line]));
  return sources.map((source) => {
    if (source.kind === 'word') return `The word of ${source.by}`;
    const line = lines.get(source.id);
    if (line === undefined) return 'A line that no longer stands';
    const { speaker, text } = line;
    const said = clip(text.replace(/\s+/gu, ' '), MOST_OF_A_SOURCE_IN_CHARACTERS);
    return `${speaker === '' ? 'GM' : speaker}: ${said} — ${whenText(line)}`;
  });
}
