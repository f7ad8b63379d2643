import type { MemoryUnit } from '#src/core/memory.ts';
import { cuesOf, namesInside } from './cues.ts';
import { isLaterEvening } from './evenings.ts';
import { HASHED_DIMENSIONS, vectorOf } from './hashed-vectors.ts';
import { compareText, Layout, type Row } from './layout.ts';
import { type KnownWord, knownWord } from './lexicon.ts';
import { Meanings } from './meanings.ts';
import { Postings } from './postings.ts';
import { plainWords } from './words.ts';

/** Vectors are kept in a byte a dimension, in so many steps from 0 to 1. */
const STEPS = 127;

/** A vector before it is kept: one for all, since each is read at once. */
const scratch = new Float32Array(HASHED_DIMENSIONS);

/** White space behind a question mark that is looked past. */
const LONGEST_END = 8;

interface ShelfRow extends Row {
  /** By their ids. */
  readonly stems: readonly number[];
  /** Those of its stems that the turns before it did not hold, and which turns those were. */
  fresh: readonly number[];
  before: readonly (ShelfRow | undefined)[] | undefined;
}

/** What one holder remembers, row by row, with the fields by which rows are found. */
export class Shelf {
  readonly words = new Postings();
  readonly subjects = new Postings();
  readonly #rows = new Map<string, ShelfRow>();
  /** The rows of each session in their order. */
  readonly #sessions = new Map<string, ShelfRow[]>();
  /** The last evening of each session in the layout. A scene goes on for months: what was said together is an evening. */
  readonly #lastEvenings = new Map<string, { readonly name: string; readonly rows: ShelfRow[] }>();
  readonly #bySlot: ShelfRow[] = [];
  readonly #free: number[] = [];
  readonly #years = new Map<number, number>();
  readonly #speakers = new Map<string, number>();
  readonly #meanings = new Meanings();
  /** The slot down to which was looked for rows whose meaning is not here. */
  #lookedDownTo = Number.POSITIVE_INFINITY;
  #vectors = new Int8Array(0);
  #layout: Layout | undefined;

