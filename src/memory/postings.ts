/** How much a further occurrence of a word adds (Robertson and Zaragoza, "The Probabilistic Relevance Framework"). */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** A posting is slot × this + count, so that it stays one small integer. */
const COUNTS = 256;

/** Which rows hold which terms, and how often: one field of the index, changed row by row. */
export class Postings {
  readonly #postings = new Map<string, number[]>();
  readonly #lengths: number[] = [];
  #rows = 0;
  #totalLength = 0;

  add(slot: number, counts: ReadonlyMap<string, number>): void {
    let length = 0;
    for (const [term, count] of counts) {
      length += count;
      const packed = slot * COUNTS + Math.min(count, COUNTS - 1);
      const known = this.#postings.get(term);
      if (known === undefined) this.#postings.set(term, [packed]);
      else known.push(packed);
    }
    this.#lengths[slot] = length;
    this.#totalLength += length;
    this.#rows += 1;
  }

  remove(slot: number, terms: Iterable<string>): void {
    for (const term of terms) {
      const postings = this.#postings.get(term);
      const at = postings?.findIndex((packed) => Math.floor(packed / COUNTS) === slot) ?? -1;
      if (postings === undefined || at < 0) continue;
      const last = postings.pop();
      if (postings.length === 0) this.#postings.delete(term);
      else if (last !== undefined && at < postings.length) postings[at] = last;
    }
    this.#totalLength -= this.#lengths[slot] ?? 0;
    this.#lengths[slot] = 0;
    this.#rows -= 1;
  }

  /** How many rows hold a term. */
  holders(term: string): number {
    return this.#postings.get(term)?.length ?? 0;
  }

  /** The rows that hold a term, as one list for as long as any does. */
  listOf(term: string): readonly number[] | undefined {
    return this.#postings.get(term);
  }

  /** How telling a term is here. */
  rarity(term: string): number {
    return this.rarityOfHolders(this.holders(term));
  }

  rarityOfHolders(holders: number): number {
    return rarityOf(holders, this.#rows);
  }

  /** The rows that hold a term, with what one occurrence more of it is worth there (BM25 without rarity). */
  each(term: string, visit: (slot: number, weight: number, count: number) => void): void {
    const mean = this.#rows === 0 ? 1 : this.#totalLength / this.#rows;
    for (const packed of this.#postings.get(term) ?? []) {
      const slot = Math.floor(packed / COUNTS);
      const count = packed % COUNTS;
      const length = (this.#lengths[slot] ?? 0) / mean;
      visit(slot, worthOf(count, length), count);
    }
  }
}

/** How telling a term is: near 0 where all of `rows` hold it. What none holds counts as if one did. */
export function rarityOf(holders: number, rows: number): number {
  const holding = Math.max(holders, 1);
  return Math.log(1 + (rows - holding + 0.5) / (holding + 0.5));
}

/** What `count` occurrences are worth in a text of `length` times the mean (BM25). */
export function worthOf(count: number, length: number): number {
  return (count * (SATURATION + 1)) / (count + SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length));
}
