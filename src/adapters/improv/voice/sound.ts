import type { Random } from '../random.ts';
import { capitalise, decapitalise, sentences, thirdPerson, tidy, uncontracted, unended } from './english.ts';
import type { Voice } from './voice-schema.ts';

/** What a sheet adds to a voice: words taken from its own sample lines. */
export interface Tics {
  readonly openers: readonly string[];
  readonly closers: readonly string[];
  readonly address: readonly string[];
}

export const NO_TICS: Tics = { openers: [], closers: [], address: [] };

export type Slots = Readonly<Record<string, string | undefined>>;

/** In characters: an aside after two words stands in the way of the sentence. */
const SHORTEST_BEFORE_ASIDE = 15;

/** One part of a reply. */
export interface Piece {
  readonly text: string;
  /** In the voice's own words: not bent any further. */
  readonly isOwn: boolean;
  /** It tells something: only then may a beginning lead up to it, or an afterthought hang on it. */
  readonly tells?: boolean;
}

/** What somebody said, in their words. */
const QUOTATION = /("[^"]*")/u;
/** How much rarer a small thing ("Hello again.") gets a mark of the voice than something told. */
const SMALL_TALK = 0.6;
const OWN_HABIT = 0.3;

/** A voice in one mouth: fills lines, bends plain sentences to its habits, adds its openers and closers. */
export class Sound {
  readonly voice: Voice;
  readonly #tics: Tics;
  readonly #me: string;
  readonly #names: ReadonlySet<string>;
  readonly #stopwords: ReadonlySet<string>;

  constructor(
    voice: Voice,
    tics: Tics,
    mouth: {
      readonly me: string;
      readonly names: ReadonlySet<string>;
      readonly stopwords: ReadonlySet<string>;
    },
  ) {
    this.voice = voice;
    this.#tics = tics;
    this.#me = mouth.me;
    this.#names = mouth.names;
    this.#stopwords = mouth.stopwords;
  }

  get address(): readonly string[] {
    return this.#tics.address.length > 0 ? this.#tics.address : this.voice.address;
  }

  /** The line with its slots filled, or undefined where one has nothing to fill it. */
  fill(line: string, slots: Slots, isOwn: boolean, random: Random): Piece | undefined {
    let isWhole = true;
    const text = line.replace(/\{(\w+)\}/gu, (_, slot: string) => {
      const small = slot.charAt(0).toLowerCase() + slot.slice(1);
      const value =
        small === 'me' ? this.#me : small === 'you' ? (slots.you ?? random.pick(this.address)) : slots[small];
      if (value === undefined) {
        isWhole = false;
        return '';
      }
      const bent =
        isOwn && ['fact', 'clause', 'tie', 'heard'].includes(small) ? this.#bend(value, random) : value;
      return slot === small ? bent : capitalise(bent);
    });
    return isWhole ? { text: tidy(text), isOwn } : undefined;
  }

  /**
   * The pieces as this voice says them in one breath. `recent`: what it said lately, so that an opener is not worn out.
   */
  utter(pieces: readonly Piece[], recent: string, random: Random): string {
    const { habits } = this.voice;
    const bent = pieces.map((piece) =>
      piece.isOwn ? piece.text : this.#colour(this.#bend(piece.text, random), random),
    );
    const hasOwn = pieces.some(({ isOwn }) => isOwn);
    const isLong = bent.reduce((sum, text) => sum + sentences(text).length, 0) > 3;
    const tells = pieces.some((piece) => piece.tells === true);
    // A sheet that shows its own words is heard by them, whatever voice it was lent.
    const own = this.#tics.openers.length + this.#tics.closers.length > 0 ? OWN_HABIT : 0;
    const rate = Math.max(own, habits.rate) * (hasOwn ? 0.2 : tells ? 1 : SMALL_TALK);
    const wantsMark = !isLong && random.chance(rate);
    if (wantsMark && bent.length > 0) {
      const opens = random.chance(0.5);
      const isOpened = opens && this.#open(bent, pieces[0]?.tells === true, recent, random);
      if (!isOpened) this.#close(bent, pieces, recent, random);
    }
    const last = bent.length - 1;
    const ending = bent[last];
    if (ending !== undefined && pieces[last]?.isOwn === false && !ending.endsWith('"')) {
      if (random.chance(habits.repeatLast)) bent[last] = repeated(ending);
      else if (random.chance(habits.trail)) bent[last] = `${unended(ending)}...`;
    }
    return tidy(bent.join(' '));
  }

