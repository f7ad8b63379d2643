import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DiscordFault, fault } from './errors.ts';
import { type Faults, INJECTED } from './injected-faults.ts';
import { limitedHeaders, RateLimits } from './rate-limits.ts';
import type { FileRecord } from './records.ts';
import type { Answer, Route } from './routes/route.ts';
import { SpecJudge } from './spec-judge.ts';
import type { World } from './world.ts';

const PREFIX = '/api/v10';
const TOO_MANY_REQUESTS = 429;
const SECOND_IN_MS = 1000;
const EDIT = /^PATCH .*\/messages\//u;

/** A request as it came, and how it was answered. */
export interface JournalEntry {
  readonly method: string;
  /** Without `/api/v10`. */
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  /** In real time, `performance.now()`. */
  readonly arrivedAt: number;
  status: number | undefined;
}

interface Received {
  /** "METHOD /path", without tokens. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly body: unknown;
  readonly files: readonly FileRecord[];
  readonly arrivedAtInMs: number;
  readonly arrivedAt: number;
  readonly request: IncomingMessage;
}

/** Discord's REST API over HTTP: judges each request, counts it, answers it. */
export class HttpApi {
  readonly server: Server;
  readonly limits: RateLimits;
  readonly journal: JournalEntry[] = [];
  /** Answers of 401, 403 and 429: 10,000 in ten minutes ban an address. */
  invalidRequests = 0;
  readonly #world: World;
  readonly #routes: readonly Route[];
  readonly #faults: Faults;
  readonly #edits = new Set<string>();
  readonly #judge = SpecJudge.load();

