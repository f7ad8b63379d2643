import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run as runFit } from '../../../bench/recall-fit.ts';
import { run } from '../../../bench/recall-quality.ts';
import { momentOf } from '../../../bench/support/locomo.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-test-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function options(data: unknown) {
  const dataFile = join(folder, 'data.json');
  await writeFile(dataFile, JSON.stringify(data));
  return { dataFile, outFile: join(folder, 'out'), withPeers: false, progress: () => {} };
}

async function measured(data: unknown) {
  const given = await options(data);
  const metrics = await run(given);
  const lines = (await readFile(given.outFile, 'utf8')).trimEnd().split('\n');
  return { metrics, ranks: lines.map((line): unknown => JSON.parse(line)) };
}

const mira = (dia_id: string, text: string) => ({ speaker: 'Mira', dia_id, text });
const jon = (dia_id: string, text: string) => ({ speaker: 'Jon', dia_id, text });

describe('conversations that are held back', () => {
  const conversation = {
    speaker_a: 'Mira',
    speaker_b: 'Jon',
    session_1_date_time: '1:56 pm on 8 May, 2023',
    session_1: [
      mira('D1:1', 'The bell of the north tower cracked.'),
      { ...jon('D1:2', 'Look at this!'), blip_caption: 'a photo of a red ferry', img_url: ['x'] },
    ],
    // Without a date, without a text, without lines.
    session_2: [mira('D2:1', 'I sold my lute to a sailor.'), { speaker: 'Jon', dia_id: 'D2:2' }],
    session_3_date_time: '9:00 am on 1 June, 2023',
    session_4_date_time: null,
    session_4: [jon('D4:1', 'The miller owes me three coins.')],
  };
  const questions = [
    'What happened to the bell?',
    'Who showed a ferry?',
    'What did Mira sell?',
    'What does the miller owe Jon?',
    '',
  ];
  const heldBack = [{ sample_id: 'conv-x', conversation, qa: questions.map((question) => ({ question })) }];

  test('give a line of ranks for each question, and no figures', async () => {
    const { metrics, ranks } = await measured(heldBack);
    expect(metrics).toEqual({ questions: 5 });
    expect(ranks).toEqual(
      questions.map((_, index) => ({ sample_id: 'conv-x', index, ranked: expect.any(Array) })),
    );
    expect(ranks).toMatchObject([
      { ranked: expect.arrayContaining(['D1:1']) },
      { ranked: expect.arrayContaining(['D1:2']) },
      { ranked: expect.arrayContaining(['D2:1']) },
      { ranked: expect.arrayContaining(['D4:1']) },
      // Nothing speaks for any: the newest come first.
      { ranked: ['D4:1', 'D2:2', 'D2:1', 'D1:2', 'D1:1'] },
    ]);
  });

  test('are ranked by nothing but the turns and the question', async () => {
    const given = [
      {
        ...heldBack[0],
        qa: questions.map((question) => ({ question, answer: 'the bell', evidence: ['D1:1'], category: 4 })),
      },
    ];
    const [withGold, without] = [await measured(given), await measured(heldBack)];
    expect(withGold.ranks).toEqual(without.ranks);
    expect(withGold.metrics).toHaveProperty('recallAt10');
  });

  test('have at most fifty ranks for a question', async () => {
    const lines = Array.from({ length: 80 }, (_, at) => mira(`D1:${at + 1}`, `The bell rang ${at} times.`));
    const data = [
      { sample_id: 'c', conversation: { session_1: lines }, qa: [{ question: 'When rang the bell?' }] },
    ];
    const { ranks } = await measured(data);
    expect(ranks).toMatchObject([{ ranked: expect.any(Array) }]);
    expect(ranks).toHaveProperty('0.ranked.length', 50);
  });

  test('cannot be fitted to', async () => {
    await expect(runFit(await options(heldBack))).rejects.toThrow('nothing to fit to');
  });
});

