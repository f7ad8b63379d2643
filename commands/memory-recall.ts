import type { MemoryHit, Tier } from '#src/core/memory.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { notice } from '#src/core/view.ts';
import { codeOf } from '#src/memory/codes.ts';
import { fitting } from '#src/memory/fitting.ts';
import type { HeldTiers } from '#src/memory/held-tiers.ts';
import { defineCommand, queryOption } from './command.ts';
import { saidText, whenText } from './memory-words.ts';
import { shown } from './notices.ts';

const MOST_SHOWN = 10;
const MOST_OF_A_TEXT_IN_CHARACTERS = 200;

export const memoryRecall = defineCommand({
  name: 'memory recall',
  summary: 'What an NPC remembers, or who of them knows of something',
  permission: 'gm',
  answers: 'asker',
  example: '/memory recall query:who knows of the tunnel? npc:Hroon',
  options: {
    query: queryOption,
    npc: {
      kind: 'npc',
      among: 'known',
      description: 'Whose memory; everybody’s if left out',
      required: false,
    },
  },
  async run({ roster, memory, store, stage, tiers }, { query, npc: typed }) {
    const npc = typed === undefined ? undefined : await roster.find(store, typed);
    const how = { limit: MOST_SHOWN, now: await store.time.now() };
    const found =
      npc === undefined
        ? await memory.recallOfAll(store, query, how)
        : await memory.recall(store, npc.id, query, { ...how, askedOf: npc.persona.name });
    const hits = fitting(found);
    if (hits.length === 0) {
      const who = npc === undefined ? 'Nobody remembers' : `${npc.persona.name} remembers nothing`;
      const of = npc === undefined ? 'anything of the kind' : 'of the kind';
      await stage.tell(notice('hint', `${who} ${of}. Try other words, as they were said.`), 'asker');
      return;
    }
    const knowers = await namesOfHolders(store, hits);
    const tierById =
      npc === undefined ? new Map<string, Tier>() : await tiersOfHits(store, tiers, npc.id, hits);
    const items = hits.map(({ unit, score, reasons }) => {
      const said = saidText({ unit }, MOST_OF_A_TEXT_IN_CHARACTERS);
      const known = `known to ${knowers.get(unit.id) ?? 'nobody any more'}`;
      const tier = unit.tier === undefined ? tierById.get(unit.id) : undefined;
      const where = [...(tier === undefined ? [] : [`${tier} memory`]), codeOf(unit.id)];
      const why = [`score ${score.toFixed(2)}`, ...reasons, ...where];
      return `${said} — ${[whenText(unit), known, ...why].join(' · ')}`;
    });
    const whose = npc === undefined ? 'What is remembered' : `What ${npc.persona.name} remembers`;
    const blocks = [
      { kind: 'heading', text: whose },
      { kind: 'list', items },
    ] as const;
    await stage.tell(shown(blocks), 'asker');
  },
});

async function tiersOfHits(
  store: CampaignStore,
  tiers: HeldTiers,
  npcId: string,
  hits: readonly MemoryHit[],
): Promise<ReadonlyMap<string, Tier>> {
  const held = await store.memories.heldAmong(
    npcId,
    hits.map(({ unit }) => unit.id),
  );
  const tierNow = await tiers.of(store, npcId);
  return new Map(held.map((each) => [each.unit.id, tierNow(each)]));
}

/** The names of those who remember each hit, by memory id. */
async function namesOfHolders(
  store: CampaignStore,
  hits: readonly MemoryHit[],
): Promise<ReadonlyMap<string, string>> {
  const holders = await store.memories.holders(hits.map(({ unit }) => unit.id));
  const npcs = await store.npcs.list(['draft', 'kept', 'discarded']);
  const names = new Map(npcs.map(({ id, persona }) => [id, persona.name]));
  return new Map(
    [...holders].map(([id, held]) => [id, held.map(({ npcId }) => names.get(npcId) ?? npcId).join(', ')]),
  );
}
