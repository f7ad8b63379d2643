import type { MemoryUnit } from '#src/core/memory.ts';
import { worthOfKinds } from './line-kinds.ts';

/** What is known of one memory wherever it stands. */
export interface Row {
  readonly unit: MemoryUnit;
  readonly slot: number;
  /** As bits. */
  readonly cues: number;
  /** Words that say something. */
  readonly contentLength: number;
  /** Words that begin like names: none, one, or more. */
  readonly names: number;
  readonly asks: boolean;
  readonly endsAsking: boolean;
  readonly year: number;
}

/** The rows of each session in their order, by its name: what was said together. */
export type Sessions<R extends Row> = ReadonlyMap<string, readonly R[]>;

/** What one session is in a layout. */
interface Section {
  readonly at: number;
  readonly begunAtInMs: number;
}

/** Rows that find room before everything is arranged anew. */
const SPARE = 256;

/**
 * The rows in the order in which they were said, session after session, and what is known of each place. Only the first
 * `count` of its arrays' entries mean anything.
 */
export class Layout {
  count = 0;
  readonly units: MemoryUnit[] = [];
  readonly speakers: string[] = [];
  readonly slots: Int32Array;
  /** From a slot to its place. */
  readonly places: Int32Array;
  /** Which session a place is in, counted from 0. */
  readonly sessions: Int32Array;
  /** Where in its session a place is, counted from 0. */
  readonly turns: Int32Array;
  readonly cues: Int32Array;
  readonly names: Uint8Array;
  readonly asks: Uint8Array;
  readonly endsAsking: Uint8Array;
  readonly lengths: Float32Array;
  readonly novelty: Float32Array;
  /** What its kind of line is worth, whatever is asked. */
  readonly kinds: Float64Array;
  readonly sessionLengths: Float64Array;
  readonly sessionCount: number;
  readonly #sections = new Map<string, Section>();
  /** Behind the last place of each session. */
  readonly #ends: Int32Array;
  #content = 0;

  private constructor(rows: number, sessionCount: number) {
    const capacity = rows + SPARE;
    this.slots = new Int32Array(capacity);
    this.places = new Int32Array(capacity);
    this.sessions = new Int32Array(capacity);
    this.turns = new Int32Array(capacity);
    this.cues = new Int32Array(capacity);
    this.names = new Uint8Array(capacity);
    this.asks = new Uint8Array(capacity);
    this.endsAsking = new Uint8Array(capacity);
    this.lengths = new Float32Array(capacity);
    this.novelty = new Float32Array(capacity);
    this.kinds = new Float64Array(capacity);
    this.sessionLengths = new Float64Array(sessionCount);
    this.sessionCount = sessionCount;
    this.#ends = new Int32Array(sessionCount);
  }

  /** @param slots how many there are, free ones among them. */
  static of<R extends Row>(sessions: Sessions<R>, slots: number, noveltyOf: (row: R) => number): Layout {
    const inOrder = [...sessions]
      .map(([name, told]) => ({ name, told, begunAtInMs: begunAt(told) }))
      .sort((one, other) => one.begunAtInMs - other.begunAtInMs || compareText(one.name, other.name));
    const layout = new Layout(slots, inOrder.length);
    for (const [at, { name, told, begunAtInMs }] of inOrder.entries()) {
      layout.#sections.set(name, { at, begunAtInMs });
      let turn = 0;
      for (const row of told) {
        layout.units.push(row.unit);
        layout.speakers.push(row.unit.speaker);
        layout.#put(layout.count++, row, { session: at, turn, novelty: noveltyOf(row) });
        turn += 1;
      }
      layout.#ends[at] = layout.count;
    }
    return layout;
  }

  get meanSessionLength(): number {
    return Math.max(1, this.#content / Math.max(1, this.sessionCount));
  }

  /**
   * Puts in a row that comes last in a session, by its name, as most do.
   * @returns whether it could: else everything has to be arranged anew.
   */
  addLast(row: Row, session: string, novelty: number): boolean {
    const { unit, slot } = row;
    const section = this.#sections.get(session);
    if (section === undefined || unit.saidAtInMs < section.begunAtInMs) return false;
    if (this.count === this.slots.length || slot >= this.places.length) return false;
    const place = this.#ends[section.at] ?? 0;
    const turn = place - (section.at === 0 ? 0 : (this.#ends[section.at - 1] ?? 0));
    for (const column of this.#columns()) column.copyWithin(place + 1, place, this.count);
    this.units.splice(place, 0, unit);
    this.speakers.splice(place, 0, unit.speaker);
    this.count += 1;
    for (let later = place + 1; later < this.count; later += 1) this.places[this.slots[later] ?? 0] = later;
    for (let at = section.at; at < this.sessionCount; at += 1) this.#ends[at] = (this.#ends[at] ?? 0) + 1;
    this.#put(place, row, { session: section.at, turn, novelty });
    return true;
  }

  renew(slot: number, novelty: number): void {
    const place = this.places[slot] ?? 0;
    this.novelty[place] = novelty;
    this.kinds[place] = worthOfKinds(this, place);
  }

  #put(place: number, row: Row, where: { session: number; turn: number; novelty: number }): void {
    this.slots[place] = row.slot;
    this.places[row.slot] = place;
    this.sessions[place] = where.session;
    this.turns[place] = where.turn;
    this.cues[place] = row.cues;
    this.names[place] = row.names;
    this.asks[place] = row.asks ? 1 : 0;
    this.endsAsking[place] = row.endsAsking ? 1 : 0;
    this.lengths[place] = row.contentLength;
    this.novelty[place] = where.novelty;
    this.kinds[place] = worthOfKinds(this, place);
    this.sessionLengths[where.session] = (this.sessionLengths[where.session] ?? 0) + row.contentLength;
    this.#content += row.contentLength;
  }

  #columns() {
    const { slots, sessions, turns, cues, names, asks, endsAsking, lengths, novelty, kinds } = this;
    return [slots, sessions, turns, cues, names, asks, endsAsking, lengths, novelty, kinds];
  }
}

function begunAt(told: readonly Row[]): number {
  return told.reduce((earliest, { unit }) => Math.min(earliest, unit.saidAtInMs), Number.POSITIVE_INFINITY);
}

export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
