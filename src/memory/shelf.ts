import type { MemoryUnit } from '#src/core/memory.ts';
import { cuesOf, namesInside } from './cues.ts';
import { HASHED_DIMENSIONS, hashedVector } from './hashed-vectors.ts';
import { Postings } from './postings.ts';
import { subjectsOf } from './related.ts';
import { contentOf, plainWords, type Word } from './words.ts';

/** Vectors are kept in a byte a dimension, in so many steps from 0 to 1. */
const STEPS = 127;

/** White space behind a question mark that is looked past. */
const LONGEST_END = 8;

interface Row {
  readonly unit: MemoryUnit;
  readonly slot: number;
  readonly stems: readonly string[];
  readonly cues: number;
  readonly contentLength: number;
  readonly names: number;
  readonly asks: boolean;
  readonly endsAsking: boolean;
  /** Who holds each of its stems that the turns before it did not hold, and which turns those were. */
  fresh: readonly (readonly number[])[];
  before: readonly (Row | undefined)[] | undefined;
}

/** The rows in the order in which they were said, session after session, and what is known of each place. */
export interface Layout {
  readonly units: readonly MemoryUnit[];
  readonly slots: Int32Array;
  /** From a slot to its place. */
  readonly places: Int32Array;
  /** Which session a place is in, counted from 0. */
  readonly sessions: Int32Array;
  readonly sessionLengths: Float64Array;
  readonly meanSessionLength: number;
  readonly sessionCount: number;
  /** Where in its session a place is, counted from 0. */
  readonly turns: Int32Array;
  readonly speakers: readonly string[];
  readonly cues: Int32Array;
  readonly names: Uint8Array;
  readonly asks: Uint8Array;
  readonly endsAsking: Uint8Array;
  readonly lengths: Float32Array;
  readonly novelty: Float32Array;
  readonly years: readonly number[];
}

