import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { HttpRoute } from '#src/core/adapter.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Portrait } from './drawing.ts';
import { paint } from './painter.ts';
import { portraitIn } from './portrait.ts';

export const AVATARS_PATH = '/avatars/';

/** About 30 kB each. */
const MOST_PICTURES_KEPT = 200;
/** Pictures that are not kept, over all who ask: strangers cannot keep the process busy with more. */
const MOST_DRAWN_PER_SECOND = 40;
/** A year: an address names its picture for good. */
const KEPT_IN_SECONDS = 365 * 24 * 60 * 60;

/** Serves the drawn pictures of NPCs. */
export function avatarRoute({ clock, log }: { readonly clock: Clock; readonly log: Log }): HttpRoute {
  const gallery = new Gallery(clock);
  return {
    path: AVATARS_PATH,
    handle(request, response) {
      serve(gallery, request, response).catch((error: unknown) => {
        log.error('A picture could not be drawn', {}, error);
        answer(response, 500, 'The picture could not be drawn.');
      });
    },
  };
}

async function serve(gallery: Gallery, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return answer(response, 405, 'Pictures can only be fetched.');
  }
  const file = request.url?.split('?')[0]?.slice(AVATARS_PATH.length) ?? '';
  const portrait = portraitIn(file);
  if (portrait === undefined) return answer(response, 404, 'There is no such picture.');
  // What a file holds follows from its name.
  const tag = `"${file}"`;
  response.setHeader('etag', tag);
  response.setHeader('cache-control', `public, max-age=${KEPT_IN_SECONDS}, immutable`);
  if (namesTag(request.headers['if-none-match'], tag)) {
    response.writeHead(304).end();
    return;
  }
  const picture = await gallery.picture(file, portrait);
  if (picture === 'too many') {
    response.removeHeader('etag');
    response.setHeader('cache-control', 'no-store');
    response.setHeader('retry-after', '1');
    return answer(response, 503, 'Too many new pictures are asked for. Try again in a second.');
  }
  response.writeHead(200, {
    'content-type': 'image/png',
    'content-length': picture.length,
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : picture);
}

function namesTag(header: string | undefined, tag: string): boolean {
  const tags = header?.split(',').map((each) => each.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(tag) || tags.includes('*');
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/** Keeps the pictures asked for last, and draws the others one after another. */
class Gallery {
  readonly #clock: Clock;
  readonly #pictures = new LRUCache<string, Promise<Uint8Array>>({ max: MOST_PICTURES_KEPT });
  #secondBeganAtInMs = Number.NEGATIVE_INFINITY;
  #drawnInSecond = 0;
  #drawing: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async picture(file: string, portrait: Portrait): Promise<Uint8Array | 'too many'> {
    const kept = this.#pictures.get(file);
    if (kept !== undefined) return kept;
    if (!this.#mayDraw()) return 'too many';
    const drawn = this.#drawing
      // Whoever else waits for the process comes between two pictures.
      .then(() => turn())
      .then(() => paint(portrait));
    this.#drawing = drawn.catch(() => undefined);
    this.#pictures.set(file, drawn);
    drawn.catch(() => this.#pictures.delete(file));
    return drawn;
  }

  #mayDraw(): boolean {
    const now = this.#clock.now();
    if (now - this.#secondBeganAtInMs >= 1000) {
      this.#secondBeganAtInMs = now;
      this.#drawnInSecond = 0;
    }
    this.#drawnInSecond += 1;
    return this.#drawnInSecond <= MOST_DRAWN_PER_SECOND;
  }
}
