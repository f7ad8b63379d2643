import type { Npc } from '#src/core/entities.ts';
import type { MemoryHit, Tier } from '#src/core/memory.ts';
import type { MemoryHolder } from '#src/core/memory-store.ts';
import { type Block, notice } from '#src/core/view.ts';
import { codeOf } from '#src/memory/codes.ts';
import { fitting } from '#src/memory/fitting.ts';
import { isBesideWhatWasFound } from '#src/memory/reasons.ts';
import { mayNameTime } from '#src/memory/time-hint.ts';
import { askedAfter, isAbout, tellsOf } from '#src/memory/who-knows.ts';
import { defineCommand, queryOption } from './command.ts';
import type { CommandContext } from './context.ts';
import { saidText, whenText } from './memory-words.ts';
import { shown } from './notices.ts';

const MOST_SHOWN = 10;
/** So many are looked at for who knows, and who does not. */
const MOST_OF_ALL = 500;
const MOST_OF_A_TEXT_IN_CHARACTERS = 200;
const MOST_NAMES = 8;
const listOf = new Intl.ListFormat('en-GB');

/** Best first. */
interface Found {
  readonly hits: readonly MemoryHit[];
  /** There is nothing else of the kind, as far as can be seen. */
  readonly isAll: boolean;
}

type Holders = ReadonlyMap<string, readonly MemoryHolder[]>;

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
    why: { kind: 'flag', description: 'Also why each was found, with its score', required: false },
  },
  async run(context, { query, npc: typed, why = false }) {
    const { roster, store, stage } = context;
    const npc = typed === undefined ? undefined : await roster.find(store, typed);
    const asked = askedAfter(query);
    const found = npc === undefined ? await ofAll(context, asked) : await ofOne(context, npc, asked);
    const hits = fitting(found.hits).slice(0, MOST_SHOWN);
    if (hits.length === 0) {
      const who = npc === undefined ? 'Nobody remembers' : `${npc.persona.name} remembers nothing`;
      const of = npc === undefined ? 'anything of the kind' : 'of the kind';
      await stage.tell(notice('hint', `${who} ${of}. Try other words, as they were said.`), 'asker');
      return;
    }
    const npcs = await store.npcs.list(['draft', 'kept', 'discarded']);
    const names = new Map(npcs.map(({ id, persona }) => [id, persona.name]));
    const holders = await store.memories.holders(found.hits.map(({ unit }) => unit.id));
    const tiers = why && npc !== undefined ? await tiersOf(context, npc.id, hits) : new Map<string, Tier>();
    const items = hits.map(({ unit, score, reasons }) => {
      const held = (holders.get(unit.id) ?? []).map(({ npcId }) => names.get(npcId) ?? npcId);
      const tier = unit.tier === undefined ? tiers.get(unit.id) : undefined;
      const facts = [
        whenText(unit),
        `known to ${held.length === 0 ? 'nobody any more' : held.join(', ')}`,
        ...(why ? [`score ${score.toFixed(2)}`, ...reasons] : []),
        ...(tier === undefined ? [] : [`${tier} memory`]),
        codeOf(unit.id),
      ];
      return `${saidText({ unit }, MOST_OF_A_TEXT_IN_CHARACTERS)} — ${facts.join(' · ')}`;
    });
    const kept = npcs.filter(({ status }) => status === 'kept').map(({ id }) => id);
    const head: Block =
      npc === undefined
        ? { kind: 'text', text: whoKnows(found, asked, { holders, names, kept }) }
        : { kind: 'heading', text: `What ${npc.persona.name} remembers` };
    await stage.tell(shown([head, { kind: 'list', items }]), 'asker');
  },
});

async function ofOne(
  { memory, store }: Pick<CommandContext, 'memory' | 'store'>,
  { id, persona }: Npc,
  asked: string,
): Promise<Found> {
  const options = { limit: MOST_SHOWN, now: await store.time.now(), askedOf: persona.name };
  return { hits: await memory.recall(store, id, asked, options), isAll: true };
}

/** What anybody remembers of it, best first, without what only stands beside that. */
async function ofAll(
  { memory, store }: Pick<CommandContext, 'memory' | 'store'>,
  asked: string,
): Promise<Found> {
  const hits = await memory.recallOfAll(store, asked, { limit: MOST_OF_ALL, now: await store.time.now() });
  // What was said last night need have none of these words.
  const isMeant = (hit: MemoryHit) =>
    mayNameTime(asked) ? !isBesideWhatWasFound(hit) : isAbout(hit.unit, asked);
  const last = hits.at(-1);
  const isAll = hits.length < MOST_OF_ALL || last === undefined || !isMeant(last);
  return { hits: hits.filter(isMeant), isAll };
}

/** "Wenna and Hroon know of it; Sabeth does not." */
function whoKnows({ hits, isAll }: Found, asked: string, { holders, names, kept }: WhoThereIs): string {
  const telling = hits.filter(({ unit }) => mayNameTime(asked) || tellsOf(unit, asked));
  const knowing = new Set(
    telling.flatMap(({ unit }) => (holders.get(unit.id) ?? []).map(({ npcId }) => npcId)),
  );
  if (knowing.size === 0) return 'Nobody knows of it. This comes nearest:';
  const knows = `${listed([...knowing], names)} ${knowing.size === 1 ? 'knows' : 'know'} of it`;
  const others = kept.filter((id) => !knowing.has(id));
  if (others.length === 0 || !isAll) return `${knows}.`;
  return `${knows}; ${listed(others, names)} ${others.length === 1 ? 'does' : 'do'} not.`;
}

interface WhoThereIs {
  readonly holders: Holders;
  /** Of all NPCs, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  /** Ids of those that are in the game. */
  readonly kept: readonly string[];
}

function listed(ids: readonly string[], names: ReadonlyMap<string, string>): string {
  const shortened = ids.length > MOST_NAMES ? ids.slice(0, MOST_NAMES - 1) : ids;
  const rest = ids.length - shortened.length;
  const all = [...shortened.map((id) => names.get(id) ?? id), ...(rest > 0 ? [`${rest} others`] : [])];
  return listOf.format(all);
}

async function tiersOf(
  { store, tiers }: Pick<CommandContext, 'store' | 'tiers'>,
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
