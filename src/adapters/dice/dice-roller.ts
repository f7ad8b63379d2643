import type { Dice, Rolled } from '#src/core/dice.ts';
import { Refusal } from '#src/core/errors.ts';
import { clip } from '#src/core/text.ts';

/** Longest notation in characters, most dice of one roll, most sides of a die, and the largest plain number. */
const MAX_NOTATION_IN_CHARACTERS = 100;
const MAX_DICE = 200;
/** Dice that explode, are rolled again or must be unique may be so a thousand times each. */
const MAX_REPEATING_DICE = 20;
const MAX_SIDES = 10_000;
const MAX_NUMBER = 1_000_000;

/** So many results of one kind of dice are shown; of more there is the sum. */
const RESULTS_SHOWN = 20;
/** What is longer is cut before the total. */
const MAX_DETAIL_IN_CHARACTERS = 500;

const EXAMPLES = 'Write 2d6+3, 1d20, or 4d6kh3 (keep the highest three).';

/** Dice by rpg-dice-roller: its notation is the one players know. It is loaded with the first roll. */
export const dice: Dice = {
  async roll(asked) {
    const twice = readTwice(asked);
    const notation = twice === undefined ? asked : `2d20${twice.keeps}${twice.sums}`;
    refuseUnlessModest(notation);
    const { DiceRoll, NumberGenerator } = await import('@dice-roller/rpg-dice-roller');
    NumberGenerator.generator.engine = NumberGenerator.engines.browserCrypto;
    try {
      const { total, output } = new DiceRoll(notation);
      if (!Number.isFinite(total)) throw new RangeError('the total is not finite');
      return { total, ...(twice === undefined ? inFigures(output) : inWords(output, twice)) };
    } catch (error) {
      throw new Refusal(`That cannot be rolled. ${EXAMPLES}`, { cause: error });
    }
  },
};

/** The better or the worse of two d20, as the fifth edition says it. */
interface Twice {
  readonly keeps: 'kh1' | 'kl1';
  /** What is reckoned with the die kept: "+5", or empty. */
  readonly sums: string;
}

/** `1d20+5 adv`, `d20 with disadvantage`, `adv` alone; what a sheet adds may stand behind it. */
const BETTER_OR_WORSE =
  /^\s*(?:1?d20)?\s*((?:[-+*/][^a-z]*)?)(?:with\s+)?(?:(adv(?:antage)?)|dis(?:adv(?:antage)?)?)\s*((?:[-+*/][^a-z]*)?)$/iu;

function readTwice(asked: string): Twice | undefined {
  if (asked.length > MAX_NOTATION_IN_CHARACTERS) return undefined;
  const read = BETTER_OR_WORSE.exec(asked);
  if (read === null) return undefined;
  const [, before = '', better, after = ''] = read;
  return { keeps: better === undefined ? 'kl1' : 'kh1', sums: `${before}${after}`.replace(/\s+/gu, '') };
}

/** "2d20kh1+5: [3d, 17]+5 = 22" as people say it: "1d20+5 with advantage", "17+5 = 22 (3 dropped)". */
function inWords(output: string, { keeps, sums }: Twice): Pick<Rolled, 'dice' | 'detail'> {
  const [, list = ''] = /\[([^\]]*)\]/u.exec(output) ?? [];
  const results = list.split(', ');
  const kept = results.find((result) => !result.endsWith('d'));
  const dropped = results.find((result) => result.endsWith('d'))?.slice(0, -1);
  const total = output.slice(output.lastIndexOf(' = '));
  return {
    dice: `1d20${sums} with ${keeps === 'kh1' ? 'advantage' : 'disadvantage'}`,
    detail: `${kept}${sums === '' ? '' : `${sums}${total}`} (${dropped} dropped)`,
  };
}

/** "4d6: [3, 5, 1, 2] = 11", however many dice there are. */
function inFigures(output: string): Pick<Rolled, 'dice' | 'detail'> {
  const colon = output.indexOf(': ');
  const equals = output.lastIndexOf(' = ');
  const lists = output.slice(colon + 2, equals).replace(/\[([^\]]*)\]/gu, (whole, list: string) => {
    const results = list.split(', ');
    const more = results.length - RESULTS_SHOWN;
    return more <= 0 ? whole : `[${results.slice(0, RESULTS_SHOWN).join(', ')} … ${more} more]`;
  });
  return {
    dice: output.slice(0, colon),
    detail: `${clip(lists, MAX_DETAIL_IN_CHARACTERS)}${output.slice(equals)}`,
  };
}

/** What stands between two signs: dice with what is done to them ("4d6kh3", "d%", "4dF.1"), or a plain number. */
const TERM = /^(?:(\d*)d(\d+|%|F(?:\.[12])?)([a-z!<>=\d]*)|(\d+(?:\.\d+)?))$/u;

/** What rolls a die over and over: exploding (also `!!` and `!p`), again (`r`) and unique (`u`). */
const REPEATING = /!|r|u/gu;

/**
 * Only what is understood here to its last character reaches the library, so that nothing is rolled that was not
 * counted: its grammar also has dice whose number is worked out, groups and functions (`999d(2*3)!>0`).
 */
function refuseUnlessModest(notation: string): void {
  if (notation.length > MAX_NOTATION_IN_CHARACTERS) {
    throw new Refusal(`A roll may have ${MAX_NOTATION_IN_CHARACTERS} characters. ${EXAMPLES}`);
  }
  let count = 0;
  let sides = 0;
  let number = 0;
  let doesRepeat = false;
  for (const text of notation.split(/[-+*/]/u)) {
    const term = TERM.exec(text.trim());
    if (term === null) {
      throw new Refusal(`A roll is dice and numbers with + - * / between them. ${EXAMPLES}`);
    }
    const [, quantity, size, modifiers = '', plain = '0'] = term;
    number = Math.max(number, Number(plain));
    if (size === undefined) continue;
    count += Number(quantity || 1);
    sides = Math.max(sides, Number(size) || 0);
    const ways = new Set(modifiers.match(REPEATING));
    doesRepeat ||= ways.size > 0;
    if (ways.size > 1) {
      // A thousand times a thousand for each die.
      throw new Refusal(`Dice may explode (!), roll again (r) or be unique (u), but one of these at a time.`);
    }
  }
  const most = doesRepeat ? MAX_REPEATING_DICE : MAX_DICE;
  if (count > most || sides > MAX_SIDES) {
    throw new Refusal(`A roll may have ${most} dice of at most ${MAX_SIDES} sides. ${EXAMPLES}`);
  }
  if (number > MAX_NUMBER) {
    throw new Refusal(`A number in a roll may be ${MAX_NUMBER.toLocaleString('en')} at most. ${EXAMPLES}`);
  }
}
