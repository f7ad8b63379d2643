import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playSession } from '../support/session.ts';

const LINES = [
  '/npc talk Hroon',
  '/memory add npc:Hroon text:The ferryman owes you two silver coins.',
  'What does the ferryman owe you, Hroon?',
  '/memory recall query:ferryman',
];

const servers: readonly (readonly [string, RequestListener])[] = [
  ['never answers', (request) => void request.resume()],
  [
    'is a page for guests',
    (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
    },
  ],
];

it.each(servers)(
  'a table whose Chroma %s plays on without, says so once, and ends',
  async (_what, answer) => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-away-'));
    try {
      const environment = { CHROMA_URL: `http://127.0.0.1:${port}` };
      const { stdout, stderr, code } = await playSession(LINES, { dataDir, environment });
      expect(code).toBe(0);
      expect(stdout).toMatch(/What does the ferryman owe you, Hroon\?\nHroon: \S/u);
      expect(stdout).toMatch(/GM’s word: The ferryman owes you two silver coins/u);
      expect(stderr.match(/Chroma is away/gu)).toHaveLength(1);
    } finally {
      server.closeAllConnections();
      server.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