/** What one holder remembers, row by row, with the fields by which rows are found. */
export class Shelf {
  readonly words = new Postings();
  readonly subjects = new Postings();
  readonly #rows = new Map<string, Row>();
  /** The rows of each session in their order. */
  readonly #sessions = new Map<string, Row[]>();
  readonly #free: number[] = [];
  #slots = 0;
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
    const slot = this.#free.pop() ?? this.#slots++;
    const plain = plainWords(unit.text);
    const content = contentOf(plain);
    const fields = fieldsOf(content);
    this.words.add(slot, fields.stems);
    this.subjects.add(slot, fields.subjects);
    this.#keepVector(slot, hashedVector(plain));
    const row: Row = {
      unit,
      slot,
      stems: [...fields.stems.keys()],
      cues: cuesOf(unit.text, plain),
      contentLength: content.length,
      names: namesInside(unit.text),
      asks: unit.text.includes('?'),
      endsAsking: /\?\s*$/u.test(unit.text.slice(-LONGEST_END)),
      fresh: [],
      before: undefined,
    };
    this.#rows.set(unit.id, row);
    this.#enter(row);
    this.#layout = undefined;
  }

  remove(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    const fields = fieldsOf(contentOf(plainWords(row.unit.text)));
    this.words.remove(row.slot, fields.stems.keys());
    this.subjects.remove(row.slot, fields.subjects.keys());
    this.#rows.delete(id);
    this.#leave(row);
    this.#free.push(row.slot);
    this.#layout = undefined;
  }

  /** The order of the rows, kept until one of them changes. */
  get layout(): Layout {
    this.#layout ??= this.#arrange();
    return this.#layout;
  }

  /** How alike each place is to a vector, in the order of the layout. */
  likeness(vector: Float32Array, into: Float32Array): void {
    const { slots } = this.layout;
    // A question is short: most of its dimensions are 0.
    const dimensions: number[] = [];
    for (let index = 0; index < HASHED_DIMENSIONS; index += 1)
      if (vector[index] !== 0) dimensions.push(index);
    const at = Int32Array.from(dimensions);
    const values = Float32Array.from(dimensions, (index) => (vector[index] ?? 0) / STEPS);
    const vectors = this.#vectors;
    for (let place = 0; place < slots.length; place += 1) {
      const start = (slots[place] ?? 0) * HASHED_DIMENSIONS;
      let sum = 0;
      for (let index = 0; index < at.length; index += 1)
        sum += (vectors[start + (at[index] ?? 0)] ?? 0) * (values[index] ?? 0);
      into[place] = sum;
    }
  }

  /** Found again only where other turns come before the row than did before. */
  #freshen(row: Row, told: readonly Row[], turn: number): void {
    const [one, two, three] = [told[turn - 1], told[turn - 2], told[turn - 3]];
    if (row.before !== undefined && row.before[0] === one && row.before[1] === two && row.before[2] === three)
      return;
    row.before = [one, two, three];
    row.fresh = row.stems
      .filter((stem) => !row.before?.some((each) => each?.stems.includes(stem)))
      .map((stem) => this.words.listOf(stem) ?? []);
  }

  #keepVector(slot: number, vector: Float32Array): void {
    const start = slot * HASHED_DIMENSIONS;
    if (start + HASHED_DIMENSIONS > this.#vectors.length) {
      const larger = new Int8Array(Math.max(64, Math.ceil((slot + 1) * 1.25)) * HASHED_DIMENSIONS);
      larger.set(this.#vectors);
      this.#vectors = larger;
    }
    const vectors = this.#vectors;
    for (let index = 0; index < HASHED_DIMENSIONS; index += 1)
      vectors[start + index] = Math.round((vector[index] ?? 0) * STEPS);
  }

  /** Puts a row in its session's order; nearly always behind all others. */
  #enter(row: Row): void {
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

  #leave(row: Row): void {
    const told = this.#sessions.get(row.unit.session) ?? [];
    told.splice(told.indexOf(row), 1);
    if (told.length === 0) this.#sessions.delete(row.unit.session);
  }

  #arrange(): Layout {
    const sessions = [...this.#sessions]
      .map(([name, told]) => ({ name, told, begunAtInMs: begunAt(told) }))
      .sort((one, other) => one.begunAtInMs - other.begunAtInMs || compareText(one.name, other.name));
    const count = this.#rows.size;
    const units: MemoryUnit[] = [];
    const speakers: string[] = [];
    const years = new Set<number>();
    const slots = new Int32Array(count);
    const places = new Int32Array(this.#slots);
    const sessionAt = new Int32Array(count);
    const sessionLengths = new Float64Array(sessions.length);
    const turns = new Int32Array(count);
    const cues = new Int32Array(count);
    const names = new Uint8Array(count);
    const asks = new Uint8Array(count);
    const endsAsking = new Uint8Array(count);
    const lengths = new Float32Array(count);
    const novelty = new Float32Array(count);
    /** By how many rows hold a stem: worked out once for each, not for each stem of each row. */
    const rarities = new Float64Array(count + 1).fill(Number.NaN);
    let content = 0;
    for (const [session, { told }] of sessions.entries()) {
      years.add(new Date(told[0]?.unit.saidAtInMs ?? 0).getUTCFullYear());
      years.add(new Date(told.at(-1)?.unit.saidAtInMs ?? 0).getUTCFullYear());
      let sessionLength = 0;
      for (let turn = 0; turn < told.length; turn += 1) {
        const row = told[turn];
        if (row === undefined) continue;
        const place = units.length;
        units.push(row.unit);
        speakers.push(row.unit.speaker);
        slots[place] = row.slot;
        places[row.slot] = place;
        sessionAt[place] = session;
        turns[place] = turn;
        cues[place] = row.cues;
        names[place] = row.names;
        asks[place] = row.asks ? 1 : 0;
        endsAsking[place] = row.endsAsking ? 1 : 0;
        lengths[place] = row.contentLength;
        sessionLength += row.contentLength;
        this.#freshen(row, told, turn);
        let fresh = 0;
        for (const { length } of row.fresh) {
          if (Number.isNaN(rarities[length])) rarities[length] = this.words.rarityOfHolders(length);
          fresh += rarities[length] ?? 0;
        }
        novelty[place] = fresh;
      }
      sessionLengths[session] = sessionLength;
      content += sessionLength;
    }
    return {
      units,
      speakers,
      years: [...years].filter(Number.isFinite),
      slots,
      places,
      sessions: sessionAt,
      sessionLengths,
      sessionCount: sessions.length,
      meanSessionLength: Math.max(1, content / Math.max(1, sessions.length)),
      turns,
      cues,
      names,
      asks,
      endsAsking,
      lengths,
      novelty,
    };
  }
}

function begunAt(told: readonly Row[]): number {
  return told.reduce((earliest, { unit }) => Math.min(earliest, unit.saidAtInMs), Number.POSITIVE_INFINITY);
}

/** The terms of a row in each field, with how often they occur. */
function fieldsOf(content: readonly Word[]) {
  const stems = new Map<string, number>();
  const subjects = new Map<string, number>();
  for (const { stem } of content) {
    if (!stems.has(stem)) for (const subject of subjectsOf(stem)) count(subjects, subject);
    count(stems, stem);
  }
  return { stems, subjects };
}

function count(counts: Map<string, number>, term: string): void {
  counts.set(term, (counts.get(term) ?? 0) + 1);
}

function compareInSession(one: MemoryUnit, other: MemoryUnit): number {
  return one.seq - other.seq || one.saidAtInMs - other.saidAtInMs || compareText(one.id, other.id);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
