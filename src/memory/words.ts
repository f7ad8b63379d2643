import { stem } from './stem.ts';

/** Text beyond this many characters is not searched: no line at a table is as long. */
const LONGEST_TEXT = 20_000;
const LONGEST_WORD = 40;
/** Scripts that put no spaces between words are taken character by character. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}]+(?:'[\p{L}]+)*/gu;
const BEYOND_ASCII = /[^\p{ASCII}]/u;
const ASCII_WORD = /[a-z\d]+(?:'[a-z]+)*/g;
const MARKS = /\p{M}+/gu;

const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but
  by can could did do does doing done down during each few for from further had has have having he her here hers herself
  him himself his how i if in into is it its itself just let like me more most my myself no nor not now of off
  on once only or other our ours out over own same she should so some such than that the their theirs them then there
  these they this those through to too under until up very was we were what when where which while who whom whose why
  will with would you your yours yourself i'm i've i'd i'll you're you've you'd you'll he's she's it's that's there's
  we're we've we'd we'll they're they've they'd don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't
  wouldn't shouldn't haven't hasn't hadn't what's let's who's how's might may must shall us hey hi hello wow yeah yes oh
  really thanks thank okay ok well`.split(/\s+/u),
);

/** One word of a text: as it stands in lower case without accents, and its stem. */
export interface Word {
  readonly plain: string;
  readonly stem: string;
}

/** The words of a text in their order, folded to lower case without accents or possessive endings. */
export function plainWords(text: string): readonly string[] {
  const start = text.slice(0, LONGEST_TEXT);
  // Most table talk is ASCII, of which the rest below would change nothing.
  const words = BEYOND_ASCII.test(start) ? folded(start).match(WORD) : start.toLowerCase().match(ASCII_WORD);
  return (words ?? []).map(clipped);
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(MARKS, '').toLowerCase().replaceAll('’', "'");
}

function clipped(word: string): string {
  const short = word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word;
  return short.endsWith("'s") ? short.slice(0, -2) : short;
}

export function isStopWord(plain: string): boolean {
  return STOP_WORDS.has(plain);
}

/** The words that say what a text is about: stop words left out. */
export function contentOf(words: readonly string[]): readonly Word[] {
  return words.filter((plain) => !isStopWord(plain)).map((plain) => ({ plain, stem: cachedStem(plain) }));
}

const MOST_CACHED = 20_000;
const stems = new Map<string, string>();

/** Table talk repeats its words: most are stemmed once. Forgotten all at once where they grow too many. */
export function cachedStem(plain: string): string {
  const known = stems.get(plain);
  if (known !== undefined) return known;
  if (stems.size >= MOST_CACHED) stems.clear();
  const found = stem(plain);
  stems.set(plain, found);
  return found;
}
