import type { SeenLine } from '#src/core/model.ts';
import { sentences } from './english.ts';
import type { Ear } from './hearing.ts';
import type { Sayable, SpokenSheet } from './sheet.ts';
import { whenSaid } from './when.ts';
import { coverage, stem } from './words.ts';

/** How far back a mind goes for what it said and heard. What is older may be said again in the same words. */
const REMEMBERED_LINES = 100;
/** How much of a fact must stand in a line for it to count as told there. */
const TOLD = 0.6;

/** What an own earlier line was about. */
export type Subject = 'fact' | 'goal' | 'fear' | 'tie' | 'price' | 'other';

/** What it asked for something. */
export interface Price {
  /** Stems of what was asked for. */
  readonly things: ReadonlySet<string>;
  readonly count: number;
  readonly coin: string;
  readonly hasComeDown: boolean;
}

/** The scene so far, as the one who speaks next has it in mind. */
export interface Recollection {
  /** Every sentence it has said lately, as compared. */
  readonly said: ReadonlySet<string>;
  /** Its last few lines, for what would sound worn out. */
  readonly recent: string;
  readonly ownLineCount: number;
  /** Facts told so far. */
  readonly toldFacts: ReadonlySet<Sayable>;
  readonly toldTies: ReadonlySet<string>;
  /** The fact told last, if it is still near. */
  readonly lastFact: Sayable | undefined;
  /** What its last line was about. */
  readonly lastSubject: Subject;
  readonly lastOwn: string;
  /** The price it named last, and whether it came down already. */
  readonly price: Price | undefined;
  /** The last price of everything that it named one for, the latest first. */
  readonly prices: readonly Price[];
  /** Whether the line to answer was said before. */
  readonly isRepeated: boolean;
  /** What the one it answers is called; undefined where only a GM's or a platform's name is known. */
  readonly speakerName: string | undefined;
  /** Others' lines before the one to answer, newest first. */
  readonly others: readonly SeenLine[];
  /** Those of them that were said since time last passed: all one talk. */
  readonly othersNow: readonly SeenLine[];
}

