import { bitOf, type Cue } from './cues.ts';
import { fitOf } from './dates.ts';
import type { Feature } from './features.ts';
import { hashedVector } from './hashed-vectors.ts';
import { importanceOf } from './importance.ts';
import type { Layout } from './layout.ts';
import type { Question } from './question.ts';
import type { Shelf } from './shelf.ts';
import { WordEvidence } from './word-evidence.ts';
import { cachedStem } from './words.ts';

/** The cues that a question can ask for. */
const ASKED_CUES = [
  'time',
  'number',
  'place',
  'plan',
  'feeling',
  'liking',
  'title',
  'past',
  'bargain',
  'gift',
  'looks',
  'money',
] as const satisfies readonly Cue[];
/** Vectors this much alike may be so by chance. */
const LIKE_BY_CHANCE = 0.25;

/** "Who took the flour last night?": what has the words, at another time, may be meant. */
const TIME_BESIDE_WORDS = 0.6;
/** What a time counts for a line that says nothing: "Another ale." */
const PLAIN_SHARE = 0.5;
/** Lines of that time that are judged by what they say: some milliseconds of work. */
const MOST_JUDGED = 300;

/**
 * The features of every line that depend on the question, a column each, in the layout's order. Those of `line-kinds.ts`
 * are not among them.
 */
export class Evidence {
  readonly #kept = new Map<Feature, Float32Array>();
  readonly #filled = new Map<Feature, Float32Array>();
  #capacity = 0;

  /** The columns that this question fills; every other is 0 throughout. */
  get columns(): ReadonlyMap<Feature, Float32Array> {
    return this.#filled;
  }

  /** Fills the columns for a question. They hold until the next one. */
  weigh(question: Question, shelf: Shelf): void {
    const { layout } = shelf;
    const count = layout.count;
    if (count > this.#capacity || count < this.#capacity / 4) {
      this.#capacity = Math.ceil(count * 1.25);
      this.#kept.clear();
    }
    this.#filled.clear();
    this.#weighWords(question, shelf, layout, count);
    this.#weighLikeness(question, shelf, layout, count);
    this.#weighSpeakers(question, shelf, layout, count);
    this.#weighKinds(layout, count);
    this.#weighCues(question, layout, count);
    this.#weighDates(question, layout, count);
  }

