/** Choices that depend on a seed alone, so that the same request gives the same cast and the same reply. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  integer(min: number, max: number): number;
  /** Throws RangeError where there is nothing to pick from. */
  pick<T>(items: readonly T[]): T;
  /** Like `pick`, each item as likely as its weight says; weights are not negative, and one is above 0. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  /** A new list in another order. */
  shuffle<T>(items: readonly T[]): T[];
  /** True this often, 0 to 1. */
  chance(probability: number): boolean;
}

/**
 * FNV-1a over the seed's code units, then the finaliser of MurmurHash3: seeds that differ in one letter must not give
 * neighbouring states.
 */
function hash(seed: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < seed.length; index++)
    state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** Mulberry32: 32 bits of state, ample for choices from tables; not for anything that must not be guessed. */
export function seeded(seed: string): Random {
  let state = hash(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  };
  const weighted = <T>(items: readonly T[], weight: (item: T) => number): T => {
    let left = next() * items.reduce((sum, item) => sum + weight(item), 0);
    let last: T | undefined;
    for (const item of items) {
      if (weight(item) <= 0) continue;
      last = item;
      left -= weight(item);
      if (left < 0) return item;
    }
    if (last === undefined) throw new RangeError('There is nothing to pick from.');
    return last;
  };
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, order: next() }))
      .sort((one, other) => one.order - other.order)
      .map(({ item }) => item);
  return { next, integer, pick, weighted, shuffle, chance: (probability) => next() < probability };
}
