type Vector = Float64Array<ArrayBuffer>;

/** One question: rows of features, some of which are wanted. */
export interface Choice {
  /** Row after row, as many numbers each as there are features. */
  readonly rows: Float32Array;
  readonly wanted: readonly number[];
}

/** How many of the latest steps the descent remembers. */
const REMEMBERED = 12;
const MOST_STEPS = 150;
const MOST_HALVINGS = 20;
/** The descent ends where a step gains less than this share. */
const SMALLEST_GAIN = 1e-7;

interface Point {
  readonly loss: number;
  readonly slope: Vector;
}

/**
 * Weights under which the wanted rows of each choice stand above its others: a softmax over the rows, the mean of the
 * wanted rows' logarithms, each choice counting the same. Features are scaled to their spread first, and their scaled
 * weights held small by `l2`. There is one best answer, and it is found without chance (L-BFGS).
 */
export function fitSoftmax(choices: readonly Choice[], features: number, l2: number): Vector {
  const spread = spreadOf(choices, features);
  const lossAt = (scaled: Vector) => lossOf(choices, scaled, spread, l2);
  let weights = new Float64Array(features);
  let here = lossAt(weights);
  const steps: { readonly step: Vector; readonly change: Vector; readonly curve: number }[] = [];
  for (let count = 0; count < MOST_STEPS; count += 1) {
    const way = directionOf(here.slope, steps);
    const falling = dot(way, here.slope);
    let length = count === 0 ? Math.min(1, 1 / Math.sqrt(dot(way, way))) : 1;
    let next = moved(weights, way, length);
    let there = lossAt(next);
    for (
      let halved = 0;
      there.loss > here.loss + 1e-4 * length * falling && halved < MOST_HALVINGS;
      halved += 1
    ) {
      length /= 2;
      next = moved(weights, way, length);
      there = lossAt(next);
    }
    const gain = here.loss - there.loss;
    if (!(gain > 0)) break;
    const step = moved(next, weights, -1);
    const change = moved(there.slope, here.slope, -1);
    const curve = dot(step, change);
    if (curve > 0) steps.push({ step, change, curve });
    if (steps.length > REMEMBERED) steps.shift();
    weights = next;
    here = there;
    if (gain < SMALLEST_GAIN * here.loss) break;
  }
  return weights.map((weight, at) => weight / (spread[at] ?? 1));
}

/** What each row of a choice scores. */
export function scoresOf({ rows }: Choice, weights: Vector): Vector {
  const features = weights.length;
  const scores = new Float64Array(rows.length / features);
  for (let row = 0; row < scores.length; row += 1) {
    let score = 0;
    const start = row * features;
    for (let at = 0; at < features; at += 1) score += (rows[start + at] ?? 0) * (weights[at] ?? 0);
    scores[row] = score;
  }
  return scores;
}

function lossOf(choices: readonly Choice[], scaled: Vector, spread: Vector, l2: number): Point {
  const features = scaled.length;
  const weights = scaled.map((weight, at) => weight / (spread[at] ?? 1));
  const slope = new Float64Array(features);
  let loss = 0;
  for (const choice of choices) {
    const scores = scoresOf(choice, weights);
    const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (let row = 0; row < scores.length; row += 1) {
      const power = Math.exp((scores[row] ?? 0) - highest);
      total += power;
      scores[row] = power;
    }
    const share = 1 / choice.wanted.length;
    for (const row of choice.wanted) loss -= share * Math.log((scores[row] ?? 0) / total);
    for (let row = 0; row < scores.length; row += 1) scores[row] = (scores[row] ?? 0) / total;
    for (const row of choice.wanted) scores[row] = (scores[row] ?? 0) - share;
    for (let row = 0; row < scores.length; row += 1) {
      const wrong = scores[row] ?? 0;
      if (Math.abs(wrong) < 1e-9) continue;
      const start = row * features;
      for (let at = 0; at < features; at += 1)
        slope[at] = (slope[at] ?? 0) + wrong * (choice.rows[start + at] ?? 0);
    }
  }
  for (let at = 0; at < features; at += 1) {
    const weight = scaled[at] ?? 0;
    slope[at] = (slope[at] ?? 0) / choices.length / (spread[at] ?? 1) + l2 * weight;
    loss += (choices.length * l2 * weight * weight) / 2;
  }
  return { loss: loss / choices.length, slope };
}

/** The standard deviation of each feature over all rows; 1 where it is the same everywhere. */
function spreadOf(choices: readonly Choice[], features: number): Vector {
  const sums = new Float64Array(features);
  const squares = new Float64Array(features);
  let count = 0;
  for (const { rows } of choices) {
    count += rows.length / features;
    for (let index = 0; index < rows.length; index += 1) {
      const [at, value] = [index % features, rows[index] ?? 0];
      sums[at] = (sums[at] ?? 0) + value;
      squares[at] = (squares[at] ?? 0) + value * value;
    }
  }
  return squares.map((square, at) => Math.sqrt(square / count - ((sums[at] ?? 0) / count) ** 2) || 1);
}

/** Where to go from a slope, by what the latest steps tell of the curve (the two loops of L-BFGS). */
function directionOf(
  slope: Vector,
  steps: readonly { readonly step: Vector; readonly change: Vector; readonly curve: number }[],
): Vector {
  let way = slope.map((value) => -value);
  const shares: number[] = [];
  for (const { step, change, curve } of steps.toReversed()) {
    const share = dot(step, way) / curve;
    shares.unshift(share);
    way = moved(way, change, -share);
  }
  const last = steps.at(-1);
  if (last !== undefined) way = way.map((value) => (value * last.curve) / dot(last.change, last.change));
  for (const [index, { step, change, curve }] of steps.entries())
    way = moved(way, step, (shares[index] ?? 0) - dot(change, way) / curve);
  return way;
}

function moved(from: Vector, way: Vector, length: number): Vector {
  return from.map((value, at) => value + length * (way[at] ?? 0));
}

function dot(one: Vector, other: Vector): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}
