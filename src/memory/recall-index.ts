import type { MemoryHit, MemoryUnit } from '#src/core/memory.ts';
import type { GameTime } from '#src/core/world-time.ts';
import { type AskedTimes, askedTimes } from './asked-times.ts';
import { Evidence } from './evidence.ts';
import type { Feature } from './features.ts';
import { namedTimes } from './named-times.ts';
import { type Known, type Question, understand } from './question.ts';
import { WEIGHTS } from './ranking.ts';
import { reasonsFor } from './reasons.ts';
import { Shelf } from './shelf.ts';
import { mayNameTime } from './time-hint.ts';

export interface RecallOptions {
  /** At most this many hits. */
  readonly limit: number;
  /** Who asks, as shown: "I" and "my" in the question mean this speaker. */
  readonly askedBy?: string;
  /** Who is asked, as shown: "you" and "your" in the question mean this speaker. */
  readonly askedOf?: string;
  /** What time it is for whoever asks; without it "yesterday" and "before the fire" are words like others. */
  readonly now?: GameTime;
}

/**
 * What ONE holder remembers, in memory: every row is weighed for each question, by words and what means the same, by
 * what was said around it, by speaker, date, kind of line and hashed vector. The order in which memories are added makes
 * no difference.
 */
export class RecallIndex {
  readonly #shelf = new Shelf();
  readonly #evidence = new Evidence();

  get size(): number {
    return this.#shelf.size;
  }

  /** How much memory it takes, in memories without vectors of a model. */
  get weight(): number {
    return this.#shelf.size + this.#shelf.meaningsInBytes / BYTES_OF_A_MEMORY;
  }

  has(id: string): boolean {
    return this.#shelf.has(id);
  }

  /** Adds memories; one whose id is known takes the place of the one before. */
  add(units: readonly MemoryUnit[]): void {
    for (const unit of units) this.#shelf.add(unit);
  }

  /** Forgets memories; ids that are not known are passed over. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.#shelf.remove(id);
  }

  /** What some of them mean, by a model's vectors of them; what is not here any more as it was is passed over. */
  learn(units: readonly MemoryUnit[], meanings: ReadonlyMap<string, Float32Array>): void {
    for (const unit of units) {
      const vector = meanings.get(unit.id);
      if (vector !== undefined) this.#shelf.keepMeaning(unit, vector);
    }
  }

  /** Some of those of which it is not known what they mean: the newest first, and with each call others of the older ones. */
  unlearned(limit: number): readonly MemoryUnit[] {
    return this.#shelf.withoutMeaning(limit);
  }

  /** The newest of them; looking at it changes nothing. */
  get newestUnlearned(): MemoryUnit | undefined {
    return this.#shelf.newestWithoutMeaning;
  }

  /**
   * The best memories for a question, best first; equal ones newest first. None where nothing speaks for any.
   * @param meaning the same model's vector of the question.
   */
  recall(query: string, options: RecallOptions, meaning?: Float32Array): readonly MemoryHit[] {
    const { layout } = this.#shelf;
    const { limit, now, ...asked } = options;
    if (limit < 1) return [];
    const { rest, times } =
      now === undefined || !mayNameTime(query)
        ? { rest: query, times: [] }
        : namedTimes(query, now, this.#shelf);
    const { speakers, years } = this.#shelf;
    const known: Known = { ...asked, times, speakers, years };
    const question = understand(rest, known);
    const { terms, named, periods } = question;
    const meant = meaning && this.#shelf.meant(meaning);
    if (terms.length + named.size + periods.length + times.length === 0 && meant === undefined) return [];
    this.#evidence.weigh(question, this.#shelf);
    const scores = layout.kinds.slice(0, layout.count);
    const columns = [...this.#evidence.columns].map(([feature, values]) => ({
      values,
      weight: WEIGHTS[feature],
    }));
    if (meant !== undefined) columns.push({ values: meant, weight: MEANING_WEIGHT });
    addAll(columns, scores);
    return this.#best(scores, limit, meant).map((place) =>
      this.#hit(question, place, { score: scores[place] ?? 0, meant: meant?.[place] ?? 0 }),
    );
  }

  /** The times that a question names, and whether anything is remembered from then. */
  timesAsked(question: string, now: GameTime): AskedTimes {
    return askedTimes(question, now, this.#shelf);
  }

  /** The places of the highest scores among those for which anything speaks. */
  #best(scores: Float64Array, limit: number, meant?: Float32Array): readonly number[] {
    const { units } = this.#shelf.layout;
    const { columns } = this.#evidence;
    const grounds = GROUNDS.flatMap((feature) => columns.get(feature) ?? []);
    if (meant !== undefined) grounds.push(meant);
    const before = (one: number, other: number) =>
      (scores[other] ?? 0) - (scores[one] ?? 0) ||
      (units[other]?.saidAtInMs ?? 0) - (units[one]?.saidAtInMs ?? 0) ||
      other - one;
    let found: number[] = [];
    let worst = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < scores.length; place += 1) {
      if ((scores[place] ?? 0) < worst) continue;
      if (!grounds.some((column) => (column[place] ?? 0) > 0)) continue;
      found.push(place);
      // Sorted now and then, not at each: what cannot be among the best is let go early.
      if (found.length < 2 * limit + SPARE) continue;
      found = found.sort(before).slice(0, limit);
      worst = scores[found.at(-1) ?? 0] ?? worst;
    }
    return found.sort(before).slice(0, limit);
  }

  #hit(question: Question, place: number, found: { score: number; meant: number }): MemoryHit {
    const unit = this.#shelf.layout.units[place];
    if (unit === undefined) throw new RangeError(`There is no row at ${place}.`);
    return {
      unit,
      score: found.score,
      // A turn looks at many hits and tells nobody why.
      get reasons() {
        return reasonsFor(question, unit, found.meant > 0);
      },
    };
  }
}

/** What a line counts for that is meant, by a model's vectors: about as much as one that has the question's words. */
const MEANING_WEIGHT = 6;

/** As `npm run bench -- remember` measures it (`bytesPerRow`). */
const BYTES_OF_A_MEMORY = 1_800;

/** Without any of these nothing speaks for a row. */
const GROUNDS: readonly Feature[] = [
  'wide',
  'speaker',
  'lead',
  'mentioned',
  'day',
  'month',
  'year',
  'likeness',
];
/** Hits beyond twice the limit that are let wait before they are sorted. */
const SPARE = 32;

/** A feature of every place, and what it counts for. */
interface Column {
  readonly values: Float32Array;
  readonly weight: number;
}

/** Adds columns to scores in their order, four in one walk: that takes half as long as four walks. */
function addAll(columns: readonly Column[], into: Float64Array): void {
  for (let at = 0; at < columns.length; at += 4) {
    const one = columns[at];
    if (one === undefined) break;
    const none = { ...one, weight: 0 };
    addFour([one, columns[at + 1] ?? none, columns[at + 2] ?? none, columns[at + 3] ?? none], into);
  }
}

function addFour(
  [one, two, three, four]: readonly [Column, Column, Column, Column],
  into: Float64Array,
): void {
  for (let place = 0; place < into.length; place += 1)
    into[place] =
      (into[place] ?? 0) +
      one.weight * (one.values[place] ?? 0) +
      two.weight * (two.values[place] ?? 0) +
      three.weight * (three.values[place] ?? 0) +
      four.weight * (four.values[place] ?? 0);
}
