import { DatabaseSync } from 'node:sqlite';
import { type CompiledQuery, Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { nodeSqliteDialect } from '#src/adapters/sqlite/dialect.ts';
import { migrate } from '#src/adapters/sqlite/migrate.ts';
import { MIGRATIONS } from '#src/adapters/sqlite/migrations/index.ts';
import { sqlStore } from '#src/adapters/sqlite/sql-store.ts';
import type { Tables } from '#src/adapters/sqlite/tables.ts';
import { notice } from '#src/core/view.ts';
import { addNpc, castRequest, newLine, newNpc, persona, TestClock } from '../../../contract/store-samples.ts';

/** Rows that the statement itself gives, and an index that holds only what is due. */
const GIVEN_OR_DUE = ['SCAN given', 'SCAN CONSTANT ROW', 'SCAN campaigns USING INDEX campaigns_unrested'];
/** What a full-text table gives by the words that are asked for, or by its rowid. */
const BY_WORDS = /^SCAN search_words VIRTUAL TABLE INDEX \d+:(=|\S*M\d)/;

it('reads by index: what it takes does not grow with what else is stored', async () => {
  const database = new DatabaseSync(':memory:');
  const asked = new Map<string, CompiledQuery>();
  const db = new Kysely<Tables>({
    dialect: nodeSqliteDialect(database, 1),
    log: ({ query }) => {
      asked.set(query.sql, query);
    },
  });
  await migrate(db, MIGRATIONS);
  asked.clear();

  const clock = new TestClock();
  const store = sqlStore(db, clock);
  const { id } = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
  await store.addCampaign(id, 'Second');
  await store.campaigns(id);
  const campaign = store.campaign((await store.campaignOf(id, 'table')).id);
  await store.bindChannel(id, 'table', campaign.campaignId);
  await store.campaignOf(id, 'thread', 'table');
  await store.workspaceOf(campaign.campaignId);
  await campaign.changeSettings({ improvFallback: true });
  await addNpc(campaign, newNpc('npc'));
  const change = { base: 1, persona: persona('Bram'), reason: 'edited', by: 'Gale', follow: false } as const;
  await campaign.npcs.addVersion('npc', change);
  await campaign.npcs.byName('bram');
  await campaign.npcs.list();
  await campaign.npcs.names();
  await campaign.npcs.ofCast('cast');
  await campaign.npcs.versions('npc');
  await campaign.npcs.setStatus('npc', 'kept');
  await campaign.npcs.setLocks('npc', ['voice']);
  await campaign.casts.add({ id: 'cast', request: castRequest, members: [] });
  await campaign.casts.recent(5);
  await campaign.casts.markStopped('cast');
  await campaign.casts.byId('cast');
  const scene = await campaign.scenes.open('table');
  await campaign.scenes.enter(scene.id, 'npc');
  await campaign.npcs.onStage('table');
  await campaign.lines.append(newLine('line', scene.id, { witnesses: ['npc'] }));
  await campaign.lines.update('line', { text: 'x', state: 'speaking' });
  await campaign.lines.update('line', { text: 'x', state: 'said' });
  await campaign.lines.addPost('line', 'message');
  await campaign.lines.byPost('table', 'message');
  await campaign.lines.revise('line', 'y');
  await campaign.lines.recent(scene.id, 1000);
  await campaign.lines.witnessed(scene.id, 'npc', 1000);
  await campaign.lines.witnesses('line');
  await campaign.lines.repliesTo('line');
  await campaign.memories.of('npc', { limit: 5000 });
  await campaign.memories.all({ limit: 5000 });
  await campaign.memories.holders(['line', 'other']);
  await campaign.memories.used('npc', ['line', 'other']);
  await campaign.memories.long('npc', { limit: 5000 });
  await campaign.memories.semanticOfAll({ limit: 5000 });
  const shelves = ['recent', 'long-term', 'semantic'] as const;
  for (const shelf of shelves) await campaign.memories.held('npc', { shelf, limit: 10, offset: 10 });
  for (const shelf of shelves) await campaign.memories.idsHeld('npc', { shelf, limit: 10, offset: 10 });
  await campaign.memories.counts('npc');
  await campaign.memories.units(['line']);
  const { consolidation } = campaign;
  await consolidation.unweighed('npc', { limit: 100 });
  await consolidation.markOf('npc', 'recent', 5000);
  const mark = { playedDay: 3, saidAtInMs: clock.time, seq: 3 };
  await consolidation.before('npc', { shelf: 'recent', mark, limit: 100 });
  await consolidation.known(['sum']);
  const seen = [{ id: 'line', text: 'y' }];
  const weighed = seen.map((line) => ({ ...line, importance: 0.5, isPromoted: false }));
  const folded = [{ memoryId: 'sum', text: 'z', importance: 0.5, sources: seen }];
  await consolidation.settle('npc', { weighed, folded: [], letGo: [] });
  await consolidation.settle('npc', { weighed: [], folded, letGo: [] });
  await consolidation.semantic('npc', { limit: 100, offset: 0 });
  await consolidation.saveRun({
    ...{ weighed: 0, promoted: 0, summaries: 0, folded: 0, letGo: 0, dropped: 0 },
    ...{ endedAtInMs: 0, tookInMs: 0, fault: undefined },
  });
  await consolidation.lastRun();
  await consolidation.rested(1);
  await store.unrested();
  await campaign.lines.revise('line', 'z');
  const word = { id: 'word', text: 'x', importance: 1, isPinned: true, by: 'Gale', inPlaceOf: undefined };
  await campaign.memories.tell('npc', word);
  await campaign.memories.sources('word');
  await campaign.memories.pin('npc', 'line', true);
  await campaign.memories.pin('npc', 'word', false);
  await campaign.memories.forget('npc', 'word');
  await campaign.memories.forget('npc', 'line');
  await consolidation.drop('npc', ['sum']);
  await store.locks.take('lock', 'token', 1000);
  await store.locks.renew('lock', 'token', 1000);
  await store.locks.release('lock', 'token');
  const key = { campaignId: campaign.campaignId, kind: 'memory', id: 'word' } as const;
  const changes = await store.searchOutbox.due({ limit: 100 });
  await store.searchOutbox.failed(changes, { dueAtInMs: 0 });
  await store.searchOutbox.done(changes);
  const index = store.searchIndex('model');
  const vector = Float32Array.of(1);
  await index.put([{ ...key, text: 'x', readers: ['everyone'], vector }]);
  for (const npcId of ['npc', undefined])
    await index.find({ ...key, what: 'memories', npcId, words: ['x'], vector, limit: 5 });
  await index.kept([{ ...key, text: 'x' }]);
  await index.remove([key]);
  await campaign.usage.add({
    model: 'model',
    purpose: 'speak',
    inputTokens: 1,
    cachedInputTokens: 0,
    outputTokens: 1,
    costInMicroUsd: 1,
  });
  await campaign.usage.totals();
  await campaign.characters.set('person', 'Wren');
  await campaign.characters.of('person');
  await campaign.characters.set('person', undefined);
  const item = {
    id: 'item',
    personId: undefined,
    permission: 'gm' as const,
    notice: notice('plain', 'x'),
    sinceInMs: 0,
  };
  await campaign.waiting.add(item);
  await campaign.waiting.list('person');
  await campaign.waiting.seen('person', ['item', 'other']);
  await campaign.waiting.announced(['item', 'other']);
  const code = await store.shelf.put(id, { label: '', command: 'npc show', options: {} });
  await store.shelf.get(id, code);
  await store.shelf.expire(0);
  await store.installations.byTeam('slack', 'T1');
  await store.installations.teams('slack');
  await store.installations.remove('slack', 'T1');
  await store.keepAlive();
  const gone = sqlStore(db, clock);
  await gone.keepAlive();
  const theirs = gone.campaign(campaign.campaignId).lines;
  await theirs.append(newLine('half', scene.id, { state: 'speaking' }));
  clock.time += 60_000;
  expect(await store.recoverLines()).toHaveLength(1);
  await campaign.lines.retract('line');
  await campaign.npcs.setStatus('npc', 'discarded');
  await campaign.scenes.leave(scene.id, 'npc');

  const plans = [...asked.values()]
    .filter(({ sql }) => /^(select|update|delete|with)/.test(sql))
    .map(({ sql, parameters }) => ({ sql, steps: stepsOf(database, sql, parameters) }));
  expect(plans.length).toBeGreaterThan(20);
  expect(
    plans.filter(({ steps }) =>
      steps.some((step) => step.startsWith('SCAN') && !GIVEN_OR_DUE.includes(step) && !BY_WORDS.test(step)),
    ),
  ).toEqual([]);
  // A scene's newest lines, and an NPC's newest memories, come in the order of their index, and the read ends at its limit.
  const ordered = plans.filter(
    ({ sql }) => sql.includes('order by "lines"."seq"') || sql.includes('_witnesses"."seq" desc'),
  );
  expect(ordered).toHaveLength(4);
  expect(ordered.filter(({ steps }) => steps.some((step) => step.includes('TEMP B-TREE')))).toEqual([]);
  const remembered = plans.find(({ sql }) => sql.includes('"said_at_ms" desc'));
  expect(remembered?.steps[0]).toContain('line_witnesses_by_standing');
  const wide = plans.filter(({ steps }) =>
    steps.some((step) => /line_witnesses.*\((npc|campaign)_id=\?\)$/u.test(step)),
  );
  expect(wide.map(({ sql }) => sql)).toEqual([]);
  const unweighed = plans.filter(({ sql }) => sql.includes('"importance" is null'));
  const byUnweighed = expect.stringContaining('line_witnesses_unweighed');
  expect(unweighed.map(({ steps }) => steps[0])).toEqual([byUnweighed, byUnweighed]);
  const pinned = plans.filter(({ sql }) => /^select .*"pinned_at_ms" is not null/su.test(sql));
  expect(pinned.map(({ steps }) => steps[0])).toEqual(pinned.map(() => expect.stringContaining('_pinned')));
  const used = plans.find(({ sql }) => sql.startsWith('update "line_witnesses" set "uses"'));
  expect(used?.steps[0]).toMatch(/campaign_id=\? AND scene_id=\? AND npc_id=\? AND seq=\?/u);
  const witnessed = ordered.find(({ sql }) => sql.includes('line_witnesses'));
  expect(witnessed?.steps[0]).toContain('line_witnesses_by_npc');
  await store.close();
});

function stepsOf(database: DatabaseSync, sql: string, parameters: readonly unknown[]): string[] {
  const bound = parameters.map((value) => (typeof value === 'number' ? value : String(value)));
  return database
    .prepare(`explain query plan ${sql}`)
    .all(...bound)
    .map(({ detail }) => String(detail));
}
