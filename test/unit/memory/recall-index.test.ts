import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemoryUnit } from '#src/core/memory.ts';
import { RecallIndex } from '#src/memory/recall-index.ts';

const EVENING_IN_MS = Date.UTC(2026, 4, 8, 19);
const DAY_IN_MS = 86_400_000;

function unit(id: string, text: string, rest: Partial<MemoryUnit> = {}): MemoryUnit {
  return { id, text, speaker: 'Mira', session: 's1', seq: 0, saidAtInMs: EVENING_IN_MS, ...rest };
}

/** The lines of one session, each with its number as id. */
function session(
  name: string,
  lines: readonly (readonly [speaker: string, text: string])[],
  atInMs = EVENING_IN_MS,
) {
  return lines.map(([speaker, text], seq) =>
    unit(`${name}:${seq}`, text, { speaker, session: name, seq, saidAtInMs: atInMs }),
  );
}

function indexOf(...units: readonly MemoryUnit[]): RecallIndex {
  const index = new RecallIndex();
  index.add(units);
  return index;
}

function found(index: RecallIndex, query: string, limit = 10): readonly string[] {
  return index.recall(query, { limit }).map(({ unit: { id } }) => id);
}

const word = fc.constantFrom(
  'bell',
  'tower',
  'rang',
  'gold',
  'wolf',
  'king',
  'promise',
  'Mira',
  'where',
  '🔔',
  'Zürich',
  'ein',
  '鐘',
);
const text = fc.oneof(
  fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const units = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 40 }).map(String),
    speaker: fc.constantFrom('Mira', 'Old Tom', ''),
    text,
    session: fc.constantFrom('s1', 's2', 's3'),
    seq: fc.integer({ min: 0, max: 12 }),
    saidAtInMs: fc.integer({ min: 0, max: 3 }).map((days) => EVENING_IN_MS + days * DAY_IN_MS),
  }),
  { selector: ({ id }) => id, maxLength: 25 },
);

describe('what is found', () => {
  const told = [
    ...session('bell', [
      ['Mira', 'Good evening, everyone!'],
      ['Tom', 'What became of the old bell?'],
      ['Mira', 'We melted it for swords, the year of the siege.'],
      ['Tom', 'A shame.'],
    ]),
    ...session(
      'wolves',
      [
        ['Tom', 'I saw three wolves at the mill.'],
        ['Mira', 'I bought a puppy from the shepherd.'],
        ['Tom', 'The mill has been empty since then.'],
      ],
      EVENING_IN_MS + 40 * DAY_IN_MS,
    ),
  ];

  test('the line with the words, whatever their forms', () => {
    expect(found(indexOf(...told), 'Who sees a wolf near mills?')[0]).toBe('wolves:0');
  });

  test('the answer to the line with the words', () => {
    expect(found(indexOf(...told), 'What did Mira do with the bell?')[0]).toBe('bell:2');
  });

  test('a line that says the same in other words', () => {
    const hit = indexOf(...told).recall('Which dog did Mira purchase?', { limit: 1 })[0];
    expect(hit?.unit.id).toBe('wolves:1');
    expect(hit?.reasons).toContain('said by Mira');
    expect(hit?.reasons.join()).toMatch(/like the words:.*puppy/u);
  });

  test('a word that is misspelt', () => {
    expect(found(indexOf(...told), 'sheppherd')[0]).toBe('wolves:1');
  });

  test('what was said in the month that is named', () => {
    const hit = indexOf(...told).recall('What happened in June?', { limit: 1 })[0];
    expect(hit?.unit.session).toBe('wolves');
    expect(hit?.reasons).toContain('said at that time');
  });

  test('"yesterday", where it is known what time it is', () => {
    const now = { atInMs: EVENING_IN_MS + 41 * DAY_IN_MS };
    const index = indexOf(...told);
    expect(index.recall('What was said yesterday?', { limit: 20, now })[0]?.unit.session).toBe('wolves');
    expect(index.recall('What was said yesterday?', { limit: 20 })).toEqual([]);
  });

  test('"I" and "you" are who asks and who is asked', () => {
    const asked = { limit: 1, askedBy: 'Tom', askedOf: 'Mira' };
    const index = indexOf(
      unit('mine', 'I like cheese.', { speaker: 'Tom' }),
      unit('yours', 'I like cheese.', { seq: 1 }),
    );
    expect(index.recall('What cheese do I like?', asked)[0]?.unit.id).toBe('mine');
    expect(index.recall('What cheese do you like?', asked)[0]?.unit.id).toBe('yours');
  });

  test('with the reason why', () => {
    const hits = indexOf(...told).recall('the siege swords', { limit: 4 });
    expect(hits[0]?.reasons).toEqual(['words: swords, siege']);
    expect(hits.find(({ unit: { id } }) => id === 'bell:3')?.reasons).toEqual(['next to what was found']);
  });

  test('not across the start of a session', () => {
    const index = indexOf(
      ...session('one', [['', 'The bell rang.']]),
      ...session('two', [['', 'Nothing else.']]),
    );
    expect(found(index, 'bell')).toEqual(['one:0']);
  });

  test('equal lines newest first, in a session and between sessions', () => {
    const same = [0, 1, 2, 3].map((day) =>
      unit(`day ${day}`, 'The bell rang.', {
        session: `s${day}`,
        saidAtInMs: EVENING_IN_MS + day * DAY_IN_MS,
      }),
    );
    const scores = new Set(
      indexOf(...same)
        .recall('bell', { limit: 9 })
        .map(({ score }) => score),
    );
    expect(scores.size).toBe(1);
    expect(found(indexOf(...same), 'bell')).toEqual(['day 3', 'day 2', 'day 1', 'day 0']);
  });

  test.each(['', '   ', '?!', '🔔🔔', 'what was the', 'xylophone'])('nothing for %j', (query) => {
    expect(found(indexOf(...told), query)).toEqual([]);
  });

  test('nothing where nothing is remembered, or none is asked for', () => {
    expect(found(new RecallIndex(), 'bell')).toEqual([]);
    expect(found(indexOf(...told), 'bell', 0)).toEqual([]);
  });
});

