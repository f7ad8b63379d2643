import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { MemoryUnit } from '#src/core/memory.ts';
import type { GameTime } from '#src/core/world-time.ts';
import { namedTimes } from '#src/memory/named-times.ts';
import { RecallIndex } from '#src/memory/recall-index.ts';
import { Shelf } from '#src/memory/shelf.ts';
import { mayNameTime } from '#src/memory/time-hint.ts';

const MINUTE_IN_MS = 60_000;
const HOUR_IN_MS = 60 * MINUTE_IN_MS;
/** Seven in the evening in New York: midnight UTC lies within each evening of play. */
const FIRST_EVENING_IN_MS = Date.UTC(2026, 2, 3, 23);
const WEEK_IN_MS = 7 * 24 * HOUR_IN_MS;
const at = (day: number, hour = 0) => (day * 24 + hour) * 60;

const SMALL_TALK = [
  'Let us sit by the warm fire and eat some harvest soup.',
  'Could you hand me the willow chair, please.',
  'I would like a barley ale and a cinnamon bun.',
  'Good evening, the northern weather is lovely.',
];

let count = 0;
/** @param evening of play, and the minute in it. */
function unit(
  id: string,
  [evening, minute]: readonly [number, number],
  change: Partial<MemoryUnit> = {},
): MemoryUnit {
  count += 1;
  const saidAtInMs = FIRST_EVENING_IN_MS + evening * WEEK_IN_MS + minute * MINUTE_IN_MS;
  return { id, speaker: 'Mira', text: `${id}.`, session: 's', seq: count, saidAtInMs, ...change };
}

const playedNow = (evening: number, minute = 60): GameTime => ({
  atInMs: FIRST_EVENING_IN_MS + evening * WEEK_IN_MS + minute * MINUTE_IN_MS,
});

/** The ids of what fits the times of a question, with how well where that is less than wholly. */
function fitting(question: string, now: GameTime, units: readonly MemoryUnit[]): readonly string[] {
  const shelf = new Shelf();
  for (const each of units) shelf.add(each);
  const { times } = namedTimes(question, now, shelf);
  if (times.length > 0) expect(mayNameTime(question)).toBe(true);
  return units.flatMap((each) => {
    const fit = Math.max(0, ...times.map((time) => time.fit(each)));
    return fit === 0 ? [] : [fit === 1 ? each.id : `${each.id} ${fit.toFixed(1)}`];
  });
}