  get size(): number {
    return this.#rows.size;
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  add(unit: MemoryUnit): void {
    this.remove(unit.id);
    const slot = this.#free.pop() ?? this.#bySlot.length;
    const words = plainWords(unit.text).map(knownWord);
    const content = words.filter(({ isTelling }) => isTelling);
    const fields = fieldsOf(content);
    const stems = this.words.add(slot, fields.stems);
    this.subjects.add(slot, fields.subjects);
    this.#keepVector(slot, words);
    const row: ShelfRow = {
      unit,
      slot,
      stems,
      cues: cuesOf(unit.text, words),
      contentLength: content.length,
      names: namesInside(unit.text),
      asks: unit.text.includes('?'),
      endsAsking: /\?\s*$/u.test(unit.text.slice(-LONGEST_END)),
      year: new Date(unit.saidAtInMs).getUTCFullYear(),
      fresh: [],
      before: undefined,
    };
    this.#bySlot[slot] = row;
    this.#rows.set(unit.id, row);
    count(this.#years, row.year);
    count(this.#speakers, unit.speaker);
    this.#enter(row);
    if (!this.#isAddedLast(row)) this.#layout = undefined;
  }

  remove(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    const words = plainWords(row.unit.text).map(knownWord);
    const fields = fieldsOf(words.filter(({ isTelling }) => isTelling));
    this.words.remove(row.slot, fields.stems.keys());
    this.subjects.remove(row.slot, fields.subjects.keys());
    this.#rows.delete(id);
    discount(this.#years, row.year);
    discount(this.#speakers, row.unit.speaker);
    this.#leave(row);
    this.#meanings.drop(row.slot);
    this.#free.push(row.slot);
    this.#layout = undefined;
  }

  /** Who said any of it. */
  get speakers(): readonly string[] {
    return [...this.#speakers.keys()];
  }

  /** The years in which any of it was said. */
  get years(): readonly number[] {
    return [...this.#years.keys()].filter(Number.isFinite);
  }

  /** The order of the rows, kept true until a row comes that is not the last of its session, or one leaves. */
  get layout(): Layout {
    this.#layout ??= this.#arrange();
    return this.#layout;
  }

  /** How alike each place is to a vector, in the order of the layout. */
  likeness(vector: Float32Array, into: Float32Array): void {
    const { slots, count } = this.layout;
    // A question is short: most of its dimensions are 0.
    const dimensions: number[] = [];
    for (let index = 0; index < HASHED_DIMENSIONS; index += 1)
      if (vector[index] !== 0) dimensions.push(index);
    const at = Int32Array.from(dimensions);
    const values = Float32Array.from(dimensions, (index) => (vector[index] ?? 0) / STEPS);
    const vectors = this.#vectors;
    for (let place = 0; place < count; place += 1) {
      const start = (slots[place] ?? 0) * HASHED_DIMENSIONS;
      let sum = 0;
      for (let index = 0; index < at.length; index += 1)
        sum += (vectors[start + (at[index] ?? 0)] ?? 0) * (values[index] ?? 0);
      into[place] = sum;
    }
  }

  /** What a memory means, by a model's vector of it; passed over where it is not here any more as it was. */
  keepMeaning({ id, text }: MemoryUnit, vector: Float32Array): void {
    const row = this.#rows.get(id);
    if (row?.unit.text === text) this.#meanings.keep(row.slot, vector);
  }

  get meaningsInBytes(): number {
    return this.#meanings.bytes;
  }

  /** Those whose meaning is not here: half of them the newest, then others of the older ones with each call. */
  withoutMeaning(limit: number): readonly MemoryUnit[] {
    const newest = this.#unmeantBelow(this.#bySlot.length, Math.ceil(limit / 2));
    const last = newest.at(-1)?.slot ?? 0;
    const older = this.#unmeantBelow(Math.min(this.#lookedDownTo, last), limit - newest.length);
    // From the top again where that was all.
    this.#lookedDownTo = older.at(-1)?.slot ?? Number.POSITIVE_INFINITY;
    return [...newest, ...older].map(({ unit }) => unit);
  }

  /** The newest of them. Looking at it moves nothing of what `withoutMeaning` gives next. */
  get newestWithoutMeaning(): MemoryUnit | undefined {
    return this.#unmeantBelow(this.#bySlot.length, 1)[0]?.unit;
  }

  #unmeantBelow(slot: number, limit: number): readonly ShelfRow[] {
    const found: ShelfRow[] = [];
    for (let at = slot - 1; at >= 0 && found.length < limit; at -= 1) {
      const row = this.#bySlot[at];
      if (row !== undefined && !this.#meanings.has(at) && this.#rows.get(row.unit.id) === row)
        found.push(row);
    }
    return found;
  }

  /** How far each place stands out by what it means; undefined where nothing can be said of that. */
  meant(meaning: Float32Array): Float32Array | undefined {
    const { slots, count } = this.layout;
    return this.#meanings.standingOut(meaning, slots, count);
  }

  /** Found again only where other turns come before the row than did before. */
  #freshen(row: ShelfRow, told: readonly ShelfRow[], turn: number): void {
    const [one, two, three] = [told[turn - 1], told[turn - 2], told[turn - 3]];
    if (row.before !== undefined && row.before[0] === one && row.before[1] === two && row.before[2] === three)
      return;
    row.before = [one, two, three];
    row.fresh = row.stems.filter(
      (stem) =>
        one?.stems.includes(stem) !== true &&
        two?.stems.includes(stem) !== true &&
        three?.stems.includes(stem) !== true,
    );
  }

  #keepVector(slot: number, words: readonly KnownWord[]): void {
    const start = slot * HASHED_DIMENSIONS;
    if (start + HASHED_DIMENSIONS > this.#vectors.length) {
      const larger = new Int8Array(Math.max(64, Math.ceil((slot + 1) * 1.25)) * HASHED_DIMENSIONS);
      larger.set(this.#vectors);
      this.#vectors = larger;
    }
    const vectors = this.#vectors;
    const vector = vectorOf(words, scratch);
    for (let index = 0; index < HASHED_DIMENSIONS; index += 1)
      vectors[start + index] = Math.round((vector[index] ?? 0) * STEPS);
  }

  /** Puts a row in its session's order; nearly always behind all others. */
  #enter(row: ShelfRow): void {
    const told = this.#sessions.get(row.unit.session);
    if (told === undefined) {
      this.#sessions.set(row.unit.session, [row]);
      return;
    }
    let at = told.length;
    for (
      let last = told[at - 1];
      last !== undefined && compareInSession(last.unit, row.unit) > 0;
      last = told[at - 1]
    )
      at -= 1;
    told.splice(at, 0, row);
  }

  #leave(row: ShelfRow): void {
    const told = this.#sessions.get(row.unit.session) ?? [];
    told.splice(told.indexOf(row), 1);
    if (told.length === 0) this.#sessions.delete(row.unit.session);
  }

  #arrange(): Layout {
    const evenings = new Map<string, ShelfRow[]>();
    this.#lastEvenings.clear();
    for (const [session, told] of this.#sessions)
      for (const [number, rows] of inEvenings(told).entries()) {
        for (const [turn, row] of rows.entries()) this.#freshen(row, rows, turn);
        const name = `${session}\n${number}`;
        evenings.set(name, rows);
        this.#lastEvenings.set(session, { name, rows });
      }
    return Layout.of(evenings, this.#bySlot.length, (row) => this.#noveltyOf(row));
  }

  /** Puts a new row into the layout that there is. */
  #isAddedLast(row: ShelfRow): boolean {
    const { session } = row.unit;
    const evening = this.#lastEvenings.get(session);
    if (this.#layout === undefined || evening === undefined || this.words.isRoughlyMore) return false;
    const isLast = this.#sessions.get(session)?.at(-1) === row;
    if (!isLast || isOtherEvening(evening.rows.at(-1), row)) return false;
    evening.rows.push(row);
    this.#freshen(row, evening.rows, evening.rows.length - 1);
    if (!this.#layout.addLast(row, evening.name, this.#noveltyOf(row))) return false;
    for (const stem of row.stems) {
      if (!this.words.isRoughlyOther(stem)) continue;
      for (const slot of this.words.slotsOf(stem)) {
        const holder = this.#bySlot[slot];
        if (holder?.fresh.includes(stem) === true) this.#layout.renew(slot, this.#noveltyOf(holder));
      }
    }
    return true;
  }

  /** How much a row says that the turns before it did not. */
  #noveltyOf({ fresh }: ShelfRow): number {
    let novelty = 0;
    for (const stem of fresh) novelty += this.words.roughRarity(stem);
    return novelty;
  }
}

/** The rows of a session, evening by evening. */
function inEvenings(told: readonly ShelfRow[]): ShelfRow[][] {
  const evenings: ShelfRow[][] = [];
  for (const [index, row] of told.entries()) {
    const evening = evenings.at(-1);
    if (evening === undefined || isOtherEvening(told[index - 1], row)) evenings.push([row]);
    else evening.push(row);
  }
  return evenings;
}

function isOtherEvening(last: ShelfRow | undefined, next: ShelfRow): boolean {
  return last !== undefined && isLaterEvening(last.unit.saidAtInMs, next.unit.saidAtInMs);
}

/** The terms of a row in each field, with how often they occur. */
function fieldsOf(content: readonly KnownWord[]) {
  const stems = new Map<string, number>();
  const held = new Map<string, number>();
  for (const { stem, subjects } of content) {
    const times = stems.get(stem) ?? 0;
    if (times === 0) for (const subject of subjects) count(held, subject);
    stems.set(stem, times + 1);
  }
  return { stems, subjects: held };
}

function count<T>(counts: Map<T, number>, one: T): void {
  counts.set(one, (counts.get(one) ?? 0) + 1);
}

function discount<T>(counts: Map<T, number>, one: T): void {
  const left = (counts.get(one) ?? 0) - 1;
  if (left > 0) counts.set(one, left);
  else counts.delete(one);
}

function compareInSession(one: MemoryUnit, other: MemoryUnit): number {
  return one.seq - other.seq || one.saidAtInMs - other.saidAtInMs || compareText(one.id, other.id);
}
