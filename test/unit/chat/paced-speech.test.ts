import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EditPacer } from '#src/chat/edit-pacer.ts';
import { MessageGone, RateLimited } from '#src/chat/failures.ts';
import { LAST_EDIT_TRIES, MIN_EDIT_INTERVAL_IN_MS } from '#src/chat/paced-message.ts';
import { PacedSpeech, type SpeechPart } from '#src/chat/paced-speech.ts';
import { markedText } from '#src/chat/speech-marks.ts';
import { splitText } from '#src/chat/split-text.ts';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import { type Action, type Notice, notice } from '#src/core/view.ts';

const STOP: Action = { label: 'Stop', command: 'stop', options: {} };
const MAX_LENGTH = 120;
const measure = (text: string) => text.length;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Request {
  readonly what: 'post' | 'edit';
  readonly id: string;
  readonly part: SpeechPart;
  readonly atInMs: number;
}

/** A reply in a channel that takes `latencyInMs` a request and answers as `answers` say, then well. */
function speechIn({
  latencyInMs = 100,
  answers = [] as readonly (Error | undefined)[],
  tellFails = undefined as Error | undefined,
} = {}) {
  const requests: Request[] = [];
  /** What people see, in the order of the messages. */
  const standing = new Map<string, SpeechPart>();
  const inFlight = new Set<string>();
  const posted: string[] = [];
  const told: { readonly notice: Notice; readonly seen: readonly string[] }[] = [];
  const faults: unknown[] = [];
  const left = [...answers];
  const began = Date.now();
  const pacer = new EditPacer({
    clock: systemClock,
    limits: [{ limit: 45, windowInMs: 1000, counts: 'both', per: 'all' }],
  });
  const answer = async (what: Request['what'], id: string, part: SpeechPart) => {
    requests.push({ what, id, part, atInMs: Date.now() - began });
    expect(inFlight).not.toContain(id);
    inFlight.add(id);
    await new Promise((resolve) => setTimeout(resolve, latencyInMs));
    inFlight.delete(id);
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    standing.set(id, part);
    const withActions = [...standing.values()].filter(({ actions }) => actions.length > 0);
    expect(withActions.length).toBeLessThanOrEqual(1);
  };
  const speech = new PacedSpeech({
    speech: {
      npc: { id: 'n', name: 'Tilda', avatar: '' },
      lineId: 'l',
      actions: [STOP],
      posted: (id) => posted.push(id),
    },
    port: {
      maxLength: MAX_LENGTH,
      measure,
      post: async (part) => {
        const id = `m${standing.size + 1}`;
        await answer('post', id, part);
        return id;
      },
      edit: (id, part) => answer('edit', id, part),
    },
    pacer,
    channelId: 'c',
    clock: systemClock,
    tell: async (notice) => {
      if (tellFails !== undefined) throw tellFails;
      told.push({ notice, seen: [...standing.values()].map(({ text }) => text) });
    },
    onFault: (error) => faults.push(error),
  });
  const texts = () => [...standing.values()].map(({ text }) => text);
  return { speech, requests, standing, posted, told, faults, pacer, texts };
}

