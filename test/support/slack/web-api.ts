import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { SlackFault } from './faults.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';
import type { Call } from './journal.ts';
import { appMethods } from './methods/app.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { fileMethods } from './methods/files.ts';
import { exchangeCode } from './methods/oauth.ts';
import { streamMethods } from './methods/streams.ts';
import type { Method, State } from './state.ts';
import type { Team } from './world.ts';

/** What a test makes of the next requests. `hangs`: no answer at all until the other side gives up. */
export interface Disturbance {
  readonly error?: string;
  readonly status?: number;
  readonly retryAfterInS?: number;
  readonly delayInMs?: number;
  readonly hangs?: boolean;
  /** The connection breaks before anything was done. */
  readonly breaks?: boolean;
  /** The connection breaks after it was done: nobody hears of it. */
  readonly breaksAfter?: boolean;
}

/** @param index how many calls of any method came before. */
export type Disturb = (
  call: { readonly method: string; readonly args: Fields },
  index: number,
) => Disturbance | undefined;

const METHODS: Readonly<Record<string, Method>> = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...streamMethods,
};

/** Arguments that are JSON inside a form. */
const STRUCTURED = ['blocks', 'view', 'attachments', 'chunks', 'metadata'];
/** Two of these for one message may not be under way together. */
const EDITS = ['chat.update', 'chat.appendStream', 'chat.stopStream', 'chat.delete'];

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Fields;
}

/** Answers `POST /api/METHOD`. */
export class WebApi {
  readonly #state: State;
  readonly #openSocket: () => string;
  disturb: Disturb | undefined;

  constructor(state: State, openSocket: () => string) {
    this.#state = state;
    this.#openSocket = openSocket;
  }

  async handle(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const args = argumentsOf(request, await bodyOf(request));
    const token = textOf(request.headers.authorization).replace(/^Bearer /, '') || textOf(args.token);
    const team = [...this.#state.teams.values()].find((each) => each.token === token);
    const call: Call = {
      method,
      teamId: team?.id ?? '',
      args,
      startedAtInMs: this.#state.clock.now(),
      endedAtInMs: undefined,
      error: undefined,
    };
    const disturbance = this.disturb?.({ method, args }, this.#state.journal.calls.length);
    this.#state.journal.calls.push(call);
    if (disturbance?.breaks) {
      request.socket.destroy();
      return;
    }
    if (disturbance?.hangs) return;
    const leave = this.#enterEdit(call);
    const delayInMs = disturbance?.delayInMs ?? this.#state.settings.latencyInMs;
    if (delayInMs > 0) await new Promise((resolve) => setTimeout(resolve, delayInMs));
    const reply =
      disturbance?.status !== undefined || disturbance?.error !== undefined
        ? disturbed(disturbance)
        : await this.#reply(call, token, team, request);
    call.error = reply.body.ok === true ? undefined : textOf(reply.body.error);
    call.endedAtInMs = this.#state.clock.now();
    leave();
    if (disturbance?.breaksAfter) {
      request.socket.destroy();
      this.#state.changed();
      return;
    }
    response.writeHead(reply.status, {
      'content-type': 'application/json; charset=utf-8',
      ...(team === undefined ? {} : { 'x-oauth-scopes': [...team.scopes].join(',') }),
      ...reply.headers,
    });
    response.end(JSON.stringify(reply.body));
    this.#state.changed();
  }

  async #reply(call: Call, token: string, team: Team | undefined, request: IncomingMessage): Promise<Reply> {
    try {
      return await this.#answer(call, token, team, request);
    } catch (error) {
      if (!(error instanceof SlackFault)) throw error;
      if (error.kind !== undefined) this.#state.journal.violate(error.kind, call.method, error.message);
      return { status: 200, body: { ok: false, error: error.code, ...error.extras } };
    }
  }

  async #answer(call: Call, token: string, team: Team | undefined, request: IncomingMessage): Promise<Reply> {
    const { method, args } = call;
    if (method === 'oauth.v2.access') return ok(exchangeCode(this.#state, args, request));
    if (token === '') throw new SlackFault('not_authed');
    if (method === 'apps.connections.open') {
      if (token.startsWith('xoxb-')) throw new SlackFault('not_allowed_token_type');
      if (token !== this.#state.app.appToken) throw new SlackFault('invalid_auth');
      return this.#limited(call, 'app') ?? ok({ url: this.#openSocket() });
    }
    const run = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
    if (run === undefined) throw new SlackFault('unknown_method', { kind: 'shape' });
    if (token.startsWith('xapp-')) throw new SlackFault('not_allowed_token_type');
    if (team === undefined) throw new SlackFault('invalid_auth');
    if (team.tokenFault !== undefined) throw new SlackFault(team.tokenFault);
    return this.#limited(call, team.id) ?? ok(await run({ state: this.#state, method, team, args }));
  }

  #limited(call: Call, teamId: string): Reply | undefined {
    const channelId = textOf(call.args.channel) || undefined;
    const waitInMs = this.#state.rates.take(call.method, teamId, channelId);
    if (waitInMs === undefined) return undefined;
    this.#state.journal.violate('rate', call.method, `too fast by ${Math.ceil(waitInMs)} ms`);
    return disturbed({ status: 429, retryAfterInS: Math.max(1, Math.ceil(waitInMs / 1000)) });
  }

  #enterEdit({ method, args }: Call): () => void {
    if (!EDITS.includes(method)) return () => {};
    const key = `${textOf(args.channel)} ${textOf(args.ts)}`;
    const { underWay, journal } = this.#state;
    const before = underWay.get(key) ?? 0;
    if (before > 0) journal.violate('overlap', method, `message ${textOf(args.ts)} is being edited already`);
    underWay.set(key, before + 1);
    return () => underWay.set(key, (underWay.get(key) ?? 1) - 1);
  }
}

function ok(body: Fields): Reply {
  return { status: 200, body: { ok: true, ...body } };
}

function disturbed({ status, error, retryAfterInS }: Disturbance): Reply {
  const code = error ?? (status === 429 ? 'ratelimited' : 'internal_error');
  return {
    status: status ?? 200,
    ...(retryAfterInS === undefined ? {} : { headers: { 'retry-after': String(retryAfterInS) } }),
    body: { ok: false, error: code },
  };
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function argumentsOf(request: IncomingMessage, body: string): Fields {
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://stand-in').searchParams);
  if (textOf(request.headers['content-type']).startsWith('application/json'))
    return { ...query, ...fieldsOf(JSON.parse(body === '' ? '{}' : body)) };
  const form: Record<string, unknown> = { ...query, ...parse(body) };
  for (const name of STRUCTURED) {
    const value = form[name];
    if (typeof value === 'string') form[name] = parsed(value);
  }
  return form;
}

/** What is no JSON stays text, and is refused for its type. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
