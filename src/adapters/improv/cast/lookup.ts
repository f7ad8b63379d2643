import { nameKey } from '#src/core/names.ts';
import type { People, Tables, Trade } from '../tables.ts';

/** How much of a text is read: what is longer says nothing more to tables. In characters. */
export const READ_LIMIT = 1500;

export interface Word {
  readonly raw: string;
  readonly key: string;
  /** Punctuation follows it. */
  readonly ends: boolean;
}

export function wordsOf(text: string): Word[] {
  return [...text.slice(0, READ_LIMIT).matchAll(/([\p{L}\p{N}][\p{L}\p{N}'’-]*)([^\p{L}\p{N}\s'’-]*)/gu)].map(
    ([, raw = '', after = '']) => ({ raw, key: nameKey(raw).replace(/['’]s$/u, ''), ends: after !== '' }),
  );
}

/** "dwarves" → "dwarve", "thieves" → "thief", "women" → "woman"; good enough to compare two words. */
function singular(word: string): string {
  if (/(?:ss|us|is)$/u.test(word) || word.length < 4) return word;
  return word
    .replace(/men$/u, 'man')
    .replace(/(thie|shel|hal|kni)ves$/u, '$1f')
    .replace(/ies$/u, 'y')
    .replace(/(ch|sh|x|ss)es$/u, '$1')
    .replace(/s$/u, '');
}

/** Only words of the tables are looked up, so this holds no more than they do. */
const SINGULAR = new Map<string, string>();

function singularPhrase(phrase: string): string {
  const known = SINGULAR.get(phrase);
  if (known !== undefined) return known;
  const made = phrase.split(' ').map(singular).join(' ');
  SINGULAR.set(phrase, made);
  return made;
}

/** Text in which whole words and phrases can be looked up, plural or not. */
export interface Lookup {
  has(phrase: string): boolean;
  /** Where it first stands; -1 where it does not. */
  at(phrase: string): number;
}

export function lookup(text: string): Lookup {
  const keys = wordsOf(text).map(({ key }) => key);
  const plain = ` ${keys.join(' ')} `;
  const bare = ` ${keys.map(singular).join(' ')} `;
  const at = (phrase: string): number => {
    const key = phrase.toLowerCase();
    const index = plain.indexOf(` ${key} `);
    return index >= 0 ? index : bare.indexOf(` ${singularPhrase(key)} `);
  };
  return { at, has: (phrase) => at(phrase) >= 0 };
}

/** Trades that a text names, the longest name first; a longer name hides a shorter one inside it. */
export function tradesIn(text: string, tables: Tables): Trade[] {
  const found = lookup(text);
  const hits = tables.trades.flatMap((trade) => {
    const names = [...trade.titles, ...trade.also].filter((name) => found.has(name));
    const longest = names.reduce((best, name) => (name.length > best.length ? name : best), '');
    return longest === '' ? [] : [{ trade, name: longest.toLowerCase(), at: found.at(longest) }];
  });
  return hits
    .filter(
      ({ name }) => !hits.some((other) => other.name !== name && ` ${other.name} `.includes(` ${name} `)),
    )
    .sort((one, other) => other.name.length - one.name.length || one.at - other.at)
    .map(({ trade }) => trade);
}

export function moodsIn(text: string, tables: Tables): string[] {
  const found = lookup(text);
  return Object.entries(tables.words.moods).flatMap(([mood, words]) =>
    words.some((word) => found.has(word)) ? [mood] : [],
  );
}

export function peopleIn(text: string, tables: Tables): People[] {
  const found = lookup(text);
  return tables.people.filter(({ match }) => match.some((word) => found.has(word)));
}