  constructor(world: World, routes: readonly Route[], faults: Faults) {
    this.#world = world;
    this.#routes = routes;
    this.#faults = faults;
    this.limits = new RateLimits(world.clock);
    this.server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        // A fault of the stand-in: tests see it as a violation, not as one of Discord's own failures.
        world.findings.violations.push({
          kind: 'spec',
          request: `${request.method} ${request.url}`,
          why: String(error),
        });
        if (!response.headersSent) send(response, { status: 500, body: { message: String(error), code: 0 } });
      });
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#world.url);
    if (url.pathname.startsWith('/attachments/')) {
      this.#sendFile(url.pathname, response);
      return;
    }
    const method = request.method ?? 'GET';
    const arrivedAt = performance.now();
    const arrivedAtInMs = this.#world.clock.now();
    const { body, files } = await readBody(request, () => this.#world.ids.next());
    const path = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : url.pathname;
    const entry: JournalEntry = { method, path, query: url.search, body, arrivedAt, status: undefined };
    this.journal.push(entry);
    const name = `${method} ${path.replace(/(\/(?:webhooks|interactions)\/\d+\/)[^/]+/u, '$1TOKEN')}`;
    const answer = await this.#underEdit(`${method} ${path}`, () =>
      this.#answer({ name, method, path, url, body, files, arrivedAtInMs, arrivedAt, request }),
    );
    entry.status = answer.status;
    if ([401, 403, TOO_MANY_REQUESTS].includes(answer.status)) this.invalidRequests += 1;
    send(response, answer);
    this.#world.changed();
  }

  /** Of one message only one edit is to be under way, from its arrival to its answer; two are noted. */
  async #underEdit(name: string, answer: () => Promise<Answer>): Promise<Answer> {
    if (!EDIT.test(name)) return await answer();
    if (this.#edits.has(name)) this.#world.findings.overlaps.push(name);
    this.#edits.add(name);
    try {
      return await answer();
    } finally {
      this.#edits.delete(name);
    }
  }

  async #answer(asked: Received): Promise<Answer> {
    const { name, method, path, url, body } = asked;
    const violate = (kind: 'spec' | 'limit', why: string) =>
      this.#world.findings.violations.push({ kind, request: name, why });
    const wrong = this.#judge?.judge({ method, path, query: url.searchParams, body }) ?? [];
    for (const why of wrong) violate('spec', why);

    const injected = this.#faults.next(name);
    if (injected?.latencyInMs !== undefined) await sleep(injected.latencyInMs);
    if (injected?.status === TOO_MANY_REQUESTS) return tooMany(injected.retryAfterInMs, injected.isGlobal);
    if (injected?.status !== undefined && !injected.isServed)
      return { status: injected.status, body: { message: INJECTED, code: 0 } };

    const isForInteraction =
      path.startsWith('/interactions/') || path.startsWith(`/webhooks/${this.#world.applicationId}/`);
    const bucket = `${method} ${path.replace(/(\/messages\/)[^/]+/u, '$1id')}`;
    const verdict = this.limits.count(
      isForInteraction ? `${method} interaction ${path}` : bucket,
      !isForInteraction,
    );
    if (verdict.refusedForInMs !== undefined) {
      const answer = tooMany(verdict.refusedForInMs, verdict.isGlobal);
      return { ...answer, headers: { ...verdict.headers, ...answer.headers } };
    }
    try {
      if (wrong.length > 0 && !wrong.includes('there is no such route'))
        throw fault.invalidBody(wrong.join('; '));
      const answer = await this.#run(asked);
      if (injected?.status !== undefined)
        return { status: injected.status, body: { message: INJECTED, code: 0 } };
      return { ...answer, headers: verdict.headers };
    } catch (error) {
      if (!(error instanceof DiscordFault)) throw error;
      if (error.code === 50035 && wrong.length === 0) violate('limit', error.message);
      if (error.code === 50006) violate('limit', error.message);
      return {
        status: error.status,
        body: { message: error.message, code: error.code },
        headers: verdict.headers,
      };
    }
  }

  async #run({
    method,
    path,
    url,
    body,
    files,
    arrivedAtInMs,
    arrivedAt,
    request,
    name,
  }: Received): Promise<Answer> {
    const segments = path.split('/').map((segment) => decodeURIComponent(segment));
    for (const route of this.#routes) {
      const params = matched(route, method, segments);
      if (params === undefined) continue;
      if (route.needs === 'bot' && request.headers.authorization !== `Bot ${this.#world.token}`)
        throw fault.unauthorized();
      return await route.handle({
        world: this.#world,
        name,
        param: (key) => params.get(key) ?? '',
        query: url.searchParams,
        body,
        files,
        arrivedAtInMs,
        arrivedAt,
      });
    }
    throw fault.notFound();
  }

  #sendFile(path: string, response: ServerResponse): void {
    const [, , channelId = '', id = ''] = path.split('/');
    const messages = [...(this.#world.channels.get(channelId)?.messages.values() ?? [])];
    const file = messages.flatMap(({ files }) => files).find((each) => each.id === id);
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' });
    response.end(file?.bytes);
  }
}

function matched(route: Route, method: string, segments: readonly string[]): Map<string, string> | undefined {
  const parts = route.template.split('/');
  if (route.method !== method || parts.length !== segments.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) params.set(part.slice(1, -1), segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

function tooMany(waitInMs: number, isGlobal: boolean): Answer {
  return {
    status: TOO_MANY_REQUESTS,
    body: { message: 'You are being rate limited.', retry_after: waitInMs / SECOND_IN_MS, global: isGlobal },
    headers: limitedHeaders(waitInMs, isGlobal ? 'global' : 'user'),
  };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function readBody(
  request: IncomingMessage,
  newId: () => string,
): Promise<{ readonly body: unknown; readonly files: readonly FileRecord[] }> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const raw = Buffer.concat(pieces);
  const type = request.headers['content-type'] ?? '';
  if (raw.length === 0) return { body: undefined, files: [] };
  if (!type.startsWith('multipart/')) return { body: JSON.parse(raw.toString('utf8')), files: [] };
  const form = await new Response(raw, { headers: { 'content-type': type } }).formData();
  const json = form.get('payload_json');
  const files: FileRecord[] = [];
  for (const [, part] of form)
    if (typeof part !== 'string')
      files.push({
        id: newId(),
        name: part.name,
        type: part.type,
        bytes: new Uint8Array(await part.arrayBuffer()),
      });
  return { body: typeof json === 'string' ? JSON.parse(json) : {}, files };
}

function sleep(durationInMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationInMs).unref());
}
