import type { Clock } from '#src/core/clock.ts';
import {
  type HeldMemory,
  type MemoryShelf,
  type MemorySource,
  type MemoryUnit,
  SHELVES,
  STANDING,
} from '#src/core/memory.ts';
import { type MemoryChange, type MemoryStore, MOST_PINNED } from '#src/core/memory-store.ts';
import { giveUp, heldAmong, sourcesOf } from './give-up.ts';
import { type Given, KeptQuery } from './kept-query.ts';
import { sameLine } from './line-rows.ts';
import {
  heldLines,
  heldMemory,
  inChunks,
  newestLinesOf,
  newestMemoriesOf,
  placesOf,
  standingLines,
  unitOfMemory,
  unitsOfLines,
} from './memory-rows.ts';
import type { Database } from './tables.ts';

interface SemanticPage {
  readonly campaignId: string;
  readonly npcId: string;
  readonly limit: number;
  readonly offset: number;
}

const SEMANTIC = new KeptQuery((db, given: Given<SemanticPage>) =>
  newestMemoriesOf(db, given('campaignId'), given('npcId'))
    .limit(given('limit'))
    .offset(given('offset'))
    .compile(),
);

type HeldMemoryCalls = Pick<
  MemoryStore,
  'held' | 'heldAmong' | 'idsHeld' | 'counts' | 'sources' | 'units' | 'tell' | 'forget' | 'pin'
>;

