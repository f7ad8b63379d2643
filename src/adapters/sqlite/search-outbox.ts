import { sql } from 'kysely';
import type { Clock } from '#src/core/clock.ts';
import type {
  SearchChange,
  SearchEntry,
  SearchKey,
  SearchOutbox,
  SearchPurpose,
  SearchReader,
} from '#src/core/search.ts';
import { inChunks, standingLines } from './memory-rows.ts';
import type { Database, Standing } from './tables.ts';

/** Nothing is put off for longer: what is due later was put off before the clock was set back. */
const LONGEST_WAIT_IN_MS = 3_600_000;

/** What the search has yet to be told, of all campaigns. Triggers write it. */
export function searchOutbox(db: Database, clock: Clock): SearchOutbox {
  const one = ({ key, version }: SearchChange) => ({
    campaign_id: key.campaignId,
    kind: key.kind,
    source_id: key.id,
    version,
  });

  return {
    // What changes between the two readings has another version, and is told again.
    due: async ({ limit }) => {
      const now = clock.now();
      const some = db.selectFrom('search_outbox').selectAll().orderBy('due_at_ms').limit(limit);
      const due = await some.where('due_at_ms', '<=', now).execute();
      const rows =
        due.length > 0 ? due : await some.where('due_at_ms', '>', now + LONGEST_WAIT_IN_MS).execute();
      const changes = rows.map((row) => ({
        key: { campaignId: row.campaign_id, kind: row.kind, id: row.source_id },
        version: row.version,
        attempts: row.attempts,
      }));
      const entries = await entriesOf(
        db,
        changes.map(({ key }) => key),
      );
      return changes.map((change) => ({ ...change, entry: entries.get(nameOf(change.key)) }));
    },

    done: async (changes) =>
      db.transaction().execute(async (transaction) => {
        for (const change of changes) {
          const { campaign_id, kind, source_id, version } = one(change);
          await transaction
            .deleteFrom('search_outbox')
            .where('campaign_id', '=', campaign_id)
            .where('kind', '=', kind)
            .where('source_id', '=', source_id)
            .where('version', '=', version)
            .execute();
        }
      }),

    failed: async (changes, { dueAtInMs }) =>
      db.transaction().execute(async (transaction) => {
        for (const change of changes) {
          const { campaign_id, kind, source_id, version } = one(change);
          await transaction
            .updateTable('search_outbox')
            .set((eb) => ({ attempts: eb('attempts', '+', 1), due_at_ms: dueAtInMs }))
            .where('campaign_id', '=', campaign_id)
            .where('kind', '=', kind)
            .where('source_id', '=', source_id)
            .where('version', '=', version)
            .execute();
        }
      }),

    size: async () => {
      const { count } = await db
        .selectFrom('search_outbox')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    rebuildFor: async (purpose) =>
      db.transaction().execute(async (transaction) => {
        if ((await purposeIn(transaction, BUILT)) === purpose.name) return false;
        await build(transaction, purpose);
        return true;
      }),

    isBuiltFor: async ({ name }) => (await purposeIn(db, BUILT)) === name,

    beginAnew: async (purpose) =>
      db.transaction().execute(async (transaction) => {
        await setPurpose(transaction, ANEW, purpose.name);
        await build(transaction, purpose);
      }),

    isAnewFor: async ({ name }) => (await purposeIn(db, ANEW)) === name,

    endAnew: async () =>
      db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('search_purpose').where('id', '=', ANEW).execute();
      }),
  };
}

/**
 * The rows of `search_purpose`: for what the indexes are built, for what everything is being told anew, and whether lines
 * in the recent tiers are told too. Triggers look at the last one.
 */
const BUILT = 1;
const ANEW = 2;
const RECENT = 3;