describe('what is kept', () => {
  test('a memory of a known id takes the place of the one before', () => {
    const index = indexOf(unit('1', 'The bell rang.'));
    index.add([unit('1', 'A wolf howled.', { session: 's2' })]);
    expect(index.size).toBe(1);
    expect(found(index, 'bell')).toEqual([]);
    expect(found(index, 'wolf')).toEqual(['1']);
  });

  test('ids that are not known are passed over', () => {
    const index = indexOf(unit('1', 'The bell rang.'));
    index.remove(['2']);
    expect(index.size).toBe(1);
  });

  test('words of 100,000 characters cost no more than others', () => {
    const long = 'x'.repeat(100_000);
    const index = indexOf(unit('1', long), unit('2', `bell ${'ring '.repeat(20_000)}`, { seq: 1 }));
    expect(found(index, 'bell')).toContain('2');
    expect(found(index, long)[0]).toBe('1');
    expect(found(index, 'bell '.repeat(20_000))).toContain('2');
  });

  test('many at once, found among many', () => {
    const index = new RecallIndex();
    index.add(Array.from({ length: 700 }, (_, seq) => unit(`${seq}`, `Stone ${seq} of the wall`, { seq })));
    expect(found(index, 'Which is stone 613?')[0]).toBe('613');
    index.remove(Array.from({ length: 690 }, (_, seq) => `${seq}`));
    expect(found(index, 'wall', 50)).toHaveLength(10);
  });
});

test('what was said in the same scene on another evening is no neighbour', () => {
  const told = (pauseInMs: number) =>
    indexOf(
      unit('1', 'The bell of Tor is cursed.'),
      unit('2', 'Pass the salt.', { seq: 1, saidAtInMs: EVENING_IN_MS + pauseInMs }),
    );
  expect(found(told(60_000), 'bell')).toEqual(['1', '2']);
  expect(found(told(7 * DAY_IN_MS), 'bell')).toEqual(['1']);
});

describe('whatever is remembered and asked', () => {
  test('what is removed is never found, and leaves no trace', () => {
    fc.assert(
      fc.property(units, units, text, (kept, gone, query) => {
        const left = kept.filter(({ id }) => gone.every((each) => each.id !== id));
        const index = indexOf(...kept, ...gone);
        index.recall(query, { limit: 5 });
        index.remove(gone.map(({ id }) => id));
        expect(index.size).toBe(left.length);
        expect(index.recall(query, { limit: 50 })).toEqual(indexOf(...left).recall(query, { limit: 50 }));
      }),
    );
  });

  test('the order of adding makes no difference, nor do questions in between', () => {
    fc.assert(
      fc.property(
        units.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        text,
        ([all, shuffled], query) => {
          const grown = new RecallIndex();
          for (const each of shuffled) {
            grown.add([each]);
            grown.recall(query, { limit: 3 });
          }
          expect(grown.recall(query, { limit: 50 })).toEqual(indexOf(...all).recall(query, { limit: 50 }));
        },
      ),
    );
  });

  test('nor how many come after the first question', () => {
    const words = [
      'bell',
      'tower',
      'gold',
      'wolf',
      'king',
      'promise',
      'mill',
      'siege',
      'crown',
      'harbour',
      'toll',
    ];
    const wordAt = (index: number) => words[index % words.length] ?? '';
    const told = Array.from({ length: 700 }, (_, seq) =>
      unit(`${seq}`, `The ${wordAt(seq)} and the ${wordAt(seq * seq)} of ${wordAt(seq % 5)}${seq % 97}?`, {
        speaker: seq % 3 === 0 ? 'Tom' : 'Mira',
        session: seq % 7 === 0 ? 's2' : 's1',
        seq,
        // A scene goes on from evening to evening.
        saidAtInMs: EVENING_IN_MS + seq + Math.floor(seq / 90) * DAY_IN_MS,
      }),
    );
    const grown = new RecallIndex();
    for (const each of told) {
      grown.add([each]);
      grown.recall('the bell', { limit: 1 });
    }
    const query = 'Did Tom promise gold for the crown?';
    expect(grown.recall(query, { limit: 50 })).toEqual(indexOf(...told).recall(query, { limit: 50 }));
  });

  test('the hits are distinct, have finite scores that fall, and reasons; fewer are the first of more', () => {
    fc.assert(
      fc.property(units, text, fc.integer({ min: 1, max: 30 }), (all, query, limit) => {
        const index = indexOf(...all);
        const hits = index.recall(query, { limit });
        const ids = hits.map(({ unit: { id } }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(hits.length).toBeLessThanOrEqual(limit);
        for (const [rank, { score, reasons }] of hits.entries()) {
          expect(Number.isFinite(score)).toBe(true);
          expect(reasons).not.toEqual([]);
          expect(score).toBeLessThanOrEqual(hits[rank - 1]?.score ?? score);
        }
        expect(index.recall(query, { limit: 100 }).slice(0, limit)).toEqual(hits);
      }),
    );
  });
});