describe('figures', () => {
  const conversation = {
    session_1_date_time: '1:56 pm on 8 May, 2023',
    session_1: [mira('D1:1', 'The bell of the tower cracked.'), jon('D1:2', 'I baked bread.')],
  };

  test('count what is found among all that there is to find', async () => {
    const qa = [
      // Evidence of several turns in one string; what does not exist does not count.
      { question: 'bell', evidence: ['D1:1; D:1:2', 'D9:9'], category: 1 },
      { question: 'bread', evidence: ['D1:2'], category: 4 },
      { question: 'bell', evidence: ['D7:1'], category: 4 },
      { question: 'bell', evidence: ['D1:1'], category: 5 },
    ];
    const { metrics } = await measured([{ sample_id: 'c', conversation, qa }]);
    expect(metrics).toMatchObject({
      questions: 4,
      recallAt1: 75,
      recallAt10: 100,
      ndcgAt10: 100,
      multiHopRecallAt10: 100,
      adversarialRecallAt10: 100,
    });
  });

  test('are the same however carelessly the conversations were written', async () => {
    const careless = {
      session_1_date_time: 'last Tuesday',
      session_1: [
        { dia_id: 'D1:1', speaker: 'Mira', text: ['The bell of the tower', 'cracked.'], blip_caption: 7 },
        { dia_id: 'D1:2', text: 'I baked bread.' },
      ],
      session_2: '',
      session_3_date_time: '2023-05-08T09:00:00Z',
      session_3: [jon('D3:1', 'The ferry sank.')],
    };
    const qa = [
      { question: 'bell', evidence: 'D1:1', category: '1' },
      { question: ['bread'], evidence: [['D1:2'], null], category: 4 },
      { question: 'ferry', evidence: ['D3:1'], category: 'none' },
    ];
    const { metrics, ranks } = await measured([{ sample_id: 26, conversation: careless, qa }]);
    expect(metrics).toMatchObject({ questions: 3, recallAt1: 100, multiHopRecallAt10: 100 });
    expect(ranks[2]).toEqual({ sample_id: '26', index: 2, ranked: ['D3:1', 'D1:2', 'D1:1'] });
  });

  test.each([
    ['1:56 pm on 8 May, 2023', '2023-05-08T13:56:00.000Z'],
    ['12:05 AM on 1 January 2024', '2024-01-01T00:05:00.000Z'],
    ['8 Sep. 2023', '2023-09-08T00:00:00.000Z'],
    ['2023-05-08', '2023-05-08T00:00:00.000Z'],
    ['8 Foo, 2023', undefined],
    [17, undefined],
  ])('know the date %j', (written, moment) => {
    const found = momentOf(written);
    expect(found === undefined ? undefined : new Date(found).toISOString()).toBe(moment);
  });
});

describe('weights fitted anew', () => {
  const told = (sample_id: string, words: readonly string[]) => ({
    sample_id,
    conversation: {
      session_1_date_time: '1:56 pm on 8 May, 2023',
      session_1: words.map((word, at) => jon(`D1:${at + 1}`, `Yesterday I bought a ${word} at the fair.`)),
    },
    qa: words.map((word, at) => ({
      question: `Who bought the ${word}?`,
      evidence: [`D1:${at + 1}`],
      category: 4,
    })),
  });
  const data = [told('a', ['bell', 'lute', 'ferry']), told('b', ['wolf', 'candle', 'ring', 'herring'])];

  test('are the same each time, and are written', async () => {
    const given = await options(data);
    const first = await runFit(given);
    const written = await readFile(given.outFile, 'utf8');
    const second = await runFit(given);
    expect(second).toEqual(first);
    expect(await readFile(given.outFile, 'utf8')).toBe(written);
    expect(first).toMatchObject({ questions: 7, unseenRecallAt10: 100, fittedRecallAt10: 100 });
    expect(JSON.parse(written)).toMatchObject({ near: expect.any(Number), 'past?': expect.any(Number) });
  });

  test('rank as the product does where they are its own', async () => {
    const given = await options(data);
    const [{ recallAt1, recallAt10, ndcgAt10 }, { shippedRecallAt10, shippedNdcgAt10 }] = [
      await run(given),
      await runFit(given),
    ];
    expect(recallAt1).toBeGreaterThan(0);
    expect(shippedRecallAt10).toBe(recallAt10);
    expect(shippedNdcgAt10).toBe(ndcgAt10);
  });
});
