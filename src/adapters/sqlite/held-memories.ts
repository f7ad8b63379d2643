import type { Clock } from '#src/core/clock.ts';
import type { HeldMemory, MemoryShelf, MemorySource, MemoryUnit } from '#src/core/memory.ts';
import { type MemoryChange, type MemoryStore, MOST_PINNED } from '#src/core/memory-store.ts';
import { giveUp, heldAmong } from './give-up.ts';
import {
  heldLines,
  heldMemory,
  inChunks,
  linesOf,
  memoriesOf,
  placesOf,
  standingLines,
  unitOfMemory,
  unitsOfLines,
} from './memory-rows.ts';
import type { Database, Standing } from './tables.ts';

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

  const newestLines = (npcId: string, standing: Standing, limit: number, offset: number) =>
    linesOf(db, campaignId, npcId)
      .where('line_witnesses.standing', '=', standing)
      .orderBy('line_witnesses.played_day', 'desc')
      .orderBy('line_witnesses.said_at_ms', 'desc')
      .orderBy('line_witnesses.seq', 'desc')
      .limit(Math.max(0, limit))
      .offset(offset);

  const newestMemories = (npcId: string, limit: number, offset: number) =>
    memoriesOf(db, campaignId, npcId)
      .orderBy('memory_holders.played_day', 'desc')
      .orderBy('memory_holders.said_at_ms', 'desc')
      .orderBy('memory_holders.memory_id', 'desc')
      .limit(Math.max(0, limit))
      .offset(offset);

  return {
    held: async (npcId, { shelf, limit, offset = 0 }) =>
      shelf === 'semantic'
        ? (await newestMemories(npcId, limit, offset).execute()).map(heldMemory)
        : heldLines(await newestLines(npcId, shelf, limit, offset).execute()),

    heldAmong: async (npcId, ids) => heldAmong(db, campaignId, npcId, ids),

    idsHeld: async (npcId, { shelf, limit, offset = 0 }) => {
      const rows = await (shelf === 'semantic'
        ? newestMemories(npcId, limit, offset).clearSelect().select('memories.id')
        : newestLines(npcId, shelf, limit, offset).clearSelect().select('lines.id')
      ).execute();
      return rows.map(({ id }) => id);
    },

    counts: async (npcId) => {
      const counts: Record<MemoryShelf, number> = { recent: 0, 'long-term': 0, semantic: 0 };
      const lines = db
        .selectFrom('line_witnesses')
        .select((eb) => ['standing', eb.fn.countAll<number>().as('count')])
        .where('campaign_id', '=', campaignId)
        .where('standing', 'in', ['recent', 'long-term'])
        .groupBy('standing');
      const memories = db
        .selectFrom('memory_holders')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('campaign_id', '=', campaignId);
      const [ofLines, ofMemories] = [
        await (npcId === undefined ? lines : lines.where('npc_id', '=', npcId)).execute(),
        await (npcId === undefined
          ? memories
          : memories.where('npc_id', '=', npcId)
        ).executeTakeFirstOrThrow(),
      ];
      for (const { standing, count } of ofLines)
        if (standing === 'recent' || standing === 'long-term') counts[standing] = Number(count);
      counts.semantic = Number(ofMemories.count);
      return counts;
    },

    sources: async (id) => {
      const rows = await db
        .selectFrom('memory_sources')
        .select(['kind', 'source_id'])
        .where('campaign_id', '=', campaignId)
        .where('memory_id', '=', id)
        .orderBy('position')
        .execute();
      return rows.map(
        ({ kind, source_id: source }): MemorySource =>
          kind === 'line' ? { kind, id: source } : { kind, by: source },
      );
    },

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
        if (word.inPlaceOf !== undefined) {
          const given = await giveUp(transaction, campaignId, npcId, word.inPlaceOf);
          if (given === undefined) return undefined;
          sources.push(...given);
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
