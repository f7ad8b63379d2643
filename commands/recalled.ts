import type { Npc } from '#src/core/entities.ts';
import type { MemoryHit, MemoryUnit, Tier } from '#src/core/memory.ts';
import type { MemoryHolder } from '#src/core/memory-store.ts';
import { type Block, notice } from '#src/core/view.ts';
import type { AskedTimes } from '#src/memory/asked-times.ts';
import { codeOf } from '#src/memory/codes.ts';
import { fitting } from '#src/memory/fitting.ts';
import { withNames } from '#src/memory/meant-by-role.ts';
import { isBesideWhatWasFound } from '#src/memory/reasons.ts';
import { askedAfter, asksForAnything, tellsOf } from '#src/memory/who-knows.ts';
import type { CommandContext } from './context.ts';
import { saidText, whenText } from './memory-words.ts';
import { shown } from './notices.ts';

const MOST_SHOWN = 10;
/** So many are looked at for who knows, and who does not. */
const MOST_OF_ALL = 500;
const MOST_OF_A_TEXT_IN_CHARACTERS = 200;
const MOST_NAMES = 8;
const ASKS_FOR_SOMETHING =
  /^\s*(?:what|where|when|why|how|which|whose|whom?|did|do|does|is|are|was|were|has|have|can|will)\b/iu;
const listOf = new Intl.ListFormat('en-GB');
const orOf = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** Best first. */
interface Found {
  readonly hits: readonly MemoryHit[];
  /** There is nothing else of the kind, as far as can be seen. */
  readonly isAll: boolean;
  /** Whoever holds one of these knows of it: the others only ask for it, or say that they do not know. */
  readonly telling: ReadonlySet<MemoryHit>;
  /** Times asked for from which nothing is remembered. */
  readonly unknownTimes: readonly string[];
}

type Holders = ReadonlyMap<string, readonly MemoryHolder[]>;

/** What is asked, as the command's options have it. */
interface Asked {
  readonly query: string;
  readonly npc?: string | undefined;
  readonly why?: boolean | undefined;
}

/** Tells the asker what an NPC, or anybody, remembers of what is asked. */
export async function tellRecalled(
  context: CommandContext,
  { query, npc: typed, why = false }: Asked,
): Promise<void> {
  const { roster, store, stage } = context;
  const npc = typed === undefined ? undefined : await roster.find(store, typed);
  const npcs = await store.npcs.list(['draft', 'kept', 'discarded']);
  const inPlay = npcs.filter(({ status }) => status === 'kept');
  const asked = withNames(
    askedAfter(query),
    inPlay.map(({ persona }) => persona),
  );
  const found = npc === undefined ? await ofAll(context, asked) : await ofOne(context, npc, asked);
  const hits = fitting(found.hits).slice(0, MOST_SHOWN);
  const who = npc === undefined ? 'Nobody remembers anything' : `${npc.persona.name} remembers nothing`;
  const ofTimes = found.unknownTimes.map((words) => `“${words}”`);
  const ofNoTime = ofTimes.length === 0 ? undefined : `${who} from ${orOf.format(ofTimes)}.`;
  if (hits.length === 0) {
    const text = ofNoTime ?? `${who} of the kind. Try other words, as they were said.`;
    await stage.tell(notice('hint', text), 'asker');
    return;
  }
  const names = new Map(npcs.map((each) => [each.id, nameAndStatus(each)]));
  const holders = await store.memories.holders(found.hits.map(({ unit }) => unit.id));
  const tiers = why && npc !== undefined ? await tiersOf(context, npc.id, hits) : new Map<string, Tier>();
  const items = hits.map((hit) => {
    const { unit, score, reasons } = hit;
    const held = (holders.get(unit.id) ?? []).map(({ npcId }) => names.get(npcId) ?? npcId);
    const tier = unit.tier === undefined ? tiers.get(unit.id) : undefined;
    const facts = [
      whenText(unit),
      `${found.telling.has(hit) ? 'known to' : 'heard by'} ${held.length === 0 ? 'nobody any more' : held.join(', ')}`,
      ...(why ? [`score ${score.toFixed(2)}`, ...reasons] : []),
      ...(tier === undefined ? [] : [`${tier} memory`]),
      codeOf(unit.id),
    ];
    return `${saidText({ unit }, MOST_OF_A_TEXT_IN_CHARACTERS)} — ${facts.join(' · ')}`;
  });
  const kept = inPlay.map(({ id }) => id);
  const nearest: Block = { kind: 'text', text: `${ofNoTime ?? ''} This comes nearest:` };
  const head: Block =
    npc === undefined
      ? { kind: 'text', text: whoKnows(found, { holders, names, kept }) }
      : { kind: 'heading', text: `What ${npc.persona.name} remembers` };
  await stage.tell(shown([ofNoTime === undefined ? head : nearest, { kind: 'list', items }]), 'asker');
}

