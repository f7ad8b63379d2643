import { type MemoryShelf, SHELVES, TIERS } from '#src/core/memory.ts';
import type { ConsolidationRun } from '#src/core/memory-store.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { Block } from '#src/core/view.ts';
import type { HeldTiers } from '#src/memory/held-tiers.ts';
import { formatCount } from '#src/stats/format.ts';
import { defineCommand } from './command.ts';
import { shown, timeText } from './notices.ts';

/** NPCs that are told of by name; those that remember nothing are left out. */
const MOST_NPCS = 25;

export const adminMemory = defineCommand({
  name: 'admin memory',
  summary: 'How much this campaign’s NPCs remember, and what consolidation last did',
  permission: 'admin',
  answers: 'asker',
  example: '/admin memory',
  options: {},
  async run({ store, campaign, stage, tiers }) {
    const { consolidation } = store;
    const [{ all, rows, more }, played, last, waiting] = [
      await countsOf(store, tiers),
      await consolidation.played(),
      await consolidation.lastRun(),
      await consolidation.unrested(),
    ];
    const recent = formatCount(all.recent);
    const total = `All NPCs together: ${recent} recent, ${formatCount(all['long-term'])} long-term, ${formatCount(all.semantic)} semantic.`;
    const hours = (played.playedInMs / 3_600_000).toFixed(1);
    const time = `Played so far: ${hours} hours on ${played.playedDays} ${played.playedDays === 1 ? 'day' : 'days'}.`;
    const fading =
      tiers.by === 'wall'
        ? ['Memories fade by the days as they pass, played or not (MEMORY_CLOCK=wall).']
        : [];
    const due =
      waiting === 0
        ? 'Nothing waits for the next run.'
        : `Waiting for the next run: ${formatCount(waiting)} ${waiting === 1 ? 'line' : 'lines'} said, changed or deleted.`;
    const ran =
      last === undefined
        ? 'Memories have not been consolidated yet.'
        : `Last run ${timeText(last.endedAtInMs)}: ${runText(last)}`;
    const blocks: Block[] = [
      { kind: 'heading', text: `Memories of ${campaign.name}` },
      { kind: 'list', items: [total, time, ...fading, ran, due] },
    ];
    const columns = ['NPC', ...TIERS].map(
      (title, at) => ({ title, align: at === 0 ? 'left' : 'right' }) as const,
    );
    if (rows.length > 0) blocks.push({ kind: 'table', columns, rows });
    if (more > 0) {
      const others = more === 1 ? '1 more NPC remembers' : `${formatCount(more)} more NPCs remember`;
      blocks.push({ kind: 'text', text: `${others} something; /memory list tells of each.` });
    }
    await stage.tell(shown(blocks), 'asker');
  },
});

interface Counted {
  readonly all: Readonly<Record<MemoryShelf, number>>;
  readonly rows: readonly (readonly string[])[];
  /** So many remember something and have no row. */
  readonly more: number;
}

/** Of all NPCs but those that were discarded. */
async function countsOf(store: CampaignStore, tiers: HeldTiers): Promise<Counted> {
  const all: Record<MemoryShelf, number> = { recent: 0, 'long-term': 0, semantic: 0 };
  const rows: (readonly string[])[] = [];
  let more = 0;
  for (const { id, name } of await store.npcs.names()) {
    const counts = await store.memories.counts(id);
    if (SHELVES.every((shelf) => counts[shelf] === 0)) continue;
    for (const shelf of SHELVES) all[shelf] += counts[shelf];
    if (rows.length === MOST_NPCS) {
      more += 1;
      continue;
    }
    const inTiers = await tiers.counts(store, id);
    rows.push([name, ...TIERS.map((tier) => formatCount(inTiers[tier]))]);
  }
  return { all, rows, more };
}

/** What a run did, in a sentence or two. */
export function runText(run: ConsolidationRun): string {
  const done = [
    [run.weighed, 'weighed'],
    [run.promoted, 'moved to long-term memory'],
    [
      run.folded,
      `folded into ${formatCount(run.summaries)} ${run.summaries === 1 ? 'summary' : 'summaries'}`,
    ],
    [run.letGo, 'let go'],
    [run.dropped, 'dropped from semantic memory'],
  ] as const;
  const told = done.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const what = told.length === 0 ? 'There was nothing to do' : `Memories: ${told.join(', ')}`;
  const fault = run.fault === undefined ? '' : ` ${run.fault}`;
  return `${what}; it took ${Math.max(1, Math.round(run.tookInMs))} ms.${fault}`;
}
