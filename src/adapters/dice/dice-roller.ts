import type { Dice } from '#src/core/dice.ts';
import { Refusal } from '#src/core/errors.ts';

/** Longest notation in characters, most dice of one roll, and most sides of a die. */
const MAX_NOTATION_IN_CHARACTERS = 100;
const MAX_DICE = 200;
const MAX_SIDES = 10_000;

const EXAMPLES = 'Write 2d6+3, 1d20, or 4d6kh3 (keep the highest three).';

/** Dice by rpg-dice-roller: its notation is the one players know. It is loaded with the first roll. */
export const dice: Dice = {
  async roll(notation) {
    refuseHuge(notation);
    const { DiceRoll, NumberGenerator } = await import('@dice-roller/rpg-dice-roller');
    NumberGenerator.generator.engine = NumberGenerator.engines.nodeCrypto;
    try {
      const roll = new DiceRoll(notation);
      return { total: roll.total, detail: roll.output.slice(0, 500) };
    } catch (error) {
      throw new Refusal(`That cannot be rolled. ${EXAMPLES}`, { cause: error });
    }
  },
};

/** Every number is bounded before the notation is looked at: `1d6!>0` or `99999d99999` would roll for ever. */
function refuseHuge(notation: string): void {
  if (notation.length > MAX_NOTATION_IN_CHARACTERS) {
    throw new Refusal(`A roll may have ${MAX_NOTATION_IN_CHARACTERS} characters. ${EXAMPLES}`);
  }
  const pools = [...notation.matchAll(/(\d*)\s*d\s*(\d+|%|F)/giu)];
  const count = pools.reduce((sum, [, quantity]) => sum + Number(quantity === '' ? 1 : quantity), 0);
  const sides = Math.max(0, ...pools.map(([, , size]) => Number(size)).filter((size) => !Number.isNaN(size)));
  if (count > MAX_DICE || sides > MAX_SIDES) {
    throw new Refusal(`A roll may have ${MAX_DICE} dice of at most ${MAX_SIDES} sides. ${EXAMPLES}`);
  }
}