describe('where in-world time is kept', () => {
  /** One at every third hour of five days, all said on one evening of play. */
  const units = Array.from({ length: 40 }, (_, index) => {
    const [day, hour] = [Math.floor(index / 8), (index % 8) * 3];
    return unit(`${day} ${hour}h`, [0, index], { worldMinute: at(day, hour) });
  });
  const asked = (question: string, day: number, hour: number) =>
    fitting(question, { ...playedNow(0), worldMinute: at(day, hour) }, units);

  test.each([
    ['last night', 3, 11, ['2 18h', '2 21h', '3 0h', '3 3h']],
    ['last night', 3, 22, ['2 18h', '2 21h', '3 0h', '3 3h']],
    ['the night before', 3, 11, ['2 18h', '2 21h', '3 0h', '3 3h']],
    ['the night before last', 3, 11, ['1 18h', '1 21h', '2 0h', '2 3h']],
    ['yesterday evening', 3, 11, ['2 18h', '2 21h']],
    ['yesterday morning', 3, 11, ['2 6h', '2 9h']],
    ['this morning', 3, 11, ['3 6h', '3 9h']],
    ['earlier this afternoon', 3, 20, ['3 12h', '3 15h']],
    ['tonight', 3, 23, ['3 18h', '3 21h', '4 0h', '4 3h']],
    [
      'on day 2',
      4,
      11,
      ['2 0h', '2 3h', '2 6h', '2 9h', '2 12h', '2 15h', '2 18h', '2 21h', '3 0h 0.6', '3 3h 0.6'],
    ],
    ['on the night of day 1', 4, 11, ['1 18h', '1 21h', '2 0h', '2 3h']],
    ['day 1, in the morning', 4, 11, ['1 6h', '1 9h']],
    ['three hours ago', 3, 12, ['3 9h']],
  ] as const)('“%s” on day %i at %i', (words, day, hour, fits) => {
    expect(asked(`What was said ${words}?`, day, hour)).toEqual(fits);
  });

  test.each([
    ['yesterday', 3, 11, '2 6h', '3 3h'],
    ['today', 3, 11, '3 6h', '4 3h'],
    ['two days ago', 3, 11, '1 6h', '2 3h'],
    ['the day before yesterday', 3, 11, '1 6h', '2 3h'],
    ['a couple of days earlier', 3, 11, '1 6h', '2 3h'],
    ['the day before', 3, 11, '2 6h', '3 3h'],
    ['earlier', 3, 11, '3 6h', '4 3h'],
    ['a few days ago', 6, 11, '1 6h', '4 21h'],
    ['last week', 10, 11, '0 6h', '4 21h'],
    ['a week ago', 10, 11, '0 6h', '4 21h'],
    ['since day 4', 4, 23, '4 0h', '4 21h'],
  ] as const)('“%s” on day %i at %i is from one dawn to another', (words, day, hour, first, last) => {
    const ids = asked(`What was said ${words}?`, day, hour).map((each) => each.replace(/ [\d.]+$/u, ''));
    expect([ids[0], ids.at(-1)]).toEqual([first, last]);
  });

  test('asked after midnight, last night is the night that is not over, and perhaps the one before', () => {
    expect(asked('What did you hear last night?', 3, 2)).toEqual([
      ...['1 18h 0.6', '1 21h 0.6', '2 0h 0.6', '2 3h 0.6'],
      ...['2 18h', '2 21h'],
    ]);
    expect(asked('And yesterday?', 3, 2).at(-1)).toBe('2 21h 0.6');
    expect(asked('And tonight?', 3, 2)).toEqual(['2 18h', '2 21h', '3 0h', '3 3h']);
  });

  test('what was before or after a time fits the better the closer it is', () => {
    const before = asked('Who came before yesterday?', 3, 11);
    expect(before[0]).toMatch(/^0 0h 0\.6/u);
    expect(before.at(-1)).toMatch(/^2 3h (?:0\.9|1\.0)/u);
    expect(asked('Who came after last night?', 3, 11)[0]).toBe('3 6h');
  });

  test('a day that is counted from something else is none of the campaign', () => {
    expect(asked('What was said on the third day of the siege?', 4, 11)).toEqual([]);
    expect(asked('What was said on day 3 of our journey?', 4, 11)).toEqual([]);
    expect(asked('What was said on the third day, of all days?', 4, 11)).not.toEqual([]);
  });

  test('no evening of play before it was kept is of last week', () => {
    const old = [0, 1, 2, 3].map((evening) => unit(`${evening}`, [evening, 0]));
    expect(fitting('And last week?', { ...playedNow(4), worldMinute: at(30) }, old)).toEqual([]);
  });

  test('what was said before it was kept goes by the evening of play; the game master’s word by none', () => {
    const old = [unit('old', [0, 0]), unit('word', [0, 1], { kind: 'gm' }), unit('new', [1, 0])];
    expect(fitting('And last night?', { ...playedNow(1), worldMinute: at(3) }, old)).toEqual(['old']);
  });

  test('what was said before it was kept is not of a time after the first that has one', () => {
    const old = (worldMinute: number) => [unit('old', [0, 0]), unit('new', [0, 5], { worldMinute })];
    const now = { ...playedNow(1), worldMinute: at(3, 11) };
    expect(fitting('And last night?', now, old(at(1, 8)))).toEqual([]);
    expect(fitting('And last night?', now, old(at(2, 22)))).toEqual(['old', 'new']);
  });

  test('where nothing else is asked for, what is telling comes first, whoever said it', () => {
    const evening = { worldMinute: at(2, 19) };
    const talk = Array.from({ length: 20 }, (_, index) =>
      unit(`talk ${index}`, [0, index], {
        speaker: 'Hroon',
        text: SMALL_TALK[index % SMALL_TALK.length] ?? '',
        ...evening,
      }),
    );
    const key = unit('key', [0, 9.5], { text: 'The miller hid a silver key under the well.', ...evening });
    const index = new RecallIndex();
    index.add([...talk, key]);
    const now = { ...playedNow(0), worldMinute: at(3, 11) };
    for (const question of ['What did you hear last night?', 'Who came last night?', 'And last night?']) {
      const hits = index.recall(question, { limit: 30, now, askedOf: 'Hroon' });
      expect(hits).toHaveLength(21);
      expect(hits[0]?.unit.id).toBe('key');
      expect(hits[1]?.reasons).toEqual(['last night (day 2, evening)']);
    }
    const [own] = index.recall('What did you say last night?', { limit: 1, now, askedOf: 'Hroon' });
    expect(own?.unit.speaker).toBe('Hroon');
  });

  test('names the time in the reason', () => {
    const index = new RecallIndex();
    index.add(units);
    const now = { ...playedNow(0), worldMinute: at(3, 11) };
    const [hit] = index.recall('last night?', { limit: 1, now });
    expect(hit?.reasons).toEqual(['last night (day 3, before dawn)']);
  });
});