async function ofOne(
  { memory, store }: Pick<CommandContext, 'memory' | 'store'>,
  { id, persona }: Npc,
  asked: string,
): Promise<Found> {
  const now = await store.time.now();
  const hits = await memory.recall(store, id, asked, { limit: MOST_SHOWN, now, askedOf: persona.name });
  const { unknown } = await memory.timesAsked(store, id, asked, now);
  return { hits, telling: new Set(hits), isAll: true, unknownTimes: unknown };
}

/**
 * What anybody remembers of it, without what only stands beside that. Where a question asks for something ("what", "where")
 * it comes best first; else what tells of it comes first.
 */
async function ofAll(
  { memory, store }: Pick<CommandContext, 'memory' | 'store'>,
  asked: string,
): Promise<Found> {
  const now = await store.time.now();
  const hits = await memory.recallOfAll(store, asked, { limit: MOST_OF_ALL, now });
  const times = await memory.timesAsked(store, undefined, asked, now);
  const last = hits.at(-1);
  const isAll = hits.length < MOST_OF_ALL || last === undefined || isBesideWhatWasFound(last);
  const meant = hits.filter((hit) => !isBesideWhatWasFound(hit));
  const telling = new Set(meant.filter(({ unit }) => tells(unit, asked, times)));
  const found = { telling, isAll, unknownTimes: times.unknown };
  if (ASKS_FOR_SOMETHING.test(asked)) return { hits: meant, ...found };
  return { hits: [...telling, ...meant.filter((hit) => !telling.has(hit))], ...found };
}

/** What was said last night need have none of these words, unless more is asked for. */
function tells(unit: MemoryUnit, asked: string, { known, unknown, rest }: AskedTimes): boolean {
  if (unknown.length > 0) return false;
  if (known.length === 0) return tellsOf(unit, asked);
  return known.some((time) => time.fit(unit) > 0) && (!asksForAnything(rest) || tellsOf(unit, rest));
}

/** "Wenna and Hroon know of it; Sabeth does not." */
function whoKnows({ telling, isAll }: Found, { holders, names, kept }: WhoThereIs): string {
  const knowing = new Set(
    [...telling].flatMap(({ unit }) => (holders.get(unit.id) ?? []).map(({ npcId }) => npcId)),
  );
  if (knowing.size === 0) return 'No memory tells of it plainly. This comes nearest:';
  const knows = `${listed([...knowing], names)} ${knowing.size === 1 ? 'knows' : 'know'} of it`;
  const others = kept.filter((id) => !knowing.has(id));
  if (others.length === 0 || !isAll) return `${knows}.`;
  return `${knows}; ${listed(others, names)} ${others.length === 1 ? 'does' : 'do'} not.`;
}

/** Whoever was discarded may come back, with what they know. */
function nameAndStatus({ persona: { name }, status }: Npc): string {
  return status === 'discarded' ? `${name} (discarded)` : name;
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
