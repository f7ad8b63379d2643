import type { SpeakTask } from '#src/core/model.ts';
import type { Random } from '../random.ts';
import type { Discretion } from './discretion.ts';
import { sentences } from './english.ts';
import type { Ear } from './hearing.ts';
import { type Recollection, sentenceKey } from './recollection.ts';
import type { SpokenSheet } from './sheet.ts';
import type { Piece, Slots, Sound } from './sound.ts';
import type { Moment, Speech } from './speech-schema.ts';
import type { SampleLine } from './tics.ts';
import { isVoiced } from './voice-schema.ts';

/** Everything that one reply is made from. */
export interface Mind {
  readonly task: SpeakTask;
  readonly sheet: SpokenSheet;
  readonly memory: Recollection;
  readonly sound: Sound;
  readonly samples: readonly SampleLine[];
  /** How often a sample line is used where one suits, 0 to 1. */
  readonly sampleShare: number;
  readonly discretion: Discretion;
  readonly speech: Speech;
  /** Beginnings and ends of what people say who have nothing to tell, spelled out, lower case. */
  readonly hollow: readonly string[];
  readonly ear: Ear;
  readonly random: Random;
}

/** Moments that tell something; the others are small talk. */
const TELLING = new Set<Moment>([
  'trade',
  'want',
  'fear',
  'tell',
  'tellTopic',
  'news',
  'also',
  'bond',
  'folk',
  'retold',
  'price',
  'priceTaken',
  'quest',
  'trait',
  'looks',
  'unknown',
  'whyGoal',
  'heard',
  'advice',
  'swear',
  'rememberWord',
  'rememberYours',
  'rememberTheirs',
  'rememberOwn',
  'rememberSeen',
  'rememberToOther',
  'rememberThen',
]);
/** Shorter parts stand in many a sentence. In characters. */
const SHORTEST_WORN = 10;
/** "I don't do love potions": an answer to something that was not asked here. */
const REJOINS = /^(?:no|nah|yes|aye|not|never|I (?:don['’]t|do not|won['’]t|will not|can['’]t|cannot))\b/iu;

/** A reply being put together: only sentences that are new, and that no secret forbids, get in. */
export class Reply {
  readonly #mind: Mind;
  readonly #pieces: Piece[] = [];
  readonly #said: Set<string>;

  constructor(mind: Mind) {
    this.#mind = mind;
    this.#said = new Set(mind.memory.said);
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  get sentenceCount(): number {
    return this.#pieces.reduce((sum, { text }) => sum + sentences(text).length, 0);
  }

  /** Adds a line for the first of these moments that has a new one. False where none has. */
  say(moments: readonly Moment[], slots: Slots = {}): boolean {
    const { random } = this.#mind;
    for (const moment of moments) {
      const own = isVoiced(moment) ? this.#mind.sound.voice.lines[moment] : [];
      const plain = this.#mind.speech.lines[moment];
      const isOwnFirst = random.chance(0.8);
      const ordered = [
        ...random.shuffle(own).map((line) => ({ line, isOwn: true })),
        ...random.shuffle(plain).map((line) => ({ line, isOwn: false })),
      ];
      if (!isOwnFirst) ordered.sort((one, other) => Number(one.isOwn) - Number(other.isOwn));
      const isWorn = ({ line }: { line: string }) => this.#isWorn(line);
      for (const { line, isOwn } of [...ordered.filter((each) => !isWorn(each)), ...ordered.filter(isWorn)]) {
        const piece = this.#mind.sound.fill(line, slots, isOwn, random);
        if (piece !== undefined && this.#add({ ...piece, tells: TELLING.has(moment) })) return true;
      }
    }
    return false;
  }

  /** Whether it said much the same lately: "Every talk comes round to {topic}" wears out, whatever the topic. */
  #isWorn(line: string): boolean {
    const { recent } = this.#mind.memory;
    return (
      recent !== '' &&
      line
        .split(/\{\w+\}/u)
        .some((part) => part.trim().length >= SHORTEST_WORN && recent.includes(part.trim()))
    );
  }

  /** Adds a sample line of the sheet that suits one of these acts, as often as samples are to be used. */
  sample(acts: readonly SampleLine['act'][], share = this.#mind.sampleShare): boolean {
    const { random, samples } = this.#mind;
    if (!random.chance(share)) return false;
    return random
      .shuffle(samples.filter(({ act, text }) => acts.includes(act) && !REJOINS.test(text)))
      .some(({ text }) => this.#add({ text, isOwn: true }));
  }

  /** Adds the sample line that has most to do with these words, if one shares so many: one alone is mostly chance. */
  sampleAbout(words: ReadonlySet<string>, atLeast = 2): boolean {
    return this.#mind.samples
      .map(({ text, stems }) => ({ text, shared: [...words].filter((word) => stems.has(word)).length }))
      .filter(({ shared }) => shared >= atLeast)
      .sort((one, other) => other.shared - one.shared)
      .some(({ text }) => this.#add({ text, isOwn: true }));
  }

  /** The whole as it is said: at least one sentence, none of them said before. */
  finish(): string {
    const { sound, memory, random, speech } = this.#mind;
    const uttered = this.#newSentences(sound.utter(this.#pieces, memory.recent, random));
    if (uttered !== '') return uttered;
    for (const line of random.shuffle(speech.lines.bare)) {
      const text = this.#newSentences(line);
      if (text !== '') return text;
    }
    // A number alone ends it: a secret cannot forbid all of them.
    for (let count = memory.ownLineCount + 1; ; count++)
      for (const line of [...speech.lines.counted, '{count}.']) {
        const text = sound.fill(line, { count: String(count) }, true, random)?.text ?? '';
        if (this.#newSentences(text) !== '') return text;
      }
  }

  #newSentences(text: string): string {
    const { memory, discretion } = this.#mind;
    const seen = new Set(memory.said);
    return sentences(text)
      .filter((sentence) => {
        const key = sentenceKey(sentence);
        const isNew = key !== '' && !seen.has(key) && discretion.allows(sentence);
        seen.add(key);
        return isNew;
      })
      .join(' ');
  }

  #add(piece: Piece): boolean {
    const parts = sentences(piece.text);
    const keys = parts.map(sentenceKey);
    if (
      keys.length === 0 ||
      keys.some((key) => this.#said.has(key)) ||
      !this.#mind.discretion.allows(piece.text)
    )
      return false;
    for (const key of keys) this.#said.add(key);
    this.#pieces.push(piece);
    return true;
  }
}