describe('where it is not kept', () => {
  const units = [0, 1, 2, 3].flatMap((evening) => [
    unit(`${evening} early`, [evening, 0]),
    unit(`${evening} late`, [evening, 240]),
  ]);

  test.each([
    ['last night', ['2 early', '2 late']],
    ['yesterday', ['2 early', '2 late']],
    ['last time', ['2 early', '2 late']],
    ['when we last met', ['2 early', '2 late']],
    ['two days ago', ['1 early', '1 late']],
    ['tonight', ['3 early', '3 late']],
    ['today', ['3 early', '3 late']],
    ['earlier', ['3 early', '3 late']],
    ['an hour ago', ['3 early', '3 late']],
    ['nine days ago', []],
    ['on day 2', []],
  ] as const)('“%s” is by evenings of play, past midnight as before', (words, fits) => {
    expect(fitting(`What was said ${words}?`, playedNow(3, 250), units)).toEqual(fits);
  });

  test('seen from between two evenings, the one before is the last', () => {
    expect(fitting('last night?', playedNow(3, 48 * 60), units)).toEqual(['3 early', '3 late']);
    expect(fitting('tonight?', playedNow(3, 48 * 60), units)).toEqual([]);
  });

  test.each([
    ['this week', ['3 early', '3 late']],
    ['last week', ['2 early', '2 late']],
    ['a week ago', ['2 early', '2 late']],
    ['seven days ago', ['2 early', '2 late']],
    ['two weeks ago', ['1 early', '1 late']],
    ['a month ago', ['0 early', '0 late']],
    ['two months ago', []],
    ['last month', ['0 early', '0 late', '1 early', '1 late']],
  ] as const)('“%s” is by the calendar', (words, fits) => {
    expect(fitting(`What did you promise ${words}?`, playedNow(3, 250), units)).toEqual(fits);
  });

  test('“last month” is that of the calendar, and about a month ago', () => {
    const [now, day] = [Date.UTC(2026, 3, 2), 24 * HOUR_IN_MS];
    const some = [1, 12, 40, 80].map((days) => ({
      ...unit(`${days} days ago`, [0, 0]),
      saidAtInMs: now - days * day,
    }));
    expect(fitting('What was said last month?', { atInMs: now - day / 2 }, some)).toEqual([
      '12 days ago',
      '40 days ago',
    ]);
  });

  test('from a time in which nothing was said nothing is known, and its words are no words to look for', () => {
    const shelf = new Shelf();
    for (const each of units) shelf.add(each);
    const named = (question: string, evening: number) => {
      const { rest, times, unknown } = namedTimes(question, playedNow(evening), shelf);
      return [rest.replaceAll(/\s+/gu, ' ').trim(), times.map(({ words }) => words), unknown];
    };
    expect(named('the mill last night', 1)).toEqual(['the mill', ['last night'], []]);
    expect(named('the mill last night', 0)).toEqual(['the mill', [], ['last night']]);
    expect(named('the mill on day 2', 0)).toEqual(['the mill', [], ['on day 2']]);
    expect(named('What happened yesterday?', 0)).toEqual(['What ?', [], ['yesterday']]);
    expect(named('What happened last year?', 3)).toEqual(['What ?', [], ['last year']]);
  });

  test('what may be an event that nobody remembers is looked for by its words', () => {
    const shelf = new Shelf();
    for (const each of units) shelf.add(each);
    const named = (question: string) => namedTimes(question, playedNow(0), shelf);
    expect(named('Who came before the siege?')).toEqual({
      rest: 'Who   before the siege?',
      times: [],
      unknown: ['before the siege'],
    });
    expect(named('What happens when the moon rises?').unknown).toEqual([]);
    expect(named('Who asked after the ferry?').unknown).toEqual([]);
  });
});

