import type { ClientOptions } from 'openai';
import { unpacked } from './unpack.ts';

type Answer = Awaited<ReturnType<NonNullable<RequestInit['dispatcher']>['request']>>;

/** Statuses of answers that have no body, by the standard of fetch. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);
/** Statuses that send the same request elsewhere. */
const SENT_ON: ReadonlySet<number> = new Set([307, 308]);

/**
 * Sends what the vendor's client asks for, on the connection that the call has borrowed. In place of undici's own fetch,
 * which takes about twice as long until the server has the request. Follows one redirect, and none to another origin:
 * the connection goes to this one alone.
 */
export const send: NonNullable<ClientOptions['fetch']> = async (input, init) => {
  const { dispatcher, method = 'GET', body = null, headers: given } = init ?? {};
  if (dispatcher === undefined) throw new TypeError('A request without a connection.');
  if (body !== null && typeof body !== 'string') throw new TypeError('A request whose body is no text.');
  const url = new URL(input instanceof Request ? input.url : input);
  const ask = ({ pathname, search }: URL) =>
    dispatcher.request({
      path: `${pathname}${search}`,
      method: method === 'POST' ? 'POST' : 'GET',
      // What streams is not to wait until there is enough of it to be packed.
      headers: { ...Object.fromEntries(new Headers(given)), 'accept-encoding': 'identity' },
      body,
    });
  const first = await ask(url);
  const next = sentOnTo(first, url);
  if (next === undefined) return responseOf(first);
  await first.body.dump();
  return responseOf(await ask(next));
};

/** Where on the same origin an answer sends the request. */
function sentOnTo({ statusCode, headers }: Answer, from: URL): URL | undefined {
  if (!SENT_ON.has(statusCode) || typeof headers.location !== 'string') return undefined;
  const to = URL.parse(headers.location, from.href);
  return to?.origin === from.origin ? to : undefined;
}

async function responseOf(answer: Answer): Promise<Response> {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(answer.headers))
    for (const value of [values].flat()) headers.append(name, value);
  const { statusCode: status } = answer;
  if (WITHOUT_BODY.has(status)) {
    await answer.body.dump();
    return new Response(null, { status, headers });
  }
  // Some servers and proxies pack what nobody asked them to.
  const coding = headers.get('content-encoding') ?? '';
  if (coding === '' || coding === 'identity') return new Response(answer.body, { status, headers });
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(unpacked(answer.body, coding), { status, headers });
}
