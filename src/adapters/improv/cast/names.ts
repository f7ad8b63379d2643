import { nameKey } from '#src/core/names.ts';
import { type Random, seeded } from '../random.ts';
import type { Culture, Tables } from '../tables.ts';
import { render } from './grammar.ts';

/** Somebody's name, with what can be told from it. */
export interface Named {
  readonly name: string;
  readonly given: string;
  readonly pronouns: string;
  readonly culture: Culture;
}

const PRONOUNS = ['she/her', 'he/him', 'they/them'] as const;

/** How often a new person is she, he, or they. */
const SHARE: Readonly<Record<string, number>> = { 'she/her': 45, 'he/him': 45, 'they/them': 10 };
/** Tries at a name whose first name and initial are new in the cast, before less is asked for. */
const TRIES = 40;

/** A name of that culture that nobody has; its first name, too, is new where the culture has one left. */
export function nameSomeone(wish: {
  readonly culture: Culture;
  readonly random: Random;
  readonly taken: readonly string[];
  readonly pronouns?: string | undefined;
  /** Of the family: this byname instead of one of the culture's. */
  readonly family?: string | undefined;
}): Named {
  const { culture, random } = wish;
  const taken = new Set(wish.taken.map(nameKey));
  const givenNames = new Set(wish.taken.map((name) => nameKey(name).split(' ')[0] ?? ''));
  const bynames = new Set(wish.taken.map((name) => nameKey(name).split(' ').slice(1).join(' ')));
  const initials = new Set(wish.taken.slice(0, 20).map((name) => nameKey(name).charAt(0)));
  const pronouns = wish.pronouns ?? random.weighted(PRONOUNS, (each) => SHARE[each] ?? 0);
  const own = pronouns.startsWith('she')
    ? culture.feminine
    : pronouns.startsWith('he')
      ? culture.masculine
      : culture.either;
  for (let attempt = 0; ; attempt += 1) {
    // A game master tells people apart by their first letters, so these differ as long as there are any left.
    const given = random.pick(attempt < TRIES * 2 ? own : [...own, ...culture.either]);
    if (attempt < TRIES && initials.has(nameKey(given).charAt(0))) continue;
    if (attempt < TRIES * 2 && givenNames.has(nameKey(given))) continue;
    const byname = wish.family ?? bynameOf(culture, random);
    // One byname means one family, which nobody asked for.
    if (attempt < TRIES && wish.family === undefined && bynames.has(nameKey(byname))) continue;
    const name =
      attempt < TRIES * 4 ? `${given} ${byname}` : `${given} ${byname} ${roman(attempt - TRIES * 4 + 2)}`;
    if (!taken.has(nameKey(name))) return { name, given, pronouns: pronounsOfName(name, culture), culture };
  }
}

function bynameOf(culture: Culture, random: Random): string {
  const part = (slot: string) => random.pick(culture.parts[slot] ?? []);
  const pattern = random.pick(culture.bynames).replace(/\{(\w+)\}/gu, (_, slot: string) => part(slot));
  const [one, two] = pattern.split('-');
  const byname = render(pattern, { self: { called: '', pronouns: '' }, people: {}, texts: {} }, random);
  // "Della Marea-Della Marea" says nothing that "Della Marea" does not.
  const joined = one !== undefined && one === two ? one : byname;
  return joined.charAt(0) === joined.charAt(0).toLowerCase()
    ? joined
    : joined.replace(/(?<=^\p{Lu}\p{Ll}+)\p{Lu}/u, (letter) => letter.toLowerCase());
}

function roman(value: number): string {
  const numerals: [number, string][] = [
    [50, 'L'],
    [40, 'XL'],
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ];
  const [size, numeral] = numerals.find(([worth]) => worth <= value) ?? [value, ''];
  return numeral === '' ? '' : numeral + roman(value - size);
}

/** Names that go with any pronouns say nothing by themselves: the whole name decides, always alike. */
function pronounsOfName(name: string, culture: Culture): string {
  const given = name.split(' ')[0] ?? name;
  if (culture.feminine.includes(given)) return 'she/her';
  if (culture.masculine.includes(given)) return 'he/him';
  return seeded(`pronouns|${name}`).weighted(PRONOUNS, (each) => (each === 'they/them' ? 2 : 1));
}

/** What can be told from a name that was given: its culture, if it is one of ours, and pronouns. */
export function readName(name: string, tables: Tables): Named | undefined {
  const given = name.split(' ')[0] ?? name;
  const culture = tables.cultures.find(({ feminine, masculine, either }) =>
    [feminine, masculine, either].some((list) => list.includes(given)),
  );
  return culture === undefined
    ? undefined
    : { name, given, culture, pronouns: pronounsOfName(name, culture) };
}