/** What a game master sees of NPCs' memories, and does to them. */
export function heldMemoryCalls(
  db: Database,
  clock: Clock,
  campaignId: string,
  onMemories: (change: MemoryChange) => void,
): HeldMemoryCalls {
  const tell = (npcId: string, put: readonly HeldMemory[], gone: readonly string[]) =>
    onMemories({ campaignId, npcId, put: put.map(({ unit }) => unit), gone });

  const countPinned = async (database: Database, npcId: string) => {
    const lines = await database
      .selectFrom('line_witnesses')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('campaign_id', '=', campaignId)
      .where('npc_id', '=', npcId)
      .where('pinned_at_ms', 'is not', null)
      .executeTakeFirstOrThrow();
    const memories = await database
      .selectFrom('memory_holders')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('campaign_id', '=', campaignId)
      .where('npc_id', '=', npcId)
      .where('pinned_at_ms', 'is not', null)
      .executeTakeFirstOrThrow();
    return Number(lines.count) + Number(memories.count);
  };

  /** What lies on a shelf, newest first, with where it lies in time. */
  const placesHeld = async (npcId: string, shelf: MemoryShelf, limit: number, offset: number) =>
    shelf === 'semantic'
      ? newestMemoriesOf(db, campaignId, npcId)
          .limit(Math.max(0, limit))
          .offset(offset)
          .clearSelect()
          .select(['memories.id', 'memories.seq', 'memory_holders.played_day', 'memory_holders.said_at_ms'])
          .execute()
      : newestLinesOf(db, campaignId, npcId, { standing: shelf, limit, offset })
          .clearSelect()
          .select([
            'lines.id',
            'line_witnesses.seq',
            'line_witnesses.played_day',
            'line_witnesses.said_at_ms',
          ])
          .execute();

  return {
    held: async (npcId, { shelf, limit, offset = 0 }) =>
      shelf === 'semantic'
        ? (await SEMANTIC.all(db, { campaignId, npcId, limit: Math.max(0, limit), offset })).map(heldMemory)
        : heldLines(await newestLinesOf(db, campaignId, npcId, { standing: shelf, limit, offset }).execute()),

    heldAmong: async (npcId, ids) => heldAmong(db, campaignId, npcId, ids),

    idsHeld: async (npcId, { shelf, limit, offset = 0 }) => {
      if (shelf !== undefined) return (await placesHeld(npcId, shelf, limit, offset)).map(({ id }) => id);
      const all: Awaited<ReturnType<typeof placesHeld>>[number][] = [];
      for (const each of SHELVES) all.push(...(await placesHeld(npcId, each, offset + limit, 0)));
      return all
        .sort(
          (one, other) =>
            other.played_day - one.played_day ||
            other.said_at_ms - one.said_at_ms ||
            other.seq - one.seq ||
            (one.id < other.id ? 1 : -1),
        )
        .slice(offset, offset + limit)
        .map(({ id }) => id);
    },

    counts: async (npcId) => {
      const counts: Record<MemoryShelf, number> = { recent: 0, 'long-term': 0, semantic: 0 };
      const lines = db
        .selectFrom('line_witnesses')
        .select((eb) => ['line_witnesses.standing', eb.fn.countAll<number>().as('count')])
        .where('line_witnesses.campaign_id', '=', campaignId)
        .where('line_witnesses.npc_id', '=', npcId)
        .where('line_witnesses.standing', 'in', ['recent', 'long-term'])
        .groupBy('line_witnesses.standing');
      // Nobody has weighed a line that does not stand: these are few, and the others need not be looked at.
      const fallen = lines
        .innerJoin('lines', sameLine)
        .where('line_witnesses.importance', 'is', null)
        .where(({ eb, or }) =>
          or([
            eb('lines.kind', '!=', 'speech'),
            eb('lines.state', 'not in', STANDING),
            eb('lines.text', '=', ''),
          ]),
        );
      const memories = db
        .selectFrom('memory_holders')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('campaign_id', '=', campaignId)
        .where('npc_id', '=', npcId);
      for (const [query, sign] of [
        [lines, 1],
        [fallen, -1],
      ] as const)
        for (const { standing, count } of await query.execute())
          if (standing === 'recent' || standing === 'long-term') counts[standing] += sign * Number(count);
      counts.semantic = Number((await memories.executeTakeFirstOrThrow()).count);
      return counts;
    },

    sources: async (id) => sourcesOf(db, campaignId, id),

    units: async (ids) => {
      const found: MemoryUnit[] = [];
      for (const some of inChunks(ids)) {
        const lines = await standingLines(db, campaignId).where('lines.id', 'in', some).execute();
        const memories = await db
          .selectFrom('memories')
          .selectAll()
          .where('campaign_id', '=', campaignId)
          .where('id', 'in', some)
          .execute();
        found.push(...unitsOfLines(lines), ...memories.map(unitOfMemory));
      }
      return found;
    },

    tell: async (npcId, word) => {
      const told = await db.transaction().execute(async (transaction) => {
        const [known] = await heldAmong(transaction, campaignId, npcId, [word.id]);
        if (known !== undefined) return { held: known, gone: [] };
        const sources: MemorySource[] = [];
        let worldMinute = word.worldMinute ?? null;
        if (word.inPlaceOf !== undefined) {
          const [replaced] = await heldAmong(transaction, campaignId, npcId, [word.inPlaceOf]);
          const given = await giveUp(transaction, campaignId, npcId, word.inPlaceOf);
          if (given === undefined) return undefined;
          sources.push(...given);
          worldMinute ??= replaced?.unit.worldMinute ?? null;
        }
        const { played_ms: playedAt, played_days: day } = await transaction
          .selectFrom('campaigns')
          .select(['played_ms', 'played_days'])
          .where('id', '=', campaignId)
          .executeTakeFirstOrThrow();
        const time = { played_day: day, said_at_ms: clock.now() };
        const key = { campaign_id: campaignId, memory_id: word.id };
        await transaction
          .insertInto('memories')
          .values({
            ...{ campaign_id: campaignId, id: word.id, kind: 'gm', text: word.text, ...time },
            ...{ session: word.id, seq: 1, played_at_ms: playedAt, importance: word.importance },
            world_minute: worldMinute,
          })
          .execute();
        await transaction
          .insertInto('memory_holders')
          .values({
            ...key,
            npc_id: npcId,
            ...time,
            uses: 0,
            pinned_at_ms: word.isPinned ? clock.now() : null,
          })
          .execute();
        const all = [
          ...sources.filter(({ kind }) => kind === 'line'),
          { kind: 'word', by: word.by } as const,
        ];
        await transaction
          .insertInto('memory_sources')
          .values(
            all.map((source, position) => ({
              ...key,
              position,
              kind: source.kind,
              source_id: source.kind === 'line' ? source.id : source.by,
            })),
          )
          .execute();
        const [held] = await heldAmong(transaction, campaignId, npcId, [word.id]);
        return held && { held, gone: word.inPlaceOf === undefined ? [] : [word.inPlaceOf] };
      });
      if (told !== undefined) tell(npcId, [told.held], told.gone);
      return told?.held;
    },

    forget: async (npcId, id) => {
      const given = await db
        .transaction()
        .execute(async (transaction) => giveUp(transaction, campaignId, npcId, id));
      if (given !== undefined) tell(npcId, [], [id]);
      return given !== undefined;
    },

    pin: async (npcId, id, isPinned) => {
      const pinned = await db.transaction().execute(async (transaction) => {
        const [held] = await heldAmong(transaction, campaignId, npcId, [id]);
        if (held === undefined) return false;
        if (held.isPinned === isPinned) return held;
        if (isPinned && (await countPinned(transaction, npcId)) >= MOST_PINNED) return 'full';
        const at = isPinned ? clock.now() : null;
        if (held.shelf === 'semantic')
          await transaction
            .updateTable('memory_holders')
            .set({ pinned_at_ms: at })
            .where('campaign_id', '=', campaignId)
            .where('memory_id', '=', id)
            .where('npc_id', '=', npcId)
            .execute();
        else
          await transaction
            .updateTable('line_witnesses')
            .set({ pinned_at_ms: at, standing: 'long-term' })
            .where('campaign_id', '=', campaignId)
            .where('npc_id', '=', npcId)
            .where(({ eb, refTuple }) =>
              eb(refTuple('scene_id', 'seq'), 'in', placesOf(transaction, campaignId, [id])),
            )
            .execute();
        return (await heldAmong(transaction, campaignId, npcId, [id]))[0] ?? false;
      });
      if (typeof pinned !== 'object') return pinned;
      tell(npcId, [pinned], []);
      return true;
    },
  };
}
