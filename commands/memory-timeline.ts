import { type HeldMemory, SHELVES } from '#src/core/memory.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { type Block, notice } from '#src/core/view.ts';
import { partOfDay, worldDayOf } from '#src/core/world-time.ts';
import { codeOf } from '#src/memory/codes.ts';
import { defineCommand, npcOption } from './command.ts';
import { saidText } from './memory-words.ts';
import { shown, timeText } from './notices.ts';

const ON_A_PAGE = 20;
/** All that is newer is read for a page: so far back it goes. */
const MOST_PAGES = 50;
const MOST_OF_A_TEXT_IN_CHARACTERS = 140;
/** A scene that was played out of its order may stand on another page than its neighbours in the world. */
const ORDER = 'What was said last comes on the first page; each page is in the order of the world’s days.';

export const memoryTimeline = defineCommand({
  name: 'memory timeline',
  summary: 'What an NPC remembers, day by day',
  permission: 'gm',
  answers: 'asker',
  example: '/memory timeline npc:Hroon',
  options: {
    npc: npcOption('known', 'Whose memories'),
    page: { kind: 'integer', description: 'Further back', min: 1, max: MOST_PAGES, required: false },
  },
  async run({ roster, store, stage }, { npc: typed, page = 1 }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const newestFirst = await newest(store, npc.id, page * ON_A_PAGE + 1);
    const onPage = newestFirst.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE).reverse();
    if (onPage.length === 0) {
      const text = page === 1 ? `${name} remembers nothing yet.` : `${name} remembers nothing so far back.`;
      return stage.tell(notice('hint', text), 'asker');
    }
    const isMore = newestFirst.length > page * ON_A_PAGE && page < MOST_PAGES;
    const more = {
      label: 'Further back',
      command: 'memory timeline',
      options: { npc: name, page: String(page + 1) },
    };
    const isPaged = isMore || page > 1;
    const order: readonly Block[] = isPaged && onPage.some(isDated) ? [{ kind: 'text', text: ORDER }] : [];
    await stage.tell(shown([...order, ...byDay(onPage)], isMore ? [more] : []), 'asker');
  },
});

/** The newest on all shelves, newest first. */
async function newest(store: CampaignStore, npcId: string, limit: number): Promise<readonly HeldMemory[]> {
  const held: HeldMemory[] = [];
  for (const shelf of SHELVES) held.push(...(await store.memories.held(npcId, { shelf, limit })));
  return held
    .sort((one, other) => other.unit.saidAtInMs - one.unit.saidAtInMs || other.unit.seq - one.unit.seq)
    .slice(0, limit);
}

/** By the days of the world, and by dates what was said while no in-world time was kept: first what was said first. */
function byDay(held: readonly HeldMemory[]): readonly Block[] {
  const kept = held.flatMap((each) => {
    const { worldMinute } = each.unit;
    return worldMinute === undefined ? [] : [{ each, worldMinute }];
  });
  // Of the same minute, what was said first stays first.
  kept.sort((one, other) => one.worldMinute - other.worldMinute);
  const days = Map.groupBy(kept, ({ worldMinute }) => worldDayOf(worldMinute));
  const without = held.filter((each) => !isDated(each));
  const dates = Map.groupBy(without, ({ unit }) => timeText(unit.saidAtInMs).slice(0, 10));
  const byWorld = [...days].flatMap(([day, some]) =>
    listUnder(
      `Day ${day}`,
      some.map(({ each, worldMinute }) => row(partOfDay(worldMinute), each)),
    ),
  );
  const byDate = [...dates].flatMap(([date, some]) =>
    listUnder(
      `${date} (played day ${some[0]?.playedDay ?? 0})`,
      some.map((each) => row(timeText(each.unit.saidAtInMs).slice(11), each)),
    ),
  );
  return held[0] !== undefined && isDated(held[0]) ? [...byWorld, ...byDate] : [...byDate, ...byWorld];
}

function isDated({ unit }: HeldMemory): boolean {
  return unit.worldMinute !== undefined;
}

function listUnder(heading: string, items: readonly string[]): readonly Block[] {
  return [
    { kind: 'heading', text: heading },
    { kind: 'list', items },
  ];
}

function row(time: string, held: HeldMemory): string {
  return `${time} · ${saidText(held, MOST_OF_A_TEXT_IN_CHARACTERS)} · ${codeOf(held.unit.id)}`;
}
