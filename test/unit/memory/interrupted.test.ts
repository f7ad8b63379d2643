import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConsolidationStore } from '#src/core/memory-store.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { openTable } from '../../support/table.ts';

const MINUTE_IN_MS = 60_000;
/** Eighty evenings on a disk: seconds, and a minute where others work too. */
const ENDS_WITHIN_MS = 120_000;
const BOUNDS = { shortTerm: 5, episodic: 12, longTerm: 6, semantic: 4 };
/** Fewer than there is to look at. */
const AT_ONCE = { weighed: 7, lookedAt: 10, groups: 2, dropped: 3 };
const NPCS = ['Tilda', 'Bram'];
const TEXTS = [
  'Good evening. Another ale, please.',
  'They say the cook puts too much pepper into it when it rains.',
  'Somebody painted the door of the smithy green, I do not know who.',
  'I swear I will bring the crown of King Aldo to the lighthouse before winter!',
] as const;

interface Said {
  readonly text: 0 | 1 | 2 | 3;
  readonly scene: 'table' | 'den';
  readonly witnesses: readonly ('npc-1' | 'npc-2')[];
  readonly laterInMinutes: number;
  /** What happens behind it: it comes to somebody's mind, is pinned, is changed, is taken back. */
  readonly after: 'nothing' | 'used' | 'pinned' | 'revised' | 'retracted' | 'forgotten';
}

const anySaid: fc.Arbitrary<Said> = fc.record({
  text: fc.constantFrom(0, 1, 2, 3),
  scene: fc.constantFrom('table', 'table', 'den'),
  witnesses: fc.uniqueArray(fc.constantFrom('npc-1', 'npc-2'), { minLength: 1 }),
  laterInMinutes: fc.constantFrom(0, 1, 1, 1, 2, 5, 5, 5, 25, 60 * 24),
  after: fc.constantFrom(
    'nothing',
    'nothing',
    'nothing',
    'used',
    'pinned',
    'revised',
    'retracted',
    'forgotten',
  ),
});

/** The same campaign each time it is called. */
async function play(said: readonly Said[]) {
  const clock = new TestClock();
  const table = await openTable({ clock });
  for (const name of NPCS) await table.addNpc(name);
  const { campaign } = table;
  const rest = async (store = campaign, signal = new AbortController().signal) =>
    new Consolidator({ clock, judge: undefined, bounds: BOUNDS, atOnce: AT_ONCE }).run(
      store,
      { workspaceId: 'w', campaignId: campaign.campaignId },
      signal,
    );
  // Lines of one moment stand in the order of their scenes' ids, so it must be the same one in each campaign.
  const opened = [await campaign.scenes.open('one'), await campaign.scenes.open('other')];
  const [first = '', second = ''] = opened.map(({ id }) => id).sort();
  const sceneIds = { table: first, den: second };
  for (const [index, { text, scene, witnesses, laterInMinutes, after }] of said.entries()) {
    clock.time += laterInMinutes * MINUTE_IN_MS;
    const id = `line-${index}`;
    await campaign.lines.append(newLine(id, sceneIds[scene], { text: `${TEXTS[text]} ${index}`, witnesses }));
    const earlier = `line-${Math.floor(index / 2)}`;
    const [holder = 'npc-1'] = witnesses;
    if (after === 'used') await campaign.memories.used(holder, [earlier]);
    if (after === 'pinned') await campaign.memories.pin(holder, earlier, true);
    if (after === 'forgotten') await campaign.memories.forget(holder, earlier);
    if (after === 'revised') await campaign.lines.revise(earlier, `${TEXTS[text]} Again.`);
    if (after === 'retracted') await campaign.lines.retract(earlier);
    if (index === 30) await rest();
  }
  const close = async () => table.close();
  return { campaign, sceneIds, rest, close };
}

/** All that two campaigns must agree on; scenes have ids of their own in each. */
async function stateOf(campaign: CampaignStore, sceneIds: Readonly<Record<string, string>>) {
  const scenes = new Map(Object.entries(sceneIds).map(([channel, id]) => [id, channel]));
  const state: unknown[] = [];
  for (const npcId of ['npc-1', 'npc-2'])
    for (const shelf of ['recent', 'long-term', 'semantic'] as const)
      for (const held of await campaign.memories.held(npcId, { shelf, limit: 1000 })) {
        const session = scenes.get(held.unit.session) ?? held.unit.session;
        const sources = await campaign.memories.sources(held.unit.id);
        state.push([npcId, shelf, { ...held, unit: { ...held.unit, session } }, sources]);
      }
  return state;
}

/** Every call may be the last one, before it did anything or after. */
function breaking(store: CampaignStore, afterCalls: number, isDone: boolean): CampaignStore {
  let left = afterCalls;
  const broken = async <T>(call: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left > 0) return call();
    if (isDone) await call();
    throw new Error('The process ended.');
  };
  const { consolidation } = store;
  const some: Partial<ConsolidationStore> = {
    unweighed: (...given) => broken(() => consolidation.unweighed(...given)),
    before: (...given) => broken(() => consolidation.before(...given)),
    settle: (...given) => broken(() => consolidation.settle(...given)),
    drop: (...given) => broken(() => consolidation.drop(...given)),
  };
  return { ...store, consolidation: { ...consolidation, ...some } };
}

it(
  'ends in the same state wherever it was interrupted, with nothing lost and nothing twice',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySaid, { minLength: 20, maxLength: 90 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()), { minLength: 1, maxLength: 4 }),
        async (said, interruptions) => {
          const whole = await play(said);
          const parted = await play(said);
          try {
            await whole.rest();
            for (const [afterCalls, isDone] of interruptions)
              await parted.rest(breaking(parted.campaign, afterCalls, isDone)).catch(() => {});
            await parted.rest();
            const expected = await stateOf(whole.campaign, whole.sceneIds);
            expect(await stateOf(parted.campaign, parted.sceneIds)).toEqual(expected);
            // Once more there is nothing left to do.
            const again = await parted.rest();
            expect(again).toMatchObject({ weighed: 0, promoted: 0, summaries: 0, letGo: 0, dropped: 0 });
            await nothingTwice(parted.campaign);
          } finally {
            await whole.close();
            await parted.close();
          }
        },
      ),
      { numRuns: 40 },
    );
  },
  ENDS_WITHIN_MS,
);

/** A line is held as itself or in one summary, never both, and a summary holds only what its holder witnessed. */
async function nothingTwice(campaign: CampaignStore): Promise<void> {
  for (const npcId of ['npc-1', 'npc-2']) {
    const held: string[] = [];
    for (const shelf of ['recent', 'long-term', 'semantic'] as const)
      for (const { unit } of await campaign.memories.held(npcId, { shelf, limit: 1000 })) {
        if (unit.kind === undefined) {
          held.push(unit.id);
          continue;
        }
        for (const source of await campaign.memories.sources(unit.id)) {
          if (source.kind !== 'line') continue;
          held.push(source.id);
          expect(await campaign.lines.witnesses(source.id)).toContain(npcId);
        }
      }
    expect(held).toHaveLength(new Set(held).size);
  }
}
