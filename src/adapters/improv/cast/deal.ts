import { type Random, seeded } from '../random.ts';

/**
 * Deals the tables' entries out among a cast, so that no two of it get the same one though each is drafted by itself:
 * every draft shuffles the same deck by the names of the whole cast and looks at its own share only. Alone, the whole
 * deck is the share.
 */
export class Dealer {
  readonly #random: Random;
  readonly #key: string;
  readonly #names: readonly string[];
  readonly #seat: number;

  /** @param self one of `names`. */
  constructor(names: readonly string[], self: string, random: Random) {
    this.#names = [...names].sort();
    this.#key = this.#names.join('|');
    this.#seat = Math.max(0, this.#names.indexOf(self));
    this.#random = random;
  }

  /**
   * One entry of the share, likelier the more it weighs. Weight 0 rules an entry out: if that leaves none of the share,
   * the rest of the deck is looked at, and at last anything is better than nothing.
   */
  deal<T>(deck: string, entries: readonly T[], weight: (entry: T) => number = () => 1): T {
    const share = this.#share(deck, entries);
    const open = [share, entries]
      .map((list) => list.filter((entry) => weight(entry) > 0))
      .find((list) => list.length > 0);
    return open === undefined ? this.#random.pick(entries) : this.#random.weighted(open, weight);
  }

  /** Several different ones, as long as there are any. */
  dealSome<T>(deck: string, entries: readonly T[], count: number): T[] {
    const share = this.#random.shuffle(this.#share(deck, entries)).slice(0, count);
    const rest = this.#random.shuffle(entries.filter((entry) => !share.includes(entry)));
    return [...share, ...rest.slice(0, count - share.length)];
  }

  #share<T>(deck: string, entries: readonly T[]): T[] {
    return seeded(`${deck}|${this.#key}`)
      .shuffle(entries)
      .filter((_, index) => index % Math.max(1, this.#names.length) === this.#seat);
  }
}