async function build(transaction: Database, { name, withRecent }: SearchPurpose): Promise<void> {
  await setPurpose(transaction, BUILT, name);
  if (withRecent) await setPurpose(transaction, RECENT, 'recent lines');
  else await transaction.deleteFrom('search_purpose').where('id', '=', RECENT).execute();
  await enqueueAll(transaction, await standingsTold(transaction));
}

/** The lines that the search is told of, by what they are to any witness. */
async function standingsTold(db: Database): Promise<readonly Standing[]> {
  return (await purposeIn(db, RECENT)) === undefined ? ['long-term'] : ['long-term', 'recent'];
}

async function purposeIn(db: Database, id: number): Promise<string | undefined> {
  const row = await db.selectFrom('search_purpose').select('purpose').where('id', '=', id).executeTakeFirst();
  return row?.purpose;
}

async function setPurpose(transaction: Database, id: number, purpose: string): Promise<void> {
  await transaction
    .insertInto('search_purpose')
    .values({ id, purpose })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ purpose }))
    .execute();
}

/** When something is due that is told anew. What has changed is due at 0, by the triggers, and so goes before it. */
const ANEW_AT_MS = 1;

async function enqueueAll(db: Database, standings: readonly Standing[]): Promise<void> {
  // What stands in the index and nowhere else any more is among them, and is removed.
  await sql`insert into search_outbox (campaign_id, kind, source_id, version, attempts, due_at_ms)
    select campaign_id, kind, source_id, 1, 0, ${ANEW_AT_MS} from (
      select lines.campaign_id, 'line' as kind, lines.id as source_id from lines
        join line_witnesses on line_witnesses.campaign_id = lines.campaign_id
          and line_witnesses.scene_id = lines.scene_id and line_witnesses.seq = lines.seq
        where line_witnesses.standing in (${sql.join(standings)})
      union select campaign_id, 'memory', id from memories
      union select campaign_id, 'passage', document_id || '/' || id from lore_passages
      union select campaign_id, kind, source_id from search_entries
    ) where true
    on conflict (campaign_id, kind, source_id) do update set version = version + 1, attempts = 0,
      due_at_ms = min(due_at_ms, excluded.due_at_ms)`.execute(db);
}

/** A campaign's lines in long-term memory: rows that are written in that tier at once are seen by no trigger. */
export async function enqueueLongTermLines(transaction: Database, campaignId: string): Promise<void> {
  await sql`insert into search_outbox (campaign_id, kind, source_id, version, attempts, due_at_ms)
    select distinct lines.campaign_id, 'line', lines.id, 1, 0, 0 from line_witnesses
      join lines on lines.campaign_id = line_witnesses.campaign_id
        and lines.scene_id = line_witnesses.scene_id and lines.seq = line_witnesses.seq
      where line_witnesses.campaign_id = ${campaignId} and line_witnesses.standing = 'long-term'
    on conflict (campaign_id, kind, source_id) do update set version = version + 1, attempts = 0, due_at_ms = 0`.execute(
    transaction,
  );
}

/** What can be found under these keys now, by the names of their keys. */
async function entriesOf(
  db: Database,
  keys: readonly SearchKey[],
): Promise<ReadonlyMap<string, SearchEntry>> {
  const entries = new Map<string, SearchEntry>();
  const standings = await standingsTold(db);
  for (const [campaignId, own] of Map.groupBy(keys, (key) => key.campaignId)) {
    const ids = (kind: SearchKey['kind']) => own.filter((key) => key.kind === kind).map(({ id }) => id);
    const found = [
      ...(await lineEntries(db, campaignId, ids('line'), standings)),
      ...(await memoryEntries(db, campaignId, ids('memory'))),
      ...(await passageEntries(db, campaignId, ids('passage'))),
    ];
    for (const entry of found) entries.set(nameOf(entry), entry);
  }
  return entries;
}

interface Holding {
  readonly id: string;
  readonly text: string;
  readonly npc_id: string;
  readonly standing?: Standing;
}