/** What reads, without what may be markup. */
const words = (text: string) => text.replace(/[\s*_~|`]/gu, '');

const RETRY = notice('trouble', 'Tilda breaks off: the model did not answer.');

describe('PacedSpeech', () => {
  it('posts the first text at once, and edits in what follows', async () => {
    const { speech, requests, posted, texts, standing } = speechIn();
    speech.append(' \n');
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests).toEqual([]);
    speech.append('Hm. ');
    await vi.advanceTimersByTimeAsync(0);
    expect(requests).toEqual([
      { what: 'post', id: 'm1', part: { text: 'Hm.', actions: [STOP] }, atInMs: 5000 },
    ]);
    expect(posted).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(posted).toEqual(['m1']);
    speech.append('The docks ');
    speech.append('are quiet.');
    await vi.advanceTimersByTimeAsync(MIN_EDIT_INTERVAL_IN_MS);
    expect(texts()).toEqual(['Hm.']);
    await vi.runAllTimersAsync();
    expect(texts()).toEqual(['Hm. The docks are quiet.']);
    const ended = speech.end({ state: 'said' });
    await vi.runAllTimersAsync();
    await ended;
    expect([...standing.values()]).toEqual([{ text: 'Hm. The docks are quiet.', actions: [] }]);
    expect(requests.map(({ what }) => what)).toEqual(['post', 'edit', 'edit']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('posts what is there when its turn comes, and nothing more where that was all', async () => {
    const { speech, requests, pacer } = speechIn();
    pacer.pause(2000);
    speech.append('Good evening. ');
    await vi.advanceTimersByTimeAsync(500);
    speech.append('Come in.');
    const ended = speech.end({ state: 'said' });
    await vi.runAllTimersAsync();
    await ended;
    expect(requests.map(({ what, part }) => [what, part])).toEqual([
      ['post', { text: 'Good evening. Come in.', actions: [] }],
    ]);
  });

  it.each([
    ['stopped', 'The tide (stopped)'],
    ['cut', 'The tide — (broken off)'],
  ] as const)('marks a reply that was %s in its own text', async (state, expected) => {
    const { speech, texts, told } = speechIn();
    speech.append('The tide ');
    const ended = speech.end(state === 'cut' ? { state, notice: RETRY } : { state });
    await vi.runAllTimersAsync();
    await ended;
    expect(texts()).toEqual([expected]);
    // Why is told once the mark stands.
    expect(told).toEqual(state === 'cut' ? [{ notice: RETRY, seen: [expected] }] : []);
  });

  it('closes markup before the mark', async () => {
    const { speech, texts } = speechIn();
    speech.append('She whispers: ||under the **old mill');
    await vi.runAllTimersAsync();
    expect(texts()).toEqual(['She whispers: ||under the **old mill**||']);
    const ended = speech.end({ state: 'stopped' });
    await vi.runAllTimersAsync();
    await ended;
    expect(texts()).toEqual(['She whispers: ||under the **old mill**|| (stopped)']);
  });

  it('marks a block of code behind it', () => {
    expect(markedText('```js\nlet salt', 'cut')).toBe('```js\nlet salt\n```\n— (broken off)');
    expect(markedText('```js\nlet salt\n```\n', 'stopped')).toBe('```js\nlet salt\n```\n(stopped)');
  });

  it('posts nothing where nothing was said, and tells why', async () => {
    const { speech, requests, told } = speechIn();
    speech.append('  ');
    await speech.end({ state: 'failed', notice: RETRY });
    expect(requests).toEqual([]);
    expect(told).toEqual([{ notice: RETRY, seen: [] }]);
  });

  it('goes on in a further message once the one before is complete', async () => {
    const { speech, requests, posted, standing } = speechIn();
    const sentence = 'The salt is in the cellar under the old mill. ';
    speech.append(sentence);
    await vi.advanceTimersByTimeAsync(150);
    speech.append(sentence.repeat(3));
    await vi.advanceTimersByTimeAsync(5000);
    expect([...standing.values()]).toEqual([
      { text: sentence.repeat(2).trim(), actions: [] },
      { text: sentence.repeat(2).trim(), actions: [STOP] },
    ]);
    expect(requests.map(({ what, id }) => `${what} ${id}`)).toEqual(['post m1', 'edit m1', 'post m2']);
    const ended = speech.end({ state: 'said' });
    await vi.runAllTimersAsync();
    await ended;
    expect([...standing.values()].flatMap(({ actions }) => actions)).toEqual([]);
    expect(posted).toEqual(['m1', 'm2']);
  });

  it('is shown whole though the platform has too many requests again and again', async () => {
    const tooMany = () => new RateLimited(800, { isGlobal: false });
    const { speech, texts, faults } = speechIn({
      answers: [tooMany(), tooMany(), undefined, tooMany(), undefined, tooMany(), tooMany()],
    });
    const sentence = 'The salt is in the cellar under the old mill. ';
    for (let index = 0; index < 8; index += 1) {
      speech.append(sentence);
      await vi.advanceTimersByTimeAsync(700);
    }
    const ended = speech.end({ state: 'said' });
    await vi.runAllTimersAsync();
    await ended;
    expect(texts()).toEqual(splitText(sentence.repeat(8), { maxLength: MAX_LENGTH, measure }));
    expect(faults).toEqual([]);
  });

  it('tells in one sentence that it may not be shown here, and rejects', async () => {
    const refusal = new Refusal('I may not write in this channel: give me the permission Send Messages.');
    const { speech, requests, told } = speechIn({ answers: [refusal] });
    speech.append('Good evening. ');
    await vi.runAllTimersAsync();
    speech.append('Come in.');
    await expect(speech.end({ state: 'cut', notice: RETRY })).rejects.toBe(refusal);
    expect(requests).toHaveLength(1);
    expect(told).toEqual([{ notice: notice('refusal', refusal.message), seen: [] }]);
  });

  it('tells that not all could be shown where the last words cannot be', async () => {
    const broken = new Error('500');
    const answers = [undefined, ...Array.from({ length: LAST_EDIT_TRIES }, () => broken)];
    const { speech, told } = speechIn({ answers });
    speech.append('Good evening. ');
    await vi.advanceTimersByTimeAsync(200);
    speech.append('Come in.');
    const ended = speech.end({ state: 'said' });
    const failed = expect(ended).rejects.toBe(broken);
    await vi.runAllTimersAsync();
    await failed;
    expect(told.map(({ notice: { tone } }) => tone)).toEqual(['trouble']);
    expect(told[0]?.notice.blocks).toEqual([{ kind: 'text', text: expect.stringContaining('Tilda') }]);
  });

  it('rejects with the first reason where not even that can be told', async () => {
    const broken = new Error('403');
    const { speech } = speechIn({ answers: [broken], tellFails: new Error('nor this') });
    speech.append('Good evening.');
    await vi.runAllTimersAsync();
    await expect(speech.end({ state: 'said' })).rejects.toBe(broken);
  });

  it('says the rest in further messages where somebody deletes one', async () => {
    const { speech, texts, requests } = speechIn({ answers: [undefined, new MessageGone()] });
    const sentence = 'The salt is in the cellar under the old mill. ';
    speech.append(sentence);
    await vi.advanceTimersByTimeAsync(200);
    speech.append(sentence);
    await vi.runAllTimersAsync();
    speech.append(sentence);
    const ended = speech.end({ state: 'said' });
    await vi.runAllTimersAsync();
    await ended;
    expect(texts().at(-1)).toBe(sentence.trim());
    expect(requests.map(({ what, id }) => `${what} ${id}`)).toEqual(['post m1', 'edit m1', 'post m2']);
  });

  it('reports edits that failed once, and nothing is missing in the end', async () => {
    const answers = [undefined, new Error('500'), new Error('500')];
    const { speech, texts, faults } = speechIn({ answers });
    for (const piece of ['One. ', 'Two. ', 'Three. ', 'Four. ']) {
      speech.append(piece);
      await vi.advanceTimersByTimeAsync(1500);
    }
    const ended = speech.end({ state: 'said' });
    await vi.runAllTimersAsync();
    await ended;
    expect(texts()).toEqual(['One. Two. Three. Four.']);
    expect(faults).toHaveLength(1);
  });

  it('shows every word once and in order, however it comes and whatever the platform answers', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Salt. ',
        'The **old mill** stands. ',
        '*quiet',
        '* ',
        '||no|| ',
        '`x ',
        '`',
        '```js\n',
        'y\n',
      ),
      fc.constantFrom('w'.repeat(70), ' and on and on', '👩‍👩‍👧‍👦', '\n\n', '“Go!” ', '今晚码头很安静。'),
    );
    const steps = fc.array(fc.record({ piece, afterInMs: fc.integer({ min: 0, max: 2000 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    const failure = fc.option(
      fc.integer({ min: 0, max: 3000 }).map((ms) => new RateLimited(ms, { isGlobal: ms % 2 === 0 })),
      { nil: undefined },
    );
    const world = fc.record({
      answers: fc.array(failure, { maxLength: 8 }),
      latencyInMs: fc.integer({ min: 0, max: 3000 }),
    });
    const state = fc.constantFrom('said', 'stopped', 'cut', 'failed');
    await fc.assert(
      fc.asyncProperty(steps, world, state, async (planned, settings, state) => {
        const { speech, requests, standing, posted, texts } = speechIn(settings);
        for (const { piece: text, afterInMs } of planned) {
          speech.append(text);
          await vi.advanceTimersByTimeAsync(afterInMs);
        }
        const isCut = state === 'cut' || state === 'failed';
        const ended = speech.end(isCut ? { state, notice: RETRY } : { state });
        await vi.runAllTimersAsync();
        await ended;
        const whole = planned.map(({ piece: text }) => text).join('');
        const parts = splitText(whole.trim() === '' ? '' : markedText(whole, state), {
          maxLength: MAX_LENGTH,
          measure,
        });
        // The same cuts as in the whole: so a crash can be marked later from the transcript.
        expect(texts().map(words)).toEqual(parts.map(words));
        expect(posted).toEqual([...standing.keys()]);
        expect([...standing.values()].flatMap(({ actions }) => actions)).toEqual([]);
        for (const own of Map.groupBy(requests, ({ id }) => id).values()) {
          const edits = own.filter(({ what }) => what === 'edit');
          edits.slice(1).forEach(({ atInMs }, index) => {
            const before = edits[index]?.atInMs ?? 0;
            expect(atInMs - before).toBeGreaterThanOrEqual(MIN_EDIT_INTERVAL_IN_MS);
          });
        }
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
