import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerParts } from '#src/adapters/openai/answer.ts';
import { backoffInMs, retryAfterInMs } from '#src/adapters/openai/retry-after.ts';
import { eventData } from '#src/adapters/openai/sse.ts';
import { ThinkingFilter } from '#src/adapters/openai/thinking.ts';

describe('server-sent events', () => {
  async function read(pieces: readonly Uint8Array[]): Promise<string[]> {
    async function* body() {
      yield* pieces;
    }
    const events: string[] = [];
    for await (const event of eventData(body())) events.push(event);
    return events;
  }

  function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
    const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    return places.slice(1).map((end, index) => bytes.slice(places[index], end));
  }

  test('are the same however the bytes are cut and lines are ended', async () => {
    const data = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, '·')),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        data,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        async (events, newline, places, isClosed) => {
          const lines = events.flatMap((event) => [': a comment', 'event: x', `data: ${event}`, '']);
          const text = lines.join(newline) + (isClosed ? newline : '');
          // What stands unfinished at the very end is read without the space around it.
          const expected =
            isClosed || newline !== '\r' ? events : [...events.slice(0, -1), events.at(-1)?.trim()];
          const read_ = await read(cut(new TextEncoder().encode(text), places));
          expect(read_.map((event) => event.trim())).toEqual(expected.map((event) => event?.trim()));
        },
      ),
    );
  });

  test('of several lines are joined, and the last may lack its empty line', async () => {
    const bytes = new TextEncoder().encode('data:a\ndata: b\n\ndata: {"c":1}');
    expect(await read([bytes])).toEqual(['a\nb', '{"c":1}']);
  });
});

describe('hostile answers', () => {
  async function* repeated(piece: string, times: number) {
    const bytes = new TextEncoder().encode(piece);
    for (let count = 0; count < times; count += 1) yield bytes;
  }

  async function lengthOf(events: AsyncIterable<string>): Promise<number> {
    let length = 0;
    for await (const event of events) length += event.length;
    return length;
  }

  // With time that grows with the square of the line, this takes minutes.
  test('may come in single characters', { timeout: 20_000 }, async () => {
    async function* body() {
      yield* repeated('data: ', 1);
      yield* repeated('x', 600_000);
      yield* repeated('\r\n', 2);
    }
    expect(await lengthOf(eventData(body()))).toBe(600_000);
  });

  test.each([
    ['one line', 'data: xxxxxxxxxx'],
    ['many lines', 'data: xxxxxxxxxx\n'],
    ['carriage returns', 'data: xxxxxxxxxx\r'],
  ])('are given up where an event of %s does not end', async (_name, piece) => {
    await expect(lengthOf(eventData(repeated(piece, 100_000)))).rejects.toThrow(/does not end/);
  });

  test('may go on for long where their events end', async () => {
    expect(await lengthOf(eventData(repeated('data: xxxxxxxxxx\n\n', 200_000)))).toBe(2_000_000);
  });

  test.each([
    ['nested', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, undefined],
    ['an object', '{"toString":1}', undefined],
    ['a status', '503', 503],
    ['a status in words', '"429"', 429],
  ])('may have an error code that is %s', async (_name, code, status) => {
    const response = new Response(`{"error":{"code":${code},"type":${code}}}`);
    await expect(answerParts(response).next()).rejects.toMatchObject({
      message: 'error in the answer',
      status,
    });
  });
});

describe('what a model thinks aloud', () => {
  function shown(pieces: readonly string[]): string {
    const filter = new ThinkingFilter();
    return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
  }

  test('is taken out however it is cut', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', ' ', '<', 'th', '>', '</', '\n') });
    fc.assert(
      fc.property(
        plain,
        fc.string(),
        plain,
        fc.array(fc.nat(), { maxLength: 8 }),
        (before, thought, after, places) => {
          fc.pre(![before, thought, after].some((text) => /<\/?think>/.test(text)));
          const text = `${before}<think>${thought}</think>${after}`;
          fc.pre(text.indexOf('<think>') === before.length);
          fc.pre(text.indexOf('</think>') === before.length + 7 + thought.length);
          const cuts = [0, ...places.map((place) => place % text.length).sort((a, b) => a - b), text.length];
          const pieces = cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
          expect(shown(pieces)).toBe(before + after.trimStart());
        },
      ),
    );
  });

  test('without an end is never shown; what only looks like a tag is', () => {
    expect(shown(['Yes. <think>or', ' no'])).toBe('Yes. ');
    expect(shown(['a <thi', 'n ice <'])).toBe('a <thin ice <');
    expect(shown(['a', ' b'])).toBe('a b');
  });
});

describe('retry-after', () => {
  const nowInMs = Date.UTC(2026, 0, 1);
  test.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, expect.toSatisfy((wait) => wait === undefined || wait >= 0)],
    [{}, undefined],
  ])('%j is read', (headers, expected) => {
    expect(retryAfterInMs(new Headers(headers), nowInMs)).toEqual(expected);
  });

  test('without headers there is none', () => expect(retryAfterInMs(undefined, nowInMs)).toBeUndefined());

  test('our own wait doubles, within a quarter', () => {
    for (const retry of [0, 1]) {
      const wait = backoffInMs(500, retry) / 2 ** retry;
      expect(wait).toBeGreaterThanOrEqual(375);
      expect(wait).toBeLessThanOrEqual(625);
    }
  });
});