  /** Words and grammar: swaps, contractions, self by name, dropped words. What somebody else said stays as it is. */
  #bend(text: string, random: Random): string {
    const { drop } = this.voice.habits;
    const bent = text
      .split(QUOTATION)
      .map((part, index) => (index % 2 === 0 ? this.#inOwnWords(part) : part))
      .join('');
    return drop > 0 && !bent.includes('"') && random.chance(drop) ? clipped(bent) : bent;
  }

  #inOwnWords(text: string): string {
    const { habits, swaps } = this.voice;
    let bent = text;
    for (const [from, to] of Object.entries(swaps))
      bent = bent.replace(new RegExp(`\\b${from}\\b`, 'giu'), (found) =>
        /^\p{Lu}/u.test(found) ? capitalise(to) : to,
      );
    if (habits.contractions === 'never' || habits.self === 'third') bent = uncontracted(bent);
    return habits.self === 'third' ? thirdPerson(bent, this.#me) : bent;
  }

  /** An aside at the first joint that can take one. */
  #colour(text: string, random: Random): string {
    const { asides, habits } = this.voice;
    if (asides.length === 0 || !random.chance(habits.rate * 0.4) || text.includes('"')) return text;
    const aside = random.pick(asides);
    const joint =
      /(?<=\p{L}{2})(?<!\b(?:and|or|but|so)),? (?=(?:but|because|until|unless|since|though) \p{L})/u.exec(
        text,
      );
    return joint === null || joint.index < SHORTEST_BEFORE_ASIDE
      ? text
      : `${text.slice(0, joint.index)}, ${aside.replace('{me}', this.#me)}, ${text.slice(joint.index + joint[0].length)}`;
  }

  #open(bent: string[], tells: boolean, recent: string, random: Random): boolean {
    const first = bent[0] ?? '';
    const isFragment =
      sentences(first)[0]?.endsWith('?') === true || wordCount(sentences(first)[0] ?? '') < 3;
    // A voice's beginnings lead up to something told; a sheet's own cries ("Bah!") go before anything.
    const lent = tells ? this.voice.openers : [];
    const choices = this.#fresh([...this.#tics.openers, ...this.#tics.openers, ...lent], recent).filter(
      (opener) =>
        // "This much: you said: …" is one too many.
        !(opener.endsWith(':') && first.includes(':')) &&
        (/[.!?]$/u.test(opener) || (tells && !isFragment && this.#canFollow(first))),
    );
    if (choices.length === 0) return false;
    const opener = random.pick(choices).replace('{me}', this.#me);
    bent[0] = `${opener} ${/[.!?:]$/u.test(opener) && !/,$/u.test(opener) ? capitalise(first) : decapitalise(first, this.#names)}`;
    return true;
  }

  #close(bent: string[], pieces: readonly Piece[], recent: string, random: Random): void {
    const last = bent.length - 1;
    const ending = bent[last] ?? '';
    const piece = pieces[last];
    const isPlain = /[^.]\.$/u.test(ending) && piece?.isOwn === false;
    // What a sheet's owner ends on is a habit; what hangs on a voice's sentences needs something told.
    const own = this.#tics.closers.filter((closer) => !closer.startsWith(',') || isPlain);
    const lent = this.voice.closers.filter((closer) => !closer.startsWith(',') || (isPlain && piece?.tells));
    const choices = this.#fresh([...own, ...own, ...lent], recent);
    if (choices.length === 0) return;
    const closer = random.pick(choices).replaceAll('{me}', this.#me);
    bent[last] = closer.startsWith(',') ? `${unended(ending)}${closer}` : `${ending} ${closer}`;
  }

  #fresh(phrases: readonly string[], recent: string): readonly string[] {
    return phrases.filter(
      (phrase) => !recent.includes(unended(phrase.replaceAll('{me}', this.#me)).replace(/^, /u, '')),
    );
  }

  /** Whether the sentence may lose its large letter: its first word is a common one, or a name that keeps it. */
  #canFollow(sentence: string): boolean {
    const first = /^[\p{L}'’-]+/u.exec(sentence)?.[0]?.toLowerCase() ?? '';
    return /^i\b/u.test(first) || this.#stopwords.has(first) || this.#names.has(first);
  }
}

function wordCount(text: string): number {
  return text.split(' ').length;
}

/** "…under the mill." → "…under the mill, the mill." */
function repeated(text: string): string {
  const match = /((?:\b(?:the|a|an|my|your|of|to|for|on|it|no) )?[\p{L}'’-]+)([.!]+)$/u.exec(text);
  return match === null || /, \S+[.!]$/u.test(text)
    ? text
    : `${text.slice(0, match.index)}${match[1]}, ${match[1]}${match[2]}`;
}

/** Without articles and the words that only start a sentence. */
function clipped(text: string): string {
  return sentences(text)
    .map((sentence) => {
      const short = sentence
        .replace(
          /^(?:I['’]m |I am |I['’]ve |I have |It is |It['’]s |There is |There['’]s |That is |That['’]s |I )/u,
          '',
        )
        .replace(/\b(?:the|a|an) (?=\p{L})/giu, '');
      return capitalise(/\p{L}{2}/u.test(short) ? short : sentence);
    })
    .join(' ');
}
