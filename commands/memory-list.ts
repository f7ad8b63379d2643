import { type HeldMemory, TIERS, type Tier } from '#src/core/memory.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { notice } from '#src/core/view.ts';
import type { HeldTiers } from '#src/memory/held-tiers.ts';
import { TIER_BOUNDS } from '#src/memory/tiers.ts';
import { defineCommand, npcOption } from './command.ts';
import { memoryLine } from './memory-words.ts';
import { shown } from './notices.ts';

const ON_A_PAGE = 10;
/** More than the tiers of one NPC hold. */
const MOST_PAGES = 10_000;

export const memoryList = defineCommand({
  name: 'memory list',
  summary: 'What an NPC remembers, newest first, with codes',
  permission: 'gm',
  answers: 'asker',
  example: '/memory list npc:Hroon tier:long-term',
  options: {
    npc: npcOption('known', 'Whose memories'),
    tier: { kind: 'choice', choices: TIERS, description: 'Only this tier; all if left out', required: false },
    page: { kind: 'integer', description: 'Which page', min: 1, max: MOST_PAGES, required: false },
  },
  async run({ roster, store, stage, tiers }, { npc: typed, tier, page = 1 }) {
    const npc = await roster.find(store, typed);
    const { name } = npc.persona;
    const [counts, tierNow] = await Promise.all([tiers.counts(store, npc.id), tiers.of(store, npc.id)]);
    const total = tier === undefined ? TIERS.reduce((sum, each) => sum + counts[each], 0) : counts[tier];
    const start = (page - 1) * ON_A_PAGE;
    const held = await pageOf(store, npc.id, { tier, start, counts, tiers });
    if (held.length === 0) {
      const what = tier === undefined ? 'nothing' : `nothing in ${tier} memory`;
      const text = total === 0 ? `${name} remembers ${what} yet.` : `There is no page ${page}.`;
      return stage.tell(notice('hint', text), 'asker');
    }
    const more = {
      label: 'More',
      command: 'memory list',
      options: { npc: name, ...(tier === undefined ? {} : { tier }), page: String(page + 1) },
    };
    const tally = TIERS.filter((each) => counts[each] > 0).map((each) => `${each} ${counts[each]}`);
    const which = `${start + 1} to ${start + held.length} of ${total}${tier === undefined ? ` (${tally.join(', ')})` : ` in ${tier} memory`}.`;
    await stage.tell(
      shown(
        [
          { kind: 'heading', text: `What ${name} remembers` },
          { kind: 'text', text: which },
          { kind: 'list', items: held.map((each) => memoryLine(each, tierNow(each))) },
        ],
        start + held.length < total ? [more] : [],
      ),
      'asker',
    );
  },
});

/** One page of a tier, or of all of them together. */
async function pageOf(
  store: CampaignStore,
  npcId: string,
  asked: {
    readonly tier: Tier | undefined;
    readonly start: number;
    readonly counts: Readonly<Record<Tier, number>>;
    readonly tiers: HeldTiers;
  },
): Promise<readonly HeldMemory[]> {
  const { tier, start, counts, tiers } = asked;
  const { memories } = store;
  const limit = ON_A_PAGE;
  switch (tier) {
    case 'working':
    case 'short-term': {
      const newest = await memories.held(npcId, {
        shelf: 'recent',
        limit: TIER_BOUNDS['short-term'].entries,
      });
      const tierNow = await tiers.of(store, npcId);
      return newest.filter((held) => tierNow(held) === tier).slice(start, start + limit);
    }
    case 'episodic':
      return memories.held(npcId, {
        shelf: 'recent',
        limit,
        offset: counts.working + counts['short-term'] + start,
      });
    case 'long-term':
    case 'semantic':
      return memories.held(npcId, { shelf: tier, limit, offset: start });
    case undefined: {
      const ids = await memories.idsHeld(npcId, { limit, offset: start });
      const held = await memories.heldAmong(npcId, ids);
      return held.toSorted((one, other) => ids.indexOf(one.unit.id) - ids.indexOf(other.unit.id));
    }
  }
}