/** Sentences compared without case and marks. */
export function sentenceKey(sentence: string): string {
  return sentence
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export function recollect(
  transcript: readonly SeenLine[],
  sheet: SpokenSheet,
  coins: readonly string[],
  ear: Ear,
): Recollection {
  const near = transcript.slice(-REMEMBERED_LINES);
  const said = new Set<string>();
  for (const line of near)
    if (line.isOwn) for (const sentence of sentences(line.text)) said.add(sentenceKey(sentence));

  const own = near.filter(({ isOwn }) => isOwn).reverse();
  const answered = transcript.at(-1);
  const before = near.slice(0, -1);
  const whens = whenSaid(before, answered);
  const others = before.filter(({ isOwn }) => !isOwn).reverse();
  const ownStems = own.map(({ text }) => ear.meaning(text));
  const told = (stems: ReadonlySet<string>, line: ReadonlySet<string> | undefined): boolean =>
    line !== undefined && stems.size > 0 && coverage(stems, line) >= TOLD;

  const toldFacts = new Set(sheet.facts.filter(({ stems }) => ownStems.some((line) => told(stems, line))));
  let lastFact: Sayable | undefined;
  for (const line of ownStems.slice(0, 4)) lastFact ??= sheet.facts.find(({ stems }) => told(stems, line));

  const latest = ownStems[0];
  const prices = pricesIn(near, coins, sheet.ownNames, ear);
  const subjects: readonly (readonly [Subject, readonly { readonly stems: ReadonlySet<string> }[]])[] = [
    ['fact', sheet.facts],
    ['tie', sheet.ties],
    ['goal', sheet.goals],
    ['fear', sheet.fears],
  ];
  const [nearest] = subjects
    .flatMap(([subject, told]) =>
      told.map(({ stems }) => ({ subject, share: coverage(stems, latest ?? stems) })),
    )
    .filter(({ share }) => latest !== undefined && share >= TOLD)
    .sort((one, other) => other.share - one.share);
  const namedPrice = priceIn(own[0]?.text ?? '', coins) !== undefined;
  const key = sentenceKey(answered?.text ?? '');
  return {
    said,
    recent: own
      .slice(0, 6)
      .map(({ text }) => text)
      .join(' '),
    ownLineCount: own.length,
    toldFacts,
    toldTies: new Set(
      sheet.ties.filter(({ stems }) => ownStems.some((line) => told(stems, line))).map(({ to }) => to),
    ),
    lastFact,
    lastSubject: nearest?.subject ?? (namedPrice ? 'price' : 'other'),
    lastOwn: own[0]?.text ?? '',
    price: prices[0],
    prices,
    isRepeated: key.length > 8 && others.some(({ text }) => sentenceKey(text) === key),
    speakerName: answered === undefined ? undefined : nameOf(answered, [answered, ...others], sheet, ear),
    others,
    othersNow: before.filter(({ isOwn }, index) => !isOwn && whens[index]?.isBefore === false).reverse(),
  };
}

/** "four copper" in a line. */
function priceIn(line: string, coins: readonly string[]): { count: number; coin: string } | undefined {
  const match = new RegExp(`\\b(${NUMBERS.join('|')}) (${coins.join('|')})\\b`, 'iu').exec(line);
  return match === null
    ? undefined
    : {
        count: NUMBERS.indexOf((match[1] ?? '').toLowerCase()) + 1,
        coin: (match[2] ?? '').toLowerCase(),
      };
}

/** What it asked for each thing, the latest first: what was said before a price tells what it is for. */
function pricesIn(
  lines: readonly SeenLine[],
  coins: readonly string[],
  ownNames: ReadonlySet<string>,
  ear: Ear,
): Price[] {
  let prices: Price[] = [];
  let asked: SeenLine | undefined;
  for (const line of lines) {
    if (!line.isOwn) asked = line;
    const named = line.isOwn ? priceIn(line.text, coins) : undefined;
    if (named === undefined || asked === undefined) continue;
    const { act, words } = ear.hear(asked.text, asked.speakerKind, ownNames);
    const things = act === 'price' ? thingsOf(words) : new Set<string>();
    const before = things.size === 0 ? prices[0] : prices.find((price) => coverage(things, price.things) > 0);
    const price: Price = {
      ...named,
      things: before?.things ?? things,
      hasComeDown: before !== undefined && (before.hasComeDown || before.count > named.count),
    };
    prices = [price, ...prices.filter((each) => each !== before)];
  }
  return prices;
}

/** Words that ask for a price, and measures: "a mug of beer" is beer. */
const NO_THINGS = new Set(
  'price cost much charge ask want pay buy sell worth fee one mug pint cup glass bowl bottle jug tankard piece copper silver gold coin crown two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map(stem),
);

/** What a price is asked for. */
export function thingsOf(words: ReadonlySet<string>): Set<string> {
  return new Set([...words].filter((word) => !NO_THINGS.has(word)));
}

export const NUMBERS = [
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** A character's first name; of a GM only what they said to be called. */
function nameOf(
  answered: SeenLine,
  lines: readonly SeenLine[],
  sheet: SpokenSheet,
  ear: Ear,
): string | undefined {
  for (const line of lines) {
    if (line.speaker !== answered.speaker || !/\b(?:name|i ?['’]?a?m|call me)\b/iu.test(line.text)) continue;
    const { introduced } = ear.hear(line.text, line.speakerKind, sheet.ownNames);
    if (introduced !== undefined) return introduced;
  }
  if (answered.speakerKind === 'gm') return undefined;
  const first = /^[\p{L}][\p{L}'’-]{1,24}/u.exec(answered.speaker.trim())?.[0];
  return first;
}
