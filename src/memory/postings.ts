/** How much a further occurrence of a word adds (Robertson and Zaragoza, "The Probabilistic Relevance Framework"). */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** A posting is slot × this + count, so that it stays one small integer. */
const COUNTS = 256;

/** Which rows hold which terms, and how often: one field of the index, changed row by row. */
export class Postings {
  readonly #ids = new Map<string, number>();
  /** By the term's id. */
  readonly #postings: number[][] = [];
  readonly #lengths: number[] = [];
  #rows = 0;
  #totalLength = 0;

  /** @returns the ids of the terms. */
  add(slot: number, counts: ReadonlyMap<string, number>): readonly number[] {
    let length = 0;
    const ids: number[] = [];
    for (const [term, count] of counts) {
      length += count;
      const id = this.#idOf(term);
      ids.push(id);
      const postings = this.#postings[id] ?? [];
      postings.push(slot * COUNTS + Math.min(count, COUNTS - 1));
    }
    this.#lengths[slot] = length;
    this.#totalLength += length;
    this.#rows += 1;
    return ids;
  }

  remove(slot: number, terms: Iterable<string>): void {
    for (const term of terms) {
      const postings = this.#of(term);
      const at = postings.findIndex((packed) => Math.floor(packed / COUNTS) === slot);
      if (at < 0) continue;
      const last = postings.pop();
      if (last !== undefined && at < postings.length) postings[at] = last;
    }
    this.#totalLength -= this.#lengths[slot] ?? 0;
    this.#lengths[slot] = 0;
    this.#rows -= 1;
  }

  /** A small number that stands for a term, the same one for good. */
  #idOf(term: string): number {
    const known = this.#ids.get(term);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(term, id);
    this.#postings.push([]);
    return id;
  }

  /** How many rows hold a term. */
  holders(term: string): number {
    return this.#of(term).length;
  }

  /** How telling a term is here. */
  rarity(term: string): number {
    return rarityOf(this.holders(term), this.#rows);
  }

  /**
   * How telling a term is, by its id and by rough numbers of rows and holders: it changes seldom, and with it little of
   * what is made from it.
   */
  roughRarity(id: number): number {
    const holders = this.#postings[id]?.length ?? 0;
    return rarityOf(roughly(holders), roughly(this.#rows));
  }

  /** Whether the last row has changed the rough rarity of every term. */
  get isRoughlyMore(): boolean {
    return roughly(this.#rows) === this.#rows;
  }

  /** Whether the last row that holds a term, by its id, has changed how telling it roughly is. */
  isRoughlyOther(id: number): boolean {
    const holders = this.#postings[id]?.length ?? 0;
    return roughly(holders) === holders;
  }

  /** The rows that hold a term, by its id. */
  slotsOf(id: number): readonly number[] {
    return (this.#postings[id] ?? []).map((packed) => Math.floor(packed / COUNTS));
  }

  /** The rows that hold a term, with what one occurrence more of it is worth there (BM25 without rarity). */
  each(term: string, visit: (slot: number, weight: number, count: number) => void): void {
    const mean = this.#rows === 0 ? 1 : this.#totalLength / this.#rows;
    for (const packed of this.#of(term)) {
      const slot = Math.floor(packed / COUNTS);
      const count = packed % COUNTS;
      const length = (this.#lengths[slot] ?? 0) / mean;
      visit(slot, worthOf(count, length), count);
    }
  }

  #of(term: string): number[] {
    return this.#postings[this.#ids.get(term) ?? -1] ?? [];
  }
}

/** A number by its first three binary digits, which change ever more seldom: 1 to 8, 10, 12, 14, 16, 20 … */
function roughly(count: number): number {
  const overlooked = overlookedDigits(count);
  return (count >> overlooked) << overlooked;
}

function overlookedDigits(count: number): number {
  return Math.max(0, 29 - Math.clz32(count));
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