describe('an event', () => {
  const kept = { worldMinute: at(2, 22) };
  const units = [
    unit('key', [0, 0], { speaker: 'Oskar', text: 'The granary key hangs here.', worldMinute: at(1, 10) }),
    unit('hearth', [0, 1], { text: 'A warm fire and an ale.', worldMinute: at(1, 20) }),
    unit('theft', [0, 2], { speaker: 'Oskar', text: 'Somebody took the key.', worldMinute: at(2, 12) }),
    unit('warning', [0, 3], { text: 'I smell smoke.', ...kept }),
    unit('smoke', [0, 4], { speaker: '', text: 'The granary is on fire!', ...kept }),
    unit('chain', [0, 5], { text: 'Water! Form a chain!', ...kept }),
    unit('trust', [0, 6], { text: 'Since the fire nobody sleeps.', worldMinute: at(3, 9) }),
    unit('flour', [0, 7], { text: 'The fire took all our flour.', worldMinute: at(3, 9) }),
    unit('question', [0, 8], { text: 'Who came before the fire?', worldMinute: at(3, 10) }),
  ];
  const now: GameTime = { ...playedNow(0), worldMinute: at(3, 10) };
  const idsOf = (question: string, some = units, when = now) =>
    fitting(question, when, some).map((each) => each.split(' ')[0]);

  test.each([
    ['before the fire', ['key', 'hearth', 'theft', 'warning']],
    ['until the fire', ['key', 'hearth', 'theft', 'warning']],
    ['after the fire', ['chain', 'trust', 'flour', 'question']],
    ['since the fire', ['chain', 'trust', 'flour', 'question']],
    ['during the fire', ['warning', 'smoke', 'chain']],
    ['at the time of the fire', ['warning', 'smoke', 'chain']],
    ['when the granary was on fire', ['warning', 'smoke', 'chain']],
    ['the night of the fire', ['warning', 'smoke', 'chain']],
    ['the day before the fire', ['key', 'hearth']],
    ['the morning after the fire', ['trust', 'flour', 'question']],
  ] as const)('“%s”: by the world’s time, and where that is the same by the order of play', (words, ids) => {
    expect(idsOf(`What was said ${words}?`)).toEqual(ids);
    expect(idsOf(`${words.charAt(0).toUpperCase()}${words.slice(1)}, who was there?`)).toEqual(ids);
  });

  test('is one of several that a question may name', () => {
    expect(idsOf('Who asked after the ferry before the fire?')).toEqual([
      'key',
      'hearth',
      'theft',
      'warning',
    ]);
  });

  test('is found by the order of play alone where no time is kept', () => {
    const unkept = units.map(({ worldMinute: _, ...each }) => each);
    expect(idsOf('And before the fire?', unkept, playedNow(0))).toEqual([
      'key',
      'hearth',
      'theft',
      'warning',
    ]);
    const spread = unkept.map((each, index) => unit(each.id, [index, 0], { text: each.text, speaker: '' }));
    expect(idsOf('And the day before the granary fire?', spread, playedNow(9))).toEqual(['warning']);
  });

  test('from before time was kept has evenings of play around it, whatever has a time since', () => {
    const told = [
      unit('flood', [0, 0], { text: 'A flood! Run!', speaker: '' }),
      unit('word', [1, 0], { kind: 'gm' }),
      unit('after', [1, 1], { worldMinute: at(2, 20) }),
      unit('later', [2, 1], { worldMinute: at(3, 20) }),
    ];
    const asked = 'And the evening after the flood?';
    expect(idsOf(asked, told, { ...playedNow(3), worldMinute: at(9) })).toEqual(['after']);
    expect(idsOf('And the evening before the flood?', told, { ...playedNow(3), worldMinute: at(9) })).toEqual(
      [],
    );
  });

  test('is not what the game master’s word tells of', () => {
    const word = 'The flood took the mill thirty years ago.';
    const told = [unit('talk', [0, 0]), unit('word', [1, 0], { text: word, speaker: '', kind: 'gm' })];
    expect(idsOf('And before the flood?', told, playedNow(9))).toEqual([]);
  });

  describe('that was folded', () => {
    const later = ['The ruins of the flood lie bare.', 'Where the flood was, grass grows.'];
    const told = (text: string, change: Partial<MemoryUnit>) => [
      unit('before', [0, 0]),
      unit('flood', [1, 0], { text, speaker: '', ...change }),
      unit('between', [2, 0]),
      ...later.map((each, index) => unit(`later ${index}`, [3 + index, 0], { text: each, speaker: '' })),
      ...Array.from({ length: 6 }, (_, index) => unit(`talk ${index}`, [4, index], { text: 'That flood!' })),
    ];
    const ids = (text: string, change: Partial<MemoryUnit> = {}) =>
      idsOf('And before the flood?', told(text, change), playedNow(9));

    test('was when it was before', () => {
      expect(ids('A flood eats the mill.')).toEqual(['before']);
      expect(ids('Mira: "I hear water." [A flood eats the mill.]', { kind: 'summary' })).toEqual(['before']);
      expect(ids('Mira: "A flood!" [The flood eats the mill.]', { kind: 'summary' })).toEqual(['before']);
      expect(ids('They heard water, and a flood ate the mill.', { kind: 'summary' })).toEqual(['before']);
    });

    test('is told by the summary only where that does not say who said so', () => {
      const said = ids('[It rains.] Mira: "Rain. I smell a flood." [She goes.]', { kind: 'summary' });
      expect(said).toEqual(['before', 'flood', 'between']);
    });
  });

  describe('is looked for', () => {
    const lines = (count: number, change: Partial<MemoryUnit> = {}) =>
      Array.from({ length: count }, (_, index) =>
        unit(`${index}`, [0, index], { text: 'The king, the duke, the mill.', ...change }),
      );

    function searched(question: string, some = lines(4)) {
      const shelf = new Shelf();
      for (const each of some) shelf.add(each);
      const looks = vi.spyOn(shelf.words, 'each');
      return { ...namedTimes(question, playedNow(0), shelf), looks: looks.mock.calls.length };
    }

    test('once in a question, however often that names it', () => {
      const { looks: once } = searched('Who came before the king?');
      expect(once).toBeGreaterThan(0);
      const { looks: often, times } = searched('Who came before the king, since the king, after the king?');
      expect([often, times.length]).toEqual([once, 3]);
    });

    test('a few times in a question, though nothing comes of it', () => {
      const { looks: one } = searched('Who came before the n0?');
      const many = Array.from({ length: 120 }, (_, index) => `before the n${index}`).join(', ');
      expect(one).toBeGreaterThan(0);
      expect(searched(many).looks).toBe(6 * one);
    });

    test('in the end of a long question', () => {
      const speech = 'I have seen much, and none of it was good. '.repeat(40);
      expect(searched(`${speech} Who came before the king?`).times).toHaveLength(1);
      expect(searched(`Who came before the king? ${speech}`).looks).toBe(0);
      expect(searched(`Who came before the king? ${speech}`).rest).toContain('before the king');
    });

    test.each([
      ['spoken of', {}],
      ['narrated', { speaker: '' }],
    ])('and not read where it is %s everywhere', (_, change) => {
      const sure = 'What was said after the king?';
      expect(searched(sure, lines(128, change)).times).toHaveLength(1);
      const shelf = new Shelf();
      let read = 0;
      for (const { text, ...each } of lines(129, change))
        shelf.add({
          ...each,
          get text() {
            read += 1;
            return text;
          },
        });
      read = 0;
      expect(namedTimes(sure, playedNow(0), shelf).times).toEqual([]);
      expect(read).toBe(0);
    });

    test('among much talk of it where few narrate it', () => {
      const some = [unit('coming', [0, 0], { text: 'The king comes.', speaker: '' }), ...lines(300)];
      expect(searched('Who came after the king?', some).times).toHaveLength(1);
    });
  });

  test('of which people speak at several times was at the first at which it weighs as much', () => {
    const spoken = units.map((each) => ({ ...each, speaker: 'Mira' }));
    expect(idsOf('And before the fire?', spoken)).toEqual(['key', 'hearth', 'theft', 'warning']);
    const twice = spoken.map((each) =>
      each.id === 'hearth' ? { ...each, text: 'The barn is on fire!' } : each,
    );
    expect(idsOf('And before the fire?', twice)).toEqual(['key']);
  });

  describe('among others of the name', () => {
    const granary =
      'A great fire breaks out: the granary of Oxbridge is in flames, and two children die in it.';
    /** One evening each: what is told, and a line after it. */
    const evenings = (...texts: readonly string[]) =>
      texts.flatMap((text, index) => [
        unit(`${index}`, [index, 0], { text, speaker: '' }),
        unit(`talk ${index}`, [index, 2], { text: 'I count our coins.' }),
      ]);
    const beforeFire = (told: readonly MemoryUnit[], question = 'And before the fire?') =>
      idsOf(question, [...told], playedNow(40));
    const ids = (count: number) => Array.from({ length: count }, (_, index) => [`${index}`, 'talk']).flat();

    test('is the one that weighs most, not the first', () => {
      const told = evenings(
        'You sit by the fire in the common room.',
        'The fire crackles. Rain beats on.',
        granary,
      );
      expect(beforeFire(told)).toEqual(ids(2));
    });

    test('is not one that is made or kept, wherever that is', () => {
      const camp = 'Near the mill of Oxbridge Oskar Brandt and Corvin made a small fire.';
      expect(beforeFire(evenings(camp, granary))).toEqual(ids(1));
    });

    test('is found however many they are, as long as they weigh less', () => {
      const camps = Array.from({ length: 9 }, () => 'You make camp and light a fire.');
      expect(beforeFire(evenings(...camps, granary, ...camps))).toEqual(ids(9));
      expect(beforeFire(evenings(...camps, 'A fire breaks out in the granary.', ...camps))).toEqual(ids(9));
      expect(beforeFire(evenings(granary, ...Array.from({ length: 4 }, () => granary)))).toEqual([]);
    });

    test.each(['Somebody has put a log on it near the fire.', 'Tolm sleeps near the fire of Oskar Brandt.'])(
      'is not where something else is near it: %s',
      (text) => {
        expect(beforeFire(evenings(text, 'The stables are on fire.'))).toEqual(ids(1));
      },
    );

    test('is what happens near something else, however little else is told of it', () => {
      for (const text of [
        'A fire breaks out near the mill.',
        'A fire breaks out in the granary. The villagers form a bucket chain.',
      ])
        expect(beforeFire(evenings('You eat.', text, granary))).toEqual(ids(1));
    });

    test('is told of in other words for the same, and not in words that are only like it', () => {
      const like = evenings(
        'You eat.',
        'The torches in the crypt of Oxbridge fell out of the hands of Corvin.',
      );
      const same = unit('same', [2, 0], { text: 'The lighthouse burns. Bells ring.', speaker: '' });
      expect(beforeFire([...like, same])).toEqual(ids(2));
      expect(beforeFire(like)).toEqual([]);
    });

    test('is what people speak of where nothing but campfires is narrated', () => {
      const told = [
        ...evenings('You sit by the fire.', 'You light a fire.'),
        unit('spoken', [2, 0], { text: 'Corvin has burnt the granary of Oxbridge down.' }),
      ];
      expect(beforeFire(told)).toEqual(ids(2));
    });

    test('is of the moments that weigh as much, though a campfire burnt on the same evening', () => {
      const told = [
        unit('camp', [0, 0], { text: 'You sit by the fire.', speaker: '' }),
        unit('between', [0, 2]),
        unit('granary', [0, 4], { text: granary, speaker: '' }),
      ];
      expect(beforeFire(told)).toEqual(['camp', 'between']);
    });
  });

  test('that is still to come is none', () => {
    const told = (text: string) => [unit('talk', [0, 0]), unit('word', [1, 0], { text })];
    const ids = (text: string) => idsOf('And before the flood?', told(text), playedNow(9));
    expect(ids('The flood will take Oxbridge.')).toEqual([]);
    expect(ids('The flood comes in nine days.')).toEqual([]);
    expect(ids('The flood took Oxbridge. We will go home.')).toEqual(['talk']);
  });

  test.each([
    ['the night the granary was on fire', ['warning', 'smoke', 'chain']],
    ['the night that the granary was on fire', ['warning', 'smoke', 'chain']],
    ['the night when the granary was on fire', ['warning', 'smoke', 'chain']],
    ['the morning when the granary was on fire', []],
  ] as const)('%s', (words, ids) => {
    expect(idsOf(`What was said ${words}?`)).toEqual(ids);
  });

  test.each([
    'How long until the fire?',
    'How many days are there before the fire?',
    'How soon after the fire?',
  ])('is what is asked for: %s', (question) => {
    const shelf = new Shelf();
    for (const each of units) shelf.add(each);
    expect(namedTimes(question, now, shelf)).toEqual({ rest: question, times: [], unknown: [] });
  });

  test.each([
    ['that nobody remembers', 'before the wedding'],
    ['that is asked of only', 'before the question'],
    ['with a word too many', 'before the fire in the mill'],
    ['of one word behind a pronoun', 'before you smell'],
    ['without a word that says something', 'before that'],
    ['that is a whole story', 'after the one two three four five six seven eight nine'],
  ])('%s is none', (_, words) => {
    const shelf = new Shelf();
    for (const each of units) shelf.add(each);
    const { times, rest } = namedTimes(`What was said ${words}?`, now, shelf);
    expect(times).toEqual([]);
    expect(rest).toContain(words);
  });

  test('told of at too many times is none', () => {
    const kings = [0, 1, 2, 3, 4].map((evening) => unit(`k${evening}`, [evening, 0], { text: 'The king!' }));
    expect(idsOf('Who came after the king?', kings, playedNow(9))).toEqual([]);
    expect(idsOf('Who came after the king?', kings.slice(0, 4), playedNow(9))).toEqual(['k1', 'k2', 'k3']);
  });

  test.each([
    ['is spoken of as something else', 'We must be gone before the flood.'],
    ['is asked for', 'Will there be a flood?'],
  ])('is not where it %s', (_, text) => {
    const told = [unit('talk', [0, 0], { text }), unit('flood', [1, 0], { text: 'A flood! Run!' })];
    expect(idsOf('And before the flood?', told, playedNow(9))).toEqual(['talk']);
  });

  test('may be talked of more, later, than when it was', () => {
    const texts = ['Good evening.', 'A flood! Run!', 'The flood took my barn.', 'What a flood that was.'];
    const told = texts.map((text, index) => unit(`${index}`, [Math.min(index, 2), index], { text }));
    expect(idsOf('And before the flood?', told, playedNow(9))).toEqual(['0']);
  });

  test('puts what was before it first, and lets the rest be found', () => {
    const index = new RecallIndex();
    index.add(units);
    const hits = index.recall('What did Oskar say before the fire?', { limit: 9, now });
    expect(hits.slice(0, 2).map(({ unit: { id } }) => id)).toEqual(['theft', 'key']);
    expect(hits[0]?.reasons).toEqual(['said by Oskar', 'before the fire (day 2, noon)']);
    expect(index.recall('Who took the flour last night?', { limit: 1, now })[0]?.unit.id).toBe('flour');
  });
});

