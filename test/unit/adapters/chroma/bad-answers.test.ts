import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ChromaSearch } from '#src/adapters/chroma/chroma-search.ts';
import { systemClock } from '#src/core/clock.ts';
import type { SearchHit, SearchQuery } from '#src/core/search.ts';
import { GuardedSearch } from '#src/search/guarded-search.ts';

/** What the server says to a question; undefined: nothing, ever. */
let answer: { readonly status: number; readonly body: string } | undefined;
let server: Server;
let url: string;

/** A server that makes collections as Chroma does, and answers questions with whatever it is to answer. */
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    if (request.url?.endsWith('/collections')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      const id = '00000000-0000-0000-0000-000000000001';
      response.end(JSON.stringify({ id, name: 'made', metadata: null, configuration_json: {} }));
    } else if (answer !== undefined) {
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.body);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const record = (id: string, change = {}) => ({ campaign: 'c1', kind: 'memory', id, ...change });

/** An answer in the form that Chroma gives it. */
function found(records: readonly unknown[], distances: readonly unknown[]) {
  const ids = [records.map((_, at) => `record ${at}`)];
  const rest = { documents: null, embeddings: null, uris: null, include: ['distances', 'metadatas'] };
  return JSON.stringify({ ids, metadatas: [records], distances: [distances], ...rest });
}

const query: SearchQuery = {
  ...{ campaignId: 'c1', what: 'memories', npcId: 'wren', words: [], limit: 3 },
  vector: Float32Array.of(1, 0),
};

let search: ChromaSearch;
beforeEach(async () => {
  search = await ChromaSearch.open({ url, model: 'm' });
});

const whole = found([record('a'), record('b')], [0.1, 0.2]);

test.each([
  ['a page', 200, '<html><body>Welcome to this network</body></html>'],
  ['nothing', 200, ''],
  ['nothing, on purpose', 204, ''],
  ['null', 200, 'null'],
  ['a list', 200, '[]'],
  ['half of it', 200, whole.slice(0, whole.length / 2)],
  ['another form', 200, '{"ids": 7, "metadatas": "x"}'],
  ['no rows', 200, '{"ids": [], "metadatas": [], "distances": []}'],
  ['no distances', 200, JSON.stringify({ ids: [['r']], metadatas: [[record('a')]], include: ['distances'] })],
  ['distances that are words', 200, found([record('a')], ['near'])],
  ['distances without end', 200, found([record('a')], [0]).replace('[[0]]', '[[1e999]]')],
  ['records that say nothing', 200, found([null], [0.1])],
  ['records of another form', 200, found([{ campaign: 'c1', kind: 'dragon', id: 3 }], [0.1])],
  ['what is of another campaign', 200, found([record('a', { campaign: 'c2' })], [0.1])],
  ['lore for memories', 200, found([record('d/p', { kind: 'passage' })], [0.1])],
  ['a fault', 500, '<html>Oh no</html>'],
  ['another fault', 503, ''],
  ['too many requests', 429, '{"error":"ChromaRateLimit"}'],
  ['that one may not', 401, '{}'],
])('a Chroma that answers with %s is away, and the database answers', async (_what, status, body) => {
  answer = { status, body };
  const own: readonly SearchHit[] = [{ kind: 'memory', id: 'own', score: 1, likeness: undefined }];
  const onAway = vi.fn();
  const guarded = new GuardedSearch({
    ...{ far: search, own: { find: async () => own }, clock: systemClock, onAway, onBack: vi.fn() },
  });
  expect(await guarded.find(query)).toEqual(own);
  expect(onAway).toHaveBeenCalledTimes(1);
});

test('a Chroma that never answers is not waited for', async () => {
  answer = undefined;
  await expect(search.find(query)).rejects.toThrow('did not answer within');
});

test('a Chroma that finds more than was asked for is taken at its first words', async () => {
  const many = Array.from({ length: 5_000 }, (_, at) => record(`m${at}`));
  answer = { status: 200, body: found(many, Array(5_000).fill(0.5)) };
  expect((await search.find(query)).map(({ id }) => id)).toEqual(['m0', 'm1', 'm2']);
});

test('a Chroma whose answer is whole is believed, also where it finds nothing', async () => {
  answer = { status: 200, body: whole };
  expect(await search.find(query)).toEqual([
    { kind: 'memory', id: 'a', score: 0.9, likeness: 0.9 },
    { kind: 'memory', id: 'b', score: 0.8, likeness: 0.8 },
  ]);
  answer = { status: 200, body: found([], []) };
  expect(await search.find(query)).toEqual([]);
});
