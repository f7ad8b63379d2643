import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DiscordApi } from '#src/adapters/discord/discord-api.ts';
import { APPLICATION, US } from './guild.ts';

export interface Recorded {
  /** "PATCH /webhooks/1/TOKEN/messages/@original". */
  readonly request: string;
  readonly query: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that answers as a test says, and else with a message of a new id; what it was asked is kept. */
export async function record(
  answer: (request: string, count: number) => Answer | undefined = () => undefined,
) {
  const journal: Recorded[] = [];
  let id = 7000;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const name = `${request.method} ${decodeURIComponent(pathname).replace('/api/v10', '')}`;
      const known: Readonly<Record<string, unknown>> = {
        'GET /applications/@me': { id: APPLICATION, flags: 1 << 18 },
        'GET /users/@me': { id: US, username: 'Dramatis' },
      };
      if (known[name] === undefined) {
        journal.push({
          request: name,
          query: searchParams.toString(),
          body: text === '' ? {} : JSON.parse(text),
        });
      }
      id += 1;
      const {
        status = 200,
        body = known[name] ?? { id: String(id), channel_id: searchParams.get('thread_id') },
        headers,
      } = answer(name, journal.length) ?? {};
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const apiUrl = `http://127.0.0.1:${port}/api`;
  const api = new DiscordApi({ token: 'token', apiUrl });
  return {
    apiUrl,
    api,
    journal,
    /** Only what was asked, in order. */
    get requests() {
      return journal.map(({ request }) => request);
    },
    async [Symbol.asyncDispose]() {
      api.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How Discord refuses. */
export function refusal(status: number, code: number): Answer {
  return { status, body: { code, message: 'no' } };
}
