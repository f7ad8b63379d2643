import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type App, openApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { admin, place, spoken } from '../support/front.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { recordingLog } from '../support/recording-log.ts';
import { RecordingStage } from '../support/recording-stage.ts';
import { chromaMissing, startChroma } from '../support/servers/chroma.ts';
import { redisMissing, startRedis } from '../support/servers/redis.ts';
import type { RunningServer } from '../support/servers/server-process.ts';

const missing = (await chromaMissing()) ?? (await redisMissing());

/** Passes on what is asked of Chroma, and keeps it; or hangs up. */
async function startWatch(target: string) {
  const asked: { readonly path: string; readonly body: string }[] = [];
  let isAway = false;
  const server: Server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      asked.push({ path: request.url ?? '', body });
      if (isAway) {
        request.socket.destroy();
        return;
      }
      const isGet = request.method === 'GET';
      const answer = await fetch(target + request.url, {
        method: request.method ?? 'GET',
        headers: { 'content-type': 'application/json' },
        ...(isGet ? {} : { body }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    of: (call: string) => asked.filter(({ path }) => path.endsWith(`/${call}`)).map(({ body }) => body),
    setAway(away: boolean) {
      isAway = away;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

describe.skipIf(missing)(
  `a game with Chroma, Redis and a model for vectors (${missing ?? 'brought'})`,
  () => {
    let chroma: RunningServer;
    let redis: RunningServer;
    let watch: Awaited<ReturnType<typeof startWatch>>;
    let remote: ModelServer;
    let dataDir: string;
    let app: App;
    let calls = 0;
    let log: ReturnType<typeof recordingLog>;

    beforeAll(async () => {
      [chroma, redis] = await Promise.all([startChroma(), startRedis()]);
    });
    afterAll(() => Promise.all([chroma?.stop(), redis?.stop()]));
    beforeEach(async () => {
      log = recordingLog();
      watch = await startWatch(chroma.url);
      remote = await startModelServer();
      dataDir = await mkdtemp(join(tmpdir(), 'dramatis-long-'));
      app = await open();
    });
    afterEach(async () => {
      await app.close({ graceInMs: 0 });
      await watch.close();
      await remote.close();
      await rm(dataDir, { recursive: true, force: true });
    });

    async function open(): Promise<App> {
      const { config, warnings } = readConfig({
        ...{ DATA_DIR: dataDir, CHROMA_URL: watch.url, REDIS_URL: redis.url },
        ...{ OPENAI_BASE_URL: remote.url, EMBEDDING_MODEL: 'stand-in', OPENAI_API_KEY: 'sk-test' },
      });
      expect(warnings.filter((warning) => /CHROMA|REDIS|EMBEDDING/.test(warning))).toEqual([]);
      return openApp({ config, log: log.log });
    }

    async function run(command: string, options: Readonly<Record<string, string>>): Promise<RecordingStage> {
      calls += 1;
      const stage = new RecordingStage();
      const call = { place, callId: `call-${calls}`, person: admin, command, options } as const;
      await app.front.run({ ...call, speaker: { kind: 'gm', id: 'gm', name: 'GM' } }, stage);
      return stage;
    }

    async function say(said: string): Promise<RecordingStage> {
      calls += 1;
      const stage = new RecordingStage();
      const line = { ...spoken, place, messageId: `m${calls}`, person: admin, text: said } as const;
      await app.front.hear({ ...line, speaker: { kind: 'character', id: 'p1', name: 'Mira' } }, stage);
      return stage;
    }

    test('asks Chroma on every turn for memories and lore that the NPC may know, and goes on without', async () => {
      const told = (await run('npc quick', { role: 'barkeep' })).told.at(-1) ?? '';
      const npc = /(\S.*) is ready/u.exec(told)?.[1] ?? '';
      await run('npc talk', { npc });
      await run('memory add', { npc, text: 'The ferryman owes you two silver coins.' });
      await run('lore add', { title: 'The docks', text: 'The toll at the salt docks is two coppers.' });
      await vi.waitFor(() => expect(watch.of('upsert')).toHaveLength(2), { timeout: 10_000, interval: 50 });
      const [memory, passage] = watch
        .of('upsert')
        .toSorted((a, b) => Number(a.includes('passage')) - Number(b.includes('passage')));
      expect(memory).toContain('"semantic"');
      expect(passage).toContain('anybody:everyone');

      const stage = await say('What does the ferryman owe you?');
      expect(stage.speeches.at(-1)).toMatchObject({ npc, ending: { state: 'said' } });
      // Behind these come names of the answer, where it has any: they are fetched ahead.
      const queries = watch
        .of('query')
        .slice(0, 2)
        .map((body): unknown => JSON.parse(body));
      expect(queries).toHaveLength(2);
      const filters = JSON.stringify(
        queries.map((query) => z.object({ where: z.unknown() }).parse(query).where),
      );
      expect(filters).toMatch(/reader:[\w-]+":\{"\$in":\["long-term","semantic"\]\}/);
      expect(filters).toMatch(/"anybody:everyone":"lore"/);

      watch.setAway(true);
      const without = await say('And what is the toll at the docks?');
      expect(without.speeches.at(-1)).toMatchObject({ npc, ending: { state: 'said' } });
      await say('Nobody crosses without paying the ferryman.');
      const events = log.entries.map(({ event }) => event);
      expect(events.filter((event) => event.startsWith('Chroma is away'))).toHaveLength(1);
      const stats = (await run('admin stats', {})).told.join('\n');
      expect(stats).toMatch(/embeddings/);
      expect(stats).toMatch(/asked of Chroma/);
      expect(stats).toMatch(/embedding wait/);
      expect(stats).toMatch(/recalled answers/);
    });

    test('tells Chroma later what it could not be told, also after a restart', async () => {
      const told = (await run('npc quick', { role: 'barkeep' })).told.at(-1) ?? '';
      const npc = /(\S.*) is ready/u.exec(told)?.[1] ?? '';
      watch.setAway(true);
      await run('memory add', { npc, text: 'The ferryman owes you two silver coins.' });
      await vi.waitFor(() => expect(log.entries.some(({ event }) => event === 'A failure')).toBe(true), {
        timeout: 10_000,
        interval: 50,
      });
      await app.close({ graceInMs: 0 });
      watch.setAway(false);
      app = await open();
      await vi.waitFor(() => expect(watch.of('upsert').length).toBeGreaterThan(0), {
        timeout: 20_000,
        interval: 50,
      });
      // Redis had its vector.
      expect(remote.embeddings.length).toBeLessThanOrEqual(2);
    });
  },
);
