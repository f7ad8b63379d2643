import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpRoute } from '#src/core/adapter.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Looked at anew with every request: an adapter that starts later may add its own. */
  readonly routes: readonly HttpRoute[];
  /** Whether everything that is configured runs. */
  readonly isReady: () => boolean;
  readonly log: Log;
}

const MOST_HEADER_BYTES = 16 * 1024;
/** Slack sends at most a few kB; a modal of its largest form about 100. */
const MOST_BODY_BYTES = 1024 * 1024;
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
/** Nothing passes over the connection for so long: whoever should answer forgot to. */
const SILENT_FOR_MS = 30_000;
const MOST_CONNECTIONS = 500;
const CLOSED_WITHIN_MS = 2_000;
const TIDIED_EVERY_MS = 50;
const METHODS = ['GET', 'HEAD', 'POST'];

/**
 * Our own HTTP server: `/healthz`, `/readyz`, and the routes of those who need one.
 * @throws Refusal where it cannot listen there.
 */
export async function openHttpServer(
  options: HttpServerOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => dispatch(options, request, response),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(SILENT_FOR_MS);
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Refusal(whyNot(error, options), { cause: error });
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, close: () => close(server) };
}

function dispatch(
  { routes, isReady, log }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
) {
  // A client that goes away is no failure of ours.
  request.on('error', () => {});
  response.on('error', () => {});
  response.setHeader('x-content-type-options', 'nosniff');
  const { method = '' } = request;
  const path = request.url?.split('?')[0] ?? '';
  if (!METHODS.includes(method)) {
    response.setHeader('allow', METHODS.join(', '));
    return refuse(response, 405, 'This method is not known here.');
  }
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES)
    return refuse(response, 413, `The body is longer than ${MOST_BODY_BYTES} bytes.`);
  boundBody(request);

  if (path === '/healthz') return answer(response, 200, 'alive');
  if (path === '/readyz')
    return isReady() ? answer(response, 200, 'ready') : answer(response, 503, 'not ready');
  const route = routes.find((each) =>
    each.path.endsWith('/') ? path.startsWith(each.path) : path === each.path,
  );
  if (route === undefined) return answer(response, 404, 'Nothing is here.');
  try {
    route.handle(request, response);
  } catch (error) {
    log.error('An HTTP request failed', { route: route.path }, error);
    if (response.headersSent) response.destroy();
    else answer(response, 500, 'This failed. Try again later.');
  }
}

/** A body that does not say how long it is, as tunnels pass them on, is cut off once it is too long. */
function boundBody(request: IncomingMessage): void {
  const push = request.push.bind(request);
  let length = 0;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    length += chunk?.length ?? 0;
    if (length <= MOST_BODY_BYTES) return push(chunk, encoding);
    request.destroy();
    return false;
  };
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${sentence}\n`);
}

/** What is still to come of the request is not read. */
function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.setHeader('connection', 'close');
  answer(response, status, sentence);
}

/** Takes nothing new, lets what is being answered end, and cuts off what takes too long. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A client may keep a connection after its answer has come.
  const tidy = setInterval(() => server.closeIdleConnections(), TIDIED_EVERY_MS);
  const cut = setTimeout(() => server.closeAllConnections(), CLOSED_WITHIN_MS);
  try {
    await closed;
  } finally {
    clearInterval(tidy);
    clearTimeout(cut);
  }
}

function whyNot(error: unknown, { host, port }: HttpServerOptions): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'EADDRINUSE':
      return `Another program listens at port ${port} of ${host}. Stop that one, or set HTTP_PORT to another port.`;
    case 'EACCES':
      return `This user may not listen at port ${port}. Set HTTP_PORT to one above 1023, and let a reverse proxy have the other.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `This machine has no address ${host}. Set HTTP_HOST to 127.0.0.1, or to 0.0.0.0 for every network.`;
    default:
      return `Nothing can listen at port ${port} of ${host} (${code}). Set HTTP_HOST and HTTP_PORT to others.`;
  }
}
