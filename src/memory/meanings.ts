/** Vectors are kept in a byte a dimension, in so many steps from 0 to their largest number. */
const STEPS = 127;
/** With fewer rows nothing can be said of how alike they are by chance: what is usual for models is taken. */
const FEWEST_ROWS = 8;
const USUAL_MIDDLE = 0.25;
const USUAL_SPREAD = 0.08;
const LEAST_SPREAD = 0.03;
/** A row this many spreads above the middle may be there by chance; this many more, and it is meant. */
const BY_CHANCE = 2;
const UNTIL_MEANT = 4;
const MOST = 1.5;
/** From the middle distance to the spread (standard deviation) of what is spread normally. */
const SPREAD_OF_MIDDLE_DISTANCE = 1.4826;

/** What rows mean, by a model's vectors. Those of another model than the first one's cannot be told and are passed over. */
export class Meanings {
  #dimensions = 0;
  #vectors = new Int8Array(0);
  /** What a step of each slot's vector is worth; 0 where it has none. */
  #steps = new Float32Array(0);

  get bytes(): number {
    return this.#vectors.byteLength;
  }

  has(slot: number): boolean {
    return (this.#steps[slot] ?? 0) > 0;
  }

  keep(slot: number, vector: Float32Array): void {
    if (this.#dimensions === 0) this.#dimensions = vector.length;
    if (vector.length !== this.#dimensions) return;
    const largest = largestOf(vector);
    if (!(largest > 0 && Number.isFinite(largest))) return;
    if (slot >= this.#steps.length) this.#grow(Math.max(64, Math.ceil((slot + 1) * 1.25)));
    const step = largest / STEPS;
    this.#steps[slot] = step;
    const start = slot * this.#dimensions;
    for (let index = 0; index < vector.length; index += 1)
      this.#vectors[start + index] = Math.round((vector[index] ?? 0) / step);
  }

  drop(slot: number): void {
    if (slot < this.#steps.length) this.#steps[slot] = 0;
  }

  /**
   * How far each of these slots stands out from the others by how alike it is to a meaning: 0 where that may be chance, 1
   * where it is meant. Models differ in what they call alike, so it is measured by the slots themselves. Undefined where
   * there is nothing to compare.
   */
  standingOut(meaning: Float32Array, slots: Int32Array, count: number): Float32Array | undefined {
    if (meaning.length !== this.#dimensions) return undefined;
    const likeness = new Float32Array(count).fill(Number.NaN);
    // Whole numbers on both sides take half the time; some thousand rows are compared for one question.
    const step = largestOf(meaning) / STEPS;
    const asked = Int8Array.from(meaning, (value) => Math.round(value / step));
    for (let place = 0; place < count; place += 1) {
      const slot = slots[place] ?? 0;
      const stepHere = this.#steps[slot] ?? 0;
      if (stepHere === 0) continue;
      likeness[place] = product(asked, this.#vectors, slot * this.#dimensions) * stepHere * step;
    }
    const known = likeness.filter((value) => !Number.isNaN(value));
    if (known.length === 0) return undefined;
    const { middle, spread } = chanceOf(known);
    const least = middle + BY_CHANCE * spread;
    return likeness.map((value) =>
      value > least ? Math.min(MOST, (value - least) / (UNTIL_MEANT * spread)) : 0,
    );
  }

  #grow(slots: number): void {
    const vectors = new Int8Array(slots * this.#dimensions);
    vectors.set(this.#vectors);
    this.#vectors = vectors;
    const steps = new Float32Array(slots);
    steps.set(this.#steps);
    this.#steps = steps;
  }
}

/** Of whole numbers of a byte: a vector has far too few for the sum to outgrow 32 bits. */
function product(one: Int8Array, others: Int8Array, start: number): number {
  // Read once: with each step it would double the time.
  const { length } = one;
  let sum = 0;
  for (let index = 0; index < length; index += 1)
    sum = (sum + Math.imul(one[index] ?? 0, others[start + index] ?? 0)) | 0;
  return sum;
}

function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** The middle of some numbers and how far they lie from it: a few that stand far out change neither. */
function chanceOf(values: Float32Array): { readonly middle: number; readonly spread: number } {
  if (values.length < FEWEST_ROWS) return { middle: USUAL_MIDDLE, spread: USUAL_SPREAD };
  const middle = middleOf(values);
  const distance = middleOf(values.map((value) => Math.abs(value - middle)));
  return { middle, spread: Math.max(LEAST_SPREAD, SPREAD_OF_MIDDLE_DISTANCE * distance) };
}

function middleOf(values: Float32Array): number {
  return values.toSorted()[Math.floor(values.length / 2)] ?? 0;
}