function entriesOfHoldings(
  campaignId: string,
  kind: 'line' | 'memory',
  rows: readonly Holding[],
): readonly SearchEntry[] {
  const tier = kind === 'line' ? 'long-term' : 'semantic';
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, holdings]) => ({
    ...{ campaignId, kind, id, text: holdings[0]?.text ?? '' },
    readers: holdings
      .filter(({ standing }) => standing !== 'recent')
      .map(({ npc_id: npcId }) => ({ npcId, tier })),
  }));
}

async function lineEntries(
  db: Database,
  campaignId: string,
  ids: readonly string[],
  standings: readonly Standing[],
) {
  const rows: Holding[] = [];
  for (const some of inChunks(ids))
    rows.push(
      ...(await standingLines(db, campaignId)
        .innerJoin('line_witnesses', (join) =>
          join
            .onRef('line_witnesses.campaign_id', '=', 'lines.campaign_id')
            .onRef('line_witnesses.scene_id', '=', 'lines.scene_id')
            .onRef('line_witnesses.seq', '=', 'lines.seq'),
        )
        .clearSelect()
        .select(['lines.id', 'lines.text', 'line_witnesses.npc_id', 'line_witnesses.standing'])
        .where('lines.id', 'in', some)
        .where('line_witnesses.standing', 'in', standings)
        .execute()),
    );
  return entriesOfHoldings(campaignId, 'line', rows);
}

async function memoryEntries(db: Database, campaignId: string, ids: readonly string[]) {
  const rows: Holding[] = [];
  for (const some of inChunks(ids))
    rows.push(
      ...(await db
        .selectFrom('memories')
        .innerJoin('memory_holders', (join) =>
          join
            .onRef('memory_holders.campaign_id', '=', 'memories.campaign_id')
            .onRef('memory_holders.memory_id', '=', 'memories.id'),
        )
        .select(['memories.id', 'memories.text', 'memory_holders.npc_id'])
        .where('memories.campaign_id', '=', campaignId)
        .where('memories.id', 'in', some)
        .execute()),
    );
  return entriesOfHoldings(campaignId, 'memory', rows);
}

async function passageEntries(
  db: Database,
  campaignId: string,
  ids: readonly string[],
): Promise<readonly SearchEntry[]> {
  const entries: SearchEntry[] = [];
  for (const [documentId, own] of Map.groupBy(ids, (id) => id.slice(0, id.indexOf('/')))) {
    const document = await db
      .selectFrom('lore_documents')
      .select(['title', 'audience'])
      .where('campaign_id', '=', campaignId)
      .where('id', '=', documentId)
      .executeTakeFirst();
    if (document === undefined) continue;
    const npcs = await db
      .selectFrom('lore_readers')
      .select('npc_id')
      .where('campaign_id', '=', campaignId)
      .where('document_id', '=', documentId)
      .execute();
    const readers: Readonly<Record<typeof document.audience, readonly SearchReader[]>> = {
      everyone: ['everyone'],
      npcs: npcs.map(({ npc_id: npcId }) => ({ npcId, tier: 'lore' })),
      gm: [],
    };
    const passageIds = own.map((id) => id.slice(documentId.length + 1));
    for (const some of inChunks(passageIds)) {
      const rows = await db
        .selectFrom('lore_passages')
        .select(['id', 'heading', 'text', 'keys'])
        .where('campaign_id', '=', campaignId)
        .where('document_id', '=', documentId)
        .where('id', 'in', some)
        .execute();
      // Those with keys come up when they are called, and at no other time.
      for (const { id, heading, text, keys } of rows)
        if (keys === '[]')
          entries.push({
            ...{ campaignId, kind: 'passage', id: `${documentId}/${id}` },
            text: [document.title, heading, text].filter((part) => part !== '').join('\n'),
            readers: readers[document.audience],
          });
    }
  }
  return entries;
}

function nameOf({ campaignId, kind, id }: SearchKey): string {
  return JSON.stringify([campaignId, kind, id]);
}