  /** To be filled; empty where it has not been asked for yet. */
  #column(feature: Feature): Float32Array {
    const filled = this.#filled.get(feature);
    if (filled !== undefined) return filled;
    const column = this.#kept.get(feature)?.fill(0) ?? new Float32Array(this.#capacity);
    this.#kept.set(feature, column);
    this.#filled.set(feature, column);
    return column;
  }

  #weighWords(question: Question, shelf: Shelf, layout: Layout, count: number): void {
    const found = new WordEvidence({
      near: this.#column('near'),
      before: this.#column('before'),
      wide: this.#column('wide'),
      topicOfSpeaker: this.#column('topicOfSpeaker'),
      words: this.#column('words'),
      held: this.#column('held'),
      heldEvenly: this.#column('heldEvenly'),
    });
    found.weigh(question, shelf);
    const near = this.#column('near');
    const wide = this.#column('wide');
    const { plain, sessionScores, sessionsHeld } = found;
    const bestNear = largest(near, count);
    const bestWide = largest(wide, count);
    const bestWords = largest(plain, count);
    const bestSession = largest(sessionScores, layout.sessionCount);
    const bestNearIn = new Float64Array(layout.sessionCount);
    for (let place = 0; place < count; place += 1) {
      const session = layout.sessions[place] ?? 0;
      bestNearIn[session] = Math.max(bestNearIn[session] ?? 0, near[place] ?? 0);
    }
    const nearOfBest = this.#column('nearOfBest');
    const wideOfBest = this.#column('wideOfBest');
    const nearOfSession = this.#column('nearOfSession');
    const wordsOfBest = this.#column('wordsOfBest');
    const wordsBefore = this.#column('wordsBefore');
    const sessionColumn = this.#column('session');
    const sessionHeld = this.#column('sessionHeld');
    for (let place = 0; place < count; place += 1) {
      const session = layout.sessions[place] ?? 0;
      nearOfBest[place] = (near[place] ?? 0) / bestNear;
      wideOfBest[place] = (wide[place] ?? 0) / bestWide;
      // Kept from dividing by next to nothing where a session holds next to nothing.
      nearOfSession[place] = (near[place] ?? 0) / ((bestNearIn[session] ?? 0) + 0.05);
      wordsOfBest[place] = (plain[place] ?? 0) / bestWords;
      sessionColumn[place] = (sessionScores[session] ?? 0) / bestSession;
      sessionHeld[place] = sessionsHeld[session] ?? 0;
      if ((layout.turns[place] ?? 0) > 0) wordsBefore[place] = plain[place - 1] ?? 0;
    }
  }

  #weighLikeness({ terms }: Question, shelf: Shelf, layout: Layout, count: number): void {
    const likeness = this.#column('likeness');
    shelf.likeness(hashedVector(terms.map(({ plain }) => plain)), likeness);
    for (let place = 0; place < count; place += 1)
      likeness[place] = Math.max(0, (likeness[place] ?? 0) - LIKE_BY_CHANCE);
    const likenessBefore = this.#column('likenessBefore');
    for (let place = 1; place < count; place += 1)
      if (layout.turns[place] !== 0) likenessBefore[place] = likeness[place - 1] ?? 0;
  }

  #weighSpeakers(
    { named, lead, owners, nameWords }: Question,
    shelf: Shelf,
    layout: Layout,
    count: number,
  ): void {
    if (named.size === 0) return;
    if (named.size > 1) {
      const leads = this.#column('lead');
      for (let place = 0; place < count; place += 1) leads[place] = layout.speakers[place] === lead ? 1 : 0;
      return;
    }
    const mentioned = this.#column('mentioned');
    for (const word of nameWords)
      shelf.words.each(cachedStem(word), (slot) => {
        mentioned[layout.places[slot] ?? 0] = 1;
      });
    const near = this.#column('near');
    const wide = this.#column('wide');
    const speaker = this.#column('speaker');
    const otherSpeaker = this.#column('otherSpeaker');
    const owner = this.#column('owner');
    const nearBySpeaker = this.#column('nearBySpeaker');
    const wideBySpeaker = this.#column('wideBySpeaker');
    const nearMentioned = this.#column('nearMentioned');
    for (let place = 0; place < count; place += 1) {
      const said = layout.speakers[place] ?? '';
      if (named.has(said)) {
        speaker[place] = 1;
        nearBySpeaker[place] = near[place] ?? 0;
        wideBySpeaker[place] = wide[place] ?? 0;
        owner[place] = owners.has(said) ? 1 : 0;
        mentioned[place] = 0;
      } else {
        otherSpeaker[place] = 1;
        nearMentioned[place] = (mentioned[place] ?? 0) * (near[place] ?? 0);
      }
    }
  }

  #weighKinds(layout: Layout, count: number): void {
    const near = this.#column('near');
    const wordsBefore = this.#column('wordsBefore');
    const nearAsks = this.#column('nearAsks');
    const answersQuestion = this.#column('answersQuestion');
    const { endsAsking, asks, turns } = layout;
    for (let place = 0; place < count; place += 1) {
      if (endsAsking[place] === 1) nearAsks[place] = near[place] ?? 0;
      if (turns[place] !== 0 && asks[place - 1] === 1) answersQuestion[place] = wordsBefore[place] ?? 0;
    }
  }

  #weighCues({ cues }: Question, layout: Layout, count: number): void {
    const mark = (cue: Cue, column: Float32Array) => {
      const bit = bitOf(cue);
      for (let place = 0; place < count; place += 1)
        column[place] = ((layout.cues[place] ?? 0) & bit) === 0 ? 0 : 1;
    };
    for (const cue of ASKED_CUES) if (cues.has(cue)) mark(cue, this.#column(`${cue}?`));
  }

  #weighDates({ periods, times, terms }: Question, layout: Layout, count: number): void {
    for (const time of times) {
      const column = this.#column('day');
      // Where nothing else is asked for, what is telling counts for more; from the newest on.
      let left = terms.length === 0 ? MOST_JUDGED : 0;
      for (let place = count - 1; place >= 0; place -= 1) {
        const unit = layout.units[place];
        const fit = unit === undefined ? 0 : time.fit(unit);
        if (unit === undefined || fit === 0) continue;
        left -= 1;
        const share =
          left < 0 ? TIME_BESIDE_WORDS : PLAIN_SHARE + (1 - PLAIN_SHARE) * importanceOf(unit.text);
        column[place] = Math.max(column[place] ?? 0, share * fit);
      }
    }
    for (const period of periods) {
      const column = this.#column(period.grain);
      for (let place = 0; place < count; place += 1) {
        const unit = layout.units[place];
        if (unit !== undefined) column[place] = Math.max(column[place] ?? 0, fitOf(period, unit.saidAtInMs));
      }
    }
  }
}

/** The largest of the first `count` values, or 1 where there is none above 0: it is divided by. */
function largest(values: Float32Array | Float64Array, count: number): number {
  let best = 0;
  for (let index = 0; index < count; index += 1) best = Math.max(best, values[index] ?? 0);
  return best > 0 ? best : 1;
}
