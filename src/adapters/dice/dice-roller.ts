import type { Dice } from '#src/core/dice.ts';
import { Refusal } from '#src/core/errors.ts';
import { clip } from '#src/core/text.ts';

/** Longest notation in characters, most dice of one roll, most sides of a die, and the largest plain number. */
const MAX_NOTATION_IN_CHARACTERS = 100;
const MAX_DICE = 200;
/** Dice that explode, are rolled again or must be unique may be so a thousand times each. */
const MAX_REPEATING_DICE = 20;
const MAX_SIDES = 10_000;
const MAX_NUMBER = 1_000_000;

/** Longer lists of results are cut before the total. */
const MAX_DETAIL_IN_CHARACTERS = 500;

const EXAMPLES = 'Write 2d6+3, 1d20, or 4d6kh3 (keep the highest three).';

/** Dice by rpg-dice-roller: its notation is the one players know. It is loaded with the first roll. */
export const dice: Dice = {
  async roll(asked) {
    const notation = withBetterOrWorse(asked);
    refuseUnlessModest(notation);
    const { DiceRoll, NumberGenerator } = await import('@dice-roller/rpg-dice-roller');
    NumberGenerator.generator.engine = NumberGenerator.engines.browserCrypto;
    try {
      const { total, output } = new DiceRoll(notation);
      if (!Number.isFinite(total)) throw new RangeError('the total is not finite');
      // "4d6: [3, 5, 1, 2] = 11", however long the list is.
      const list = clip(output.slice(0, output.lastIndexOf(' = ')), MAX_DETAIL_IN_CHARACTERS);
      return { total, detail: `${list} = ${total}` };
    } catch (error) {
      throw new Refusal(`That cannot be rolled. ${EXAMPLES}`, { cause: error });
    }
  },
};

/** `1d20+5 adv` and `d20 dis`, as the fifth edition says it: the better or the worse of two. */
const BETTER_OR_WORSE = /^\s*1?d20([^a-z]*)\s(adv|dis)(?:advantage|antage)?\s*$/iu;

function withBetterOrWorse(notation: string): string {
  const [, rest = '', which = ''] = BETTER_OR_WORSE.exec(notation.slice(0, MAX_NOTATION_IN_CHARACTERS)) ?? [];
  return which === '' ? notation : `2d20k${which.toLowerCase() === 'adv' ? 'h' : 'l'}1${rest.trimEnd()}`;
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