test('whatever is asked whenever, nothing but what is held is found, each once', () => {
  const words = fc.constantFrom(
    ...[
      'last night',
      'before',
      'the fire',
      'after',
      'two days ago',
      'on day 2',
      'since',
      'we',
      'the day',
      ',',
    ],
    ...['when', 'of', 'day -9', 'this morning', 'earlier', 'half an hour ago', 'Mira', 'during', '?', 'fire'],
  );
  const asked = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.array(words, { maxLength: 8 }).map((some) => some.join(' ')),
  );
  const time = fc.option(fc.integer({ min: -10_000, max: 10_000 }), { nil: undefined });
  const anyUnit = fc.record({
    text: fc.constantFrom('The fire!', 'Before the fire.', 'A bell.', ''),
    worldMinute: time,
    saidAtInMs: fc.oneof(fc.integer({ min: 0, max: 2_000_000_000 }), fc.constant(Number.NaN)),
    kind: fc.constantFrom(undefined, 'gm' as const, 'summary' as const),
  });
  fc.assert(
    fc.property(asked, time, fc.array(anyUnit, { maxLength: 12 }), (question, worldMinute, some) => {
      const held = some.map(
        ({ text, saidAtInMs, worldMinute: then, kind }, index): MemoryUnit => ({
          ...{ id: `${index}`, speaker: '', text, session: 's', seq: index, saidAtInMs },
          ...(then === undefined ? {} : { worldMinute: then }),
          ...(kind === undefined ? {} : { kind }),
        }),
      );
      const index = new RecallIndex();
      index.add(held);
      const hits = index.recall(question, { limit: 20, now: { atInMs: 1_000_000_000, worldMinute } });
      const ids = hits.map(({ unit: { id } }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { unit: found, score, reasons } of hits) {
        expect(held).toContain(found);
        expect(Number.isNaN(score)).toBe(false);
        expect(reasons.join()).not.toBe('');
      }
    }),
    { numRuns: 1_000 },
  );
});
