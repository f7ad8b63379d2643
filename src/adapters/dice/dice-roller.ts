import type { Dice } from '#src/core/dice.ts';
import { Refusal } from '#src/core/errors.ts';
import { clip } from '#src/core/text.ts';

/** Longest notation in characters, most dice of one roll, and most sides of a die. */
const MAX_NOTATION_IN_CHARACTERS = 100;
const MAX_DICE = 200;
/** Dice that explode or are rolled again may do so a thousand times each. */
const MAX_REPEATING_DICE = 20;
const MAX_SIDES = 10_000;

/** Longer lists of results are cut before the total. */
const MAX_DETAIL_IN_CHARACTERS = 500;

const EXAMPLES = 'Write 2d6+3, 1d20, or 4d6kh3 (keep the highest three).';

/** Dice by rpg-dice-roller: its notation is the one players know. It is loaded with the first roll. */
export const dice: Dice = {
  async roll(notation) {
    refuseHuge(notation);
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

/** Every number is bounded before the notation is looked at: `99999d99999` or `100d6!>0` would hold everybody up. */
function refuseHuge(notation: string): void {
  if (notation.length > MAX_NOTATION_IN_CHARACTERS) {
    throw new Refusal(`A roll may have ${MAX_NOTATION_IN_CHARACTERS} characters. ${EXAMPLES}`);
  }
  const pools = [...notation.matchAll(/(\d*)\s*d\s*(\d+|%|F)/giu)];
  const count = pools.reduce((sum, [, quantity]) => sum + Number(quantity === '' ? 1 : quantity), 0);
  const sides = Math.max(0, ...pools.map(([, , size]) => Number(size)).filter((size) => !Number.isNaN(size)));
  const most = /[!r]/iu.test(notation) ? MAX_REPEATING_DICE : MAX_DICE;
  if (count > most || sides > MAX_SIDES) {
    throw new Refusal(`A roll may have ${most} dice of at most ${MAX_SIDES} sides. ${EXAMPLES}`);
  }
}
