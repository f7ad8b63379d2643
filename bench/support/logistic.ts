/** Steps of the descent: more change nothing in the second digit. */
const STEPS = 3000;

/** Whether it is so, and what speaks for it: as many numbers for each example. */
export interface Example {
  readonly values: readonly number[];
  readonly is: boolean;
}

/** A logistic regression, fitted by gradient descent: the bias first, then a weight for each value. */
export function fitLogistic(examples: readonly Example[], l2: number): readonly number[] {
  const rows = examples.map(({ values, is }) => ({ row: [1, ...values], target: is ? 1 : 0 }));
  let weights = new Array<number>(rows[0]?.row.length ?? 1).fill(0);
  for (let step = 0; step < STEPS; step += 1) {
    const slope = weights.map((weight, at) => (at === 0 ? 0 : l2 * weight));
    for (const { row, target } of rows) {
      const wrong = (probability(weights, row) - target) / rows.length;
      for (const [at, value] of row.entries()) slope[at] = (slope[at] ?? 0) + wrong * value;
    }
    weights = weights.map((weight, at) => weight - (slope[at] ?? 0));
  }
  return weights;
}

/** Of how many percent of the examples the fit is right when it was made on nine tenths of the others. */
export function crossValidated(examples: readonly Example[], l2: number): number {
  const FOLDS = 10;
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const weights = fitLogistic(
      examples.filter((_, at) => at % FOLDS !== fold),
      l2,
    );
    const held = examples.filter((_, at) => at % FOLDS === fold);
    right += held.filter(({ values, is }) => probability(weights, [1, ...values]) >= 0.5 === is).length;
  }
  return (100 * right) / examples.length;
}

function probability(weights: readonly number[], row: readonly number[]): number {
  return 1 / (1 + Math.exp(-row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)));
}
