import { cuesOfWord } from './cues.ts';
import { type Prints, printsOf } from './hashed-vectors.ts';
import { subjectsOf } from './related.ts';
import { cachedStem, isStopWord, type Word } from './words.ts';

/** What is known of a word wherever it stands. */
export interface KnownWord extends Word {
  /** It says something: it is no stop word. */
  readonly isTelling: boolean;
  /** The subjects that it belongs to, as keys of an index. */
  readonly subjects: readonly string[];
  /** As `cuesOfWord` has them. */
  readonly cues: number;
  readonly prints: Prints;
}

/** Some 10 MB at the very most; what a table says in a year has fewer different words. */
const MOST_KNOWN = 20_000;
const known = new Map<string, KnownWord>();

/** Table talk repeats its words: most are looked into once. Forgotten all at once where they grow too many. */
export function knownWord(plain: string): KnownWord {
  const found = known.get(plain);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const stem = cachedStem(plain);
  const word: KnownWord = {
    plain,
    stem,
    isTelling: !isStopWord(plain),
    subjects: subjectsOf(stem),
    cues: cuesOfWord(plain),
    prints: printsOf(plain),
  };
  known.set(plain, word);
  return word;
}
