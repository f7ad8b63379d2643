import { describe, expect, it } from 'vitest';
import { thenIn, wasThen, whenRecalled, whenSaid } from '#src/adapters/improv/voice/when.ts';
import type { SeenLine } from '#src/core/model.ts';
import { said } from './fixtures.ts';

function at(time: string | undefined, mark?: string): SeenLine {
  return {
    ...said('The bridge is down.'),
    ...(time === undefined ? {} : { time }),
    ...(mark === undefined ? {} : { mark }),
  };
}

function occasions(lines: readonly SeenLine[]): readonly string[] {
  return whenSaid(lines.slice(0, -1), lines.at(-1)).map(({ occasion }) => occasion);
}

describe('whenSaid', () => {
  it('calls only the last few lines of this talk "just now"', () => {
    expect(occasions(Array.from({ length: 7 }, () => at(undefined)))).toEqual([
      'earlier',
      'earlier',
      'just now',
      'just now',
      'just now',
      'just now',
    ]);
  });

  it.each([
    ['day 1, evening', 'day 2, evening', 'last night'],
    ['day 1, before dawn', 'day 1, evening', 'last night'],
    ['day 1, morning', 'day 2, evening', 'yesterday morning'],
    ['day 1, noon', 'day 2, dawn', 'yesterday afternoon'],
    ['day 1, evening', 'day 11, evening', 'ten nights ago'],
    ['day 1, dawn', 'day 21, dawn', '20 days ago'],
    ['day 1, morning', 'day 1, evening', 'this morning'],
    ['day 1, evening', 'day 1, night', 'earlier tonight'],
    ['day 1, dawn', 'day 1, morning', 'earlier today'],
    ['day 5, evening', 'day 2, evening', 'once'],
  ])('what was said on %s is on %s of %s', (then, now, occasion) => {
    expect(occasions([at(then), at(now, `It is ${now}`)])).toEqual([occasion]);
  });

  it('knows where no time is kept only that the players came back', () => {
    const again = at(undefined, 'A new game session begins');
    expect(occasions([at(undefined), again, again, at(undefined)])).toEqual([
      'once',
      'last time',
      'just now',
    ]);
  });

  it('takes no time to have passed where time is kept from now on', () => {
    expect(occasions([at(undefined), at('day 1, evening', 'It is day 1, evening')])).toEqual(['just now']);
  });
});

describe('whenRecalled', () => {
  it.each([
    ['earlier here', 'earlier', 0],
    ['last night', 'last night', 1],
    ['yesterday morning', 'yesterday morning', 1],
    ['two nights ago', 'two nights ago', 2],
    ['this morning', 'this morning', 0],
    ['on an earlier occasion', 'once', undefined],
    ['on day 2, evening', 'on day 2 in the evening', 3],
    ['on day 2, dawn', 'on day 2 at dawn', 3],
  ])('%s', (when, occasion, daysAgo) => {
    expect(whenRecalled({ when }, 'day 5, noon')).toMatchObject({ occasion, daysAgo });
  });
});

describe('thenIn', () => {
  it.each([
    ['what do you remember of last night?', ['last night']],
    ['what happened yesterday?', ['last night', 'yesterday morning']],
    ['what happened yesterday morning?', ['yesterday morning']],
    ['what did you hear two nights ago?', ['two nights ago']],
    ['what happened on day 4?', ['last night', 'yesterday morning']],
    ['what happened tonight?', ['earlier']],
    ['what did we say the other day?', ['last night', 'yesterday morning', 'two nights ago', 'once']],
    ['what happened when we first met?', ['last night', 'yesterday morning', 'two nights ago', 'once']],
  ])('%s', (question, expected) => {
    const then = thenIn(question, 'day 5, evening');
    const all = [
      'earlier here',
      'last night',
      'yesterday morning',
      'two nights ago',
      'on an earlier occasion',
    ];
    const found = all.map((when) => whenRecalled({ when }, 'day 5, evening'));
    const occasionsThen = found.filter((when) => then !== undefined && wasThen(when, then));
    // Where nobody counts the days, "once" may have been any of them.
    const certain = occasionsThen.filter(
      ({ daysAgo }) => daysAgo !== undefined || then?.daysAgo === undefined,
    );
    expect(certain.map(({ occasion }) => occasion)).toEqual(expected);
  });

  it('names no time where the question names none', () => {
    expect(thenIn('who rang the bell on the last night of the harvest?', 'day 5, evening')).toBeUndefined();
  });
});
