import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeSqliteDialect } from '#src/adapters/sqlite/dialect.ts';
import { migrate } from '#src/adapters/sqlite/migrate.ts';
import { MIGRATIONS } from '#src/adapters/sqlite/migrations/index.ts';
import { sqlStore } from '#src/adapters/sqlite/sql-store.ts';
import type { Tables } from '#src/adapters/sqlite/tables.ts';
import { TestClock } from '../../../contract/store-samples.ts';

let database: DatabaseSync;
let db: Kysely<Tables>;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  db = new Kysely<Tables>({ dialect: nodeSqliteDialect(database, 1) });
});
afterEach(() => db.destroy());

/** Two scenes of a database from before memories, said out of the order of their places. */
const OLD_LINES = `
  insert into workspaces values ('w', 'terminal', 'local', 'Table');
  insert into campaigns values ('c', 'w', 'Main', 'main', 1, '{}');
  insert into npcs (campaign_id, id, name_key, status, version, locks, created_at_ms, name, aliases)
    values ('c', 'npc', 'tilda', 'kept', 1, '[]', 0, 'Tilda', '[]');
  insert into scenes (campaign_id, id, channel_id, line_count, started_at_ms)
    values ('c', 's1', 'table', 3, 0), ('c', 's2', 'elsewhere', 1, 9);
  insert into lines values
    ('c', 'l1', 's1', 1, 'character', 'p', 'Mira', 'speech', 'Spring.', 'said', null, 1000),
    ('c', 'l2', 's1', 2, 'npc', 'npc', 'Tilda', 'speech', 'Summer.', 'cut', 'l1', 3000),
    ('c', 'l3', 's1', 3, 'npc', 'npc', 'Tilda', 'speech', '', 'failed', 'l1', 3500),
    ('c', 'l4', 's2', 1, 'character', 'p', 'Mira', 'speech', 'Winter.', 'said', null, 500);
  insert into line_witnesses values ('c', 's1', 1, 'npc'), ('c', 's1', 2, 'npc'), ('c', 's1', 3, 'npc'), ('c', 's2', 1, 'npc');
`;

/** The database as it was after so many migrations, with what was in it then. */
async function migratedFrom(count: number): Promise<void> {
  const [first] = Object.entries(MIGRATIONS);
  await migrate(db, Object.fromEntries(first === undefined ? [] : [first]));
  database.exec(OLD_LINES);
  await migrate(db, Object.fromEntries(Object.entries(MIGRATIONS).slice(0, count)));
  await migrate(db, MIGRATIONS);
  await migrate(db, MIGRATIONS);
}

it('makes memories of lines that were said before it, once', async () => {
  await migratedFrom(1);
  const { memories } = sqlStore(db, new TestClock()).campaign('c');
  const kept = await memories.of('npc', { limit: 10 });
  expect(kept.map(({ text, saidAtInMs }) => [text, saidAtInMs])).toEqual([
    ['Summer.', 3000],
    ['Spring.', 1000],
    ['Winter.', 500],
  ]);
  expect(await memories.holders(['l1'])).toEqual(
    new Map([['l1', [{ npcId: 'npc', uses: 0, lastUsedAtInMs: undefined }]]]),
  );
});

it('counts the time that was played before it, and says when each line was', async () => {
  const day = 86_400_000;
  const minute = 60_000;
  const [first] = Object.entries(MIGRATIONS);
  await migrate(db, Object.fromEntries(first === undefined ? [] : [first]));
  database.exec(OLD_LINES);
  const times = { l4: day, l1: day + 20 * minute, l2: day + 51 * minute, l3: 4 * day };
  for (const [id, at] of Object.entries(times))
    database.exec(`update lines set created_at_ms = ${at} where id = '${id}'`);
  await migrate(db, MIGRATIONS);
  const played = database
    .prepare('select id, played_at_ms as ms, played_day as day from lines order by created_at_ms')
    .all();
  expect(played.map(({ id, ms, day: on }) => [id, Number(ms) / minute, on])).toEqual([
    ['l4', 0, 1],
    ['l1', 20, 1],
    ['l2', 20, 1],
    ['l3', 20, 2],
  ]);
  const { consolidation, memories } = sqlStore(db, new TestClock()).campaign('c');
  expect(await consolidation.played()).toEqual({ playedInMs: 20 * minute, playedDays: 2 });
  expect(await consolidation.unrested()).toBe(4);
  expect(
    (await memories.held('npc', { shelf: 'recent', limit: 9 })).map(({ playedDay }) => playedDay),
  ).toEqual([1, 1, 1]);
});

it('cuts off what was being spoken when the version changed', async () => {
  await migratedFrom(2);
  database.exec("update lines set state = 'speaking' where id in ('l2', 'l3')");
  const store = sqlStore(db, new TestClock());
  const recovered = await store.recoverLines();
  expect(recovered).toMatchObject([
    { channelId: 'table', line: { id: 'l2', state: 'cut' }, workspace: { name: 'Table' }, messageIds: [] },
    { channelId: 'table', line: { id: 'l3', state: 'failed' } },
  ]);
  await store.campaign('c').lines.addPost('l2', 'message');
  expect(await store.campaign('c').lines.byPost('table', 'message')).toMatchObject({ id: 'l2' });
});
