import { NumberGenerator } from '@dice-roller/rpg-dice-roller';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { dice } from '#src/adapters/dice/dice-roller.ts';
import { Refusal } from '#src/core/errors.ts';

/** 20 dice, each rolled once and then a thousand times again; or 200 dice once. The engine may reject one in some. */
const MOST_ROLLS = 20 * 1001;
const HALF = 0x4000_0000;

afterEach(() => vi.restoreAllMocks());

/** Counts the rolls of dice; with `face`, every die shows about that share of its sides. */
function countRolls(face?: number) {
  const engine = NumberGenerator.engines.browserCrypto;
  const roll = vi.spyOn(engine, 'next');
  if (face !== undefined) roll.mockImplementation(() => face);
  return roll;
}

describe('dice', () => {
  test('rolls the better or the worse of two', async () => {
    const better = await dice.roll('1d20+5 adv');
    expect(better.dice).toBe('1d20+5 with advantage');
    const [, kept, total, dropped] = /^(\d+)\+5 = (\d+) \((\d+) dropped\)$/u.exec(better.detail) ?? [];
    expect(Number(kept)).toBeGreaterThanOrEqual(Number(dropped));
    expect(Number(total)).toBe(better.total);
    expect(better.total).toBe(Number(kept) + 5);
    const worse = await dice.roll('d20 dis');
    expect(worse.dice).toBe('1d20 with disadvantage');
    expect(worse.detail).toMatch(/^\d+ \(\d+ dropped\)$/u);
    expect(Number.parseInt(worse.detail, 10)).toBe(worse.total);
  });

  test.each([
    ['adv', '1d20 with advantage'],
    ['dis', '1d20 with disadvantage'],
    ['Advantage', '1d20 with advantage'],
    ['1d20 with disadvantage', '1d20 with disadvantage'],
    // As a check of an NPC has it.
    ['adv-1', '1d20-1 with advantage'],
    ['1d20 + 2 dis+3', '1d20+2+3 with disadvantage'],
  ])('reads %s as %s', async (notation, words) => expect((await dice.roll(notation)).dice).toBe(words));

  test('shows the first 20 of many dice, and their sum', async () => {
    countRolls(HALF);
    const { dice: rolled, detail, total } = await dice.roll('100d100');
    expect(rolled).toBe('100d100');
    expect(detail).toMatch(/^\[(?:\d+, ){19}\d+ … 80 more\] = \d+$/u);
    expect(detail.endsWith(` = ${total}`)).toBe(true);
    expect((await dice.roll('20d6')).detail).not.toContain('more');
  });

  test.each([
    ['2d6+3', 5, 15],
    ['1d20', 1, 20],
    ['d%', 1, 100],
    ['4dF', -4, 4],
    ['4dF.1 + 2', -2, 6],
    ['4d6kh3', 3, 18],
    ['4d6dl1', 3, 18],
    ['8d6/2', 4, 24],
    ['8d6 * 0.5', 4, 24],
    ['2d20kl1-1', 0, 19],
    ['10d6>4f<2', -10, 10],
    ['1d20ro<3 + 1d4', 2, 24],
    ['4d6cs=6cf=1', 4, 24],
    ['3d10!>=9', 3, 1e6],
    ['200d10000', 200, 2_000_000],
    ['7', 7, 7],
  ])('rolls %s', async (notation, least, most) => {
    const { total, detail } = await dice.roll(notation);
    expect(total).toBeGreaterThanOrEqual(least);
    expect(total).toBeLessThanOrEqual(most);
    expect(detail.endsWith(` = ${total}`)).toBe(true);
    expect(detail.length).toBeLessThan(600);
  });

  test.each([
    ['a quantity or size that is worked out', '999d(2*3)!>0'],
    ['seven of them', Array(7).fill('999d(2*3)!>0').join('+')],
    ['a quantity in brackets', '(99*99)d6'],
    ['groups', '{999d6,999d6}k1'],
    ['functions', 'pow(9,999)'],
    ['powers', '9**9**9'],
    ['a sign without a term', '2d6+'],
    ['comments', '2d6 # 999d999'],
    ['comments within', '99/**/9d6'],
    ['a space within dice', '999 d6'],
    ['words', 'drop table'],
    ['a word that begins like another', 'adventure'],
    ['advantage of other dice', '2d6 adv'],
    ['nothing', ''],
    ['too many dice', '201d6'],
    ['too many dice in all', '150d6+51d6'],
    ['too many dice that explode', '21d6!'],
    ['too many dice that are rolled again', '21d6r1'],
    ['too many dice that must be unique', '200d2u'],
    ['dice that explode and are rolled again', '20d2!>0r>0'],
    ['dice that explode and must be unique', '20d2!>0u'],
    ['too many sides', '1d10001'],
    ['too large a number', '1d6+1000001'],
    ['too many digits', `1d${'9'.repeat(90)}`],
    ['too many characters', '1d6+'.repeat(40)],
    ['a total that is not finite', '1d6/0'],
    ['dice that explode without end', '1d1!'],
    ['no dice', '0d6'],
  ])('refuses %s, with no die rolled before', async (_name, notation) => {
    const rolls = countRolls();
    await expect(dice.roll(notation)).rejects.toThrow(Refusal);
    expect(rolls.mock.calls.length).toBeLessThanOrEqual(1);
  });

  const pieces = fc.constantFrom(
    ...['d', '%', 'F', '.', '!', '!!', '!p', 'r', 'ro', 'u', 'uo', 'kh', 'kl', 'dl', 's', 'sa', 'cs', 'min'],
    ...[
      'max',
      '<',
      '>',
      '=',
      '<>',
      '+',
      '-',
      '*',
      '/',
      '**',
      ' ',
      '(',
      ')',
      '{',
      '}',
      ',',
      '#',
      '[',
      ']',
      'e',
    ],
    ...[
      '0',
      '1',
      '2',
      '9',
      '20',
      '99',
      '999',
      '1d20',
      '2d6',
      '20d2',
      '999d',
      'd(',
      '>0',
      '!>0',
      'r>0',
      'u>0',
    ],
  );
  const random = fc.string({ unit: pieces, maxLength: 100 }).map((text) => text.slice(0, 100));
  /** Nearly every one of these is dice. */
  const pool = fc
    .tuple(
      fc.constantFrom('', '1', '2', '20', '21', '99', '200'),
      fc.constantFrom('d2', 'd6', 'd%', 'dF', 'd10000', 'd(2*3)'),
      fc.array(fc.constantFrom('!>0', '!!>0', '!p>0', 'r>0', 'ro>0', 'u', 'kh1', 'dl1', 'min1', '>1'), {
        maxLength: 4,
      }),
    )
    .map(([quantity, die, modifiers]) => quantity + die + modifiers.join(''));
  const pools = fc
    .array(fc.tuple(pool, fc.constantFrom('+', '-', '*', ' / ')), { minLength: 1, maxLength: 8 })
    .map((terms) => terms.map(([text, sign], index) => (index === 0 ? text : sign + text)).join(''));

  test.each([
    ['random text', random, 1000],
    ['pools of dice', pools, 400],
  ])(
    'takes a bounded number of dice for %s, and gives a finite total or a Refusal',
    async (_name, notations, numRuns) => {
      // Every die shows a middling face, so that whatever may repeat does.
      const rolls = countRolls(HALF);
      let rolled = 0;
      await fc.assert(
        fc.asyncProperty(notations, async (notation) => {
          rolls.mockClear();
          try {
            const { total } = await dice.roll(notation);
            expect(Number.isFinite(total)).toBe(true);
            rolled += 1;
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
          expect(rolls.mock.calls.length).toBeLessThanOrEqual(MOST_ROLLS);
        }),
        { numRuns },
      );
      expect(rolled).toBeGreaterThan(0);
    },
  );
});
