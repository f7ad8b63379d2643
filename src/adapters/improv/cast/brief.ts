import type { Circle, Culture, People, PlaceKind, Tables, Trade } from '../tables.ts';
import { entryOf } from '../tables.ts';
import { lookup, moodsIn, peopleIn, READ_LIMIT, tradesIn, type Word, wordsOf } from './lookup.ts';

/** A place as roles and sentences speak of it. */
export interface Place {
  readonly kind: PlaceKind;
  /** "the salt docks", with no preposition. */
  readonly text: string;
  /** With the preposition that goes before it: "of the salt docks", "at the Tin Heron". */
  readonly phrase: string;
}

export interface Group {
  /** In the game master's own words: "the dwarven smugglers". */
  readonly text: string;
  /** Undefined where no table knows such a group. */
  readonly circle: Circle | undefined;
}

/** What the tables can use of a game master's words. */
export interface Brief {
  readonly place: Place | undefined;
  readonly placeKind: PlaceKind | undefined;
  readonly group: Group | undefined;
  /** People asked for one by one: "a blacksmith, a corrupt priest and a spy". */
  readonly roles: readonly { readonly role: string; readonly trade: Trade }[];
  /** Of the group asked for: "one of them an informer". */
  readonly oneOfThem: readonly { readonly role: string; readonly trade: Trade }[];
  readonly trades: readonly Trade[];
  readonly people: readonly People[];
  readonly cultures: readonly Culture[];
  readonly moods: readonly string[];
  readonly isKin: boolean;
}

/** Longest name of a place or group that still fits into a role. In characters. */
const PHRASE_LIMIT = 52;

function culturesIn(text: string, people: readonly People[], tables: Tables): Culture[] {
  const byPeople = tables.cultures.filter(({ id }) => people.some((kind) => kind.cultures.includes(id)));
  if (byPeople.length > 0) return byPeople;
  const found = lookup(text);
  return tables.cultures.filter(({ hints }) => hints.some((hint) => found.has(hint)));
}

/** Reads what was asked for: a request's prompt, with its tone. */
export function readBrief(prompt: string, tone: string | undefined, tables: Tables): Brief {
  const words = wordsOf(prompt);
  const people = peopleIn(prompt, tables);
  const span = placeSpan(words, tables);
  const place = span === undefined ? undefined : placeOf(words, span, tables);
  const free = words.slice(0, span?.start ?? words.length);
  const found = groupIn(free.length > 0 ? free : words, tables);
  // "a goblin market" is the place; who is of it need not be said twice.
  const group = found !== undefined && free.length === 0 ? { ...found, text: '' } : found;
  return {
    place,
    placeKind: place?.kind ?? kindNamed(words, tables),
    group,
    roles: rolesIn(prompt, tables),
    oneOfThem: oneOfThemIn(prompt, tables),
    trades: tradesIn(free.map(({ raw }) => raw).join(' '), tables),
    people,
    cultures: culturesIn(prompt, people, tables),
    moods: moodsIn(`${prompt} ${tone ?? ''}`, tables),
    isKin: tables.words.kin.some((word) => lookup(prompt).has(word)),
  };
}

function kindOf({ key, raw }: Word, tables: Tables): PlaceKind | undefined {
  const known = tables.places.find(({ nouns }) => nouns.includes(key));
  if (known !== undefined || !/^\p{Lu}/u.test(raw)) return known;
  // "Thornwood", "Saltmarsh": a name that ends in what it is.
  return tables.places.find(({ nouns }) => nouns.some((noun) => noun.length > 3 && key.endsWith(noun)));
}

function kindNamed(words: readonly Word[], tables: Tables): PlaceKind | undefined {
  return words.map((word) => kindOf(word, tables)).find((kind) => kind !== undefined);
}

interface Span {
  /** Of its preposition, or of its first word where it has none. */
  readonly start: number;
  readonly preposition: string | undefined;
  readonly from: number;
  /** After its last word. */
  readonly to: number;
  readonly score: number;
}

/** Where in the prompt the place stands: "of the salt docks", "in Blackwater", "a busy fish market". */
function placeSpan(words: readonly Word[], tables: Tables): Span | undefined {
  const { prepositions, place_ends: ends, stop } = tables.words;
  const isCapital = (word: Word | undefined) => word !== undefined && /^\p{Lu}/u.test(word.raw);
  const spans: Span[] = [];
  for (const [start, word] of words.entries()) {
    if (word.ends || !prepositions.includes(word.key)) continue;
    let to = start + 1;
    for (let next = words[to]; next !== undefined && to - start < 12; next = words[to]) {
      if (ends.includes(next.key) && to > start + 1) break;
      if (prepositions.includes(next.key) && isWhen(words.slice(to + 1), tables)) break;
      to += 1;
      if (next.ends) break;
    }
    const inside = words.slice(start + 1, to);
    if (isWhen(inside, tables)) continue;
    const noun = inside.some((each) => kindOf(each, tables) !== undefined);
    const named = inside.some(isCapital);
    const isPlain =
      word.key !== 'of' &&
      word.key !== 'by' &&
      word.key !== 'from' &&
      /^(?:the|a|an)$/u.test(inside[0]?.key ?? '');
    const score = (noun ? 4 : 0) + (named ? 2 : 0) + (isPlain && inside.length <= 4 ? 1 : 0);
    if (score === 0 || inside.length === 0) continue;
    const before = words[start - 1];
    const isPartOfName =
      !noun &&
      word.key === 'of' &&
      before !== undefined &&
      !before.ends &&
      kindOf(before, tables) !== undefined;
    spans.push(
      isPartOfName
        ? {
            start: nounPhraseStart(words, start - 1, tables),
            preposition: undefined,
            from: nounPhraseStart(words, start - 1, tables),
            to,
            score,
          }
        : { start, preposition: word.key, from: start + 1, to, score },
    );
  }
  const best = spans.reduce<Span | undefined>(
    (top, span) => (top !== undefined && top.score >= span.score ? top : span),
    undefined,
  );
  if (best !== undefined) return best;
  // "a busy fish market": the noun ends the phrase, so it is the place itself and not what a group is called by.
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (kindOf(word, tables) === undefined) continue;
    if (next !== undefined && !word.ends && !stop.includes(next.key) && !ends.includes(next.key)) continue;
    const from = nounPhraseStart(words, index, tables);
    return { start: from, preposition: undefined, from, to: index + 1, score: 1 };
  }
  return undefined;
}

/** Where the words begin that belong to a noun: "a busy fish market". */
function nounPhraseStart(words: readonly Word[], noun: number, tables: Tables): number {
  const { stop, prepositions } = tables.words;
  let from = noun;
  for (let before = words[from - 1]; before !== undefined && noun - from < 3; before = words[from - 1]) {
    const isArticle = before.key === 'the' || before.key === 'a' || before.key === 'an';
    if (before.ends || prepositions.includes(before.key) || (stop.includes(before.key) && !isArticle)) break;
    from -= 1;
    if (isArticle) break;
  }
  return from;
}

function placeOf(words: readonly Word[], span: Span, tables: Tables): Place {
  const inside = words.slice(span.from, span.to);
  const kind =
    headKind(inside, tables) ??
    inside.map((word) => kindOf(word, tables)).find((found) => found !== undefined) ??
    ownKind(inside, tables) ??
    kindNamed(words, tables) ??
    homeKind(words, tables);
  const whole = definite(inside);
  const at = inside.findIndex(
    ({ key }, index) =>
      index > 0 &&
      tables.words.prepositions.includes(key) &&
      inside.slice(0, index).some((word) => kindOf(word, tables) !== undefined || /^\p{Lu}/u.test(word.raw)),
  );
  const short = at > 0 ? definite(inside.slice(0, at)) : whole;
  const text = whole.length <= PHRASE_LIMIT ? whole : short.slice(0, PHRASE_LIMIT);
  const said = span.preposition ?? (kind.instead_of_of === 'of' ? 'in' : kind.instead_of_of);
  const preposition = said === 'of' ? kind.instead_of_of : said;
  return { kind, text: short.length <= PHRASE_LIMIT ? short : text, phrase: `${preposition} ${text}` };
}

/** The words before the next preposition: "the docks" of "the docks under the cliff". */
function headOf(inside: readonly Word[], tables: Tables): readonly Word[] {
  const end = inside.findIndex(({ key }, index) => index > 0 && tables.words.prepositions.includes(key));
  return end < 0 ? inside : inside.slice(0, end);
}

/** Whether the words after a preposition say when: "on a stormy night", "at midnight". */
function isWhen(inside: readonly Word[], tables: Tables): boolean {
  const end = inside.findIndex(({ ends }) => ends);
  const head = headOf(end < 0 ? inside : inside.slice(0, end + 1), tables);
  return tables.words.times.includes(head.at(-1)?.key ?? '');
}

/** A mountain monastery is a monastery, but a harbour town is a harbour. */
function headKind(inside: readonly Word[], tables: Tables): PlaceKind | undefined {
  const known = headOf(inside, tables).filter((word) => kindOf(word, tables) !== undefined);
  const telling = known.filter(({ key }) => !tables.words.vague_places.includes(key));
  const head = telling.at(-1) ?? known.at(-1);
  return head === undefined ? undefined : kindOf(head, tables);
}

/** The kind of a place that has a name of ours. */
function ownKind(inside: readonly Word[], tables: Tables): PlaceKind | undefined {
  const said = inside.map(({ raw }) => raw).join(' ');
  return tables.places.find(({ names }) =>
    names.some((name) => name.replace(/^\S+ (?:the )?/u, '') === said),
  );
}

/** Where nothing says what a place is: the kind that its people are at home in, else a town with its streets. */
function homeKind(words: readonly Word[], tables: Tables): PlaceKind {
  const circle = tables.circles.find((each) => words.some(({ key }) => each.words.includes(key)));
  return tables.places.find(({ id }) => id === circle?.id) ?? entryOf(tables.places, 'city');
}

/** "a haunted marsh" → "the haunted marsh"; a name stays as it is. */
function definite(words: readonly Word[]): string {
  const [first, ...rest] = words.map(({ raw }) => raw);
  if (first === undefined) return '';
  const isDeterminer = /^(?:a|an|the|this|that|our|my|their|some|his|her|its)$/iu.test(first);
  if (isDeterminer && rest.length > 0) return `the ${rest.join(' ')}`;
  return /^\p{Lu}/u.test(first) ? [first, ...rest].join(' ') : `the ${[first, ...rest].join(' ')}`;
}

/** The group a prompt asks for: its noun, known to the tables or at least a plural, and the words before it. */
function groupIn(words: readonly Word[], tables: Tables): Group | undefined {
  const { stop, joiners } = tables.words;
  const circleOf = (key: string) => tables.circles.find((circle) => circle.words.includes(key));
  const candidates = words.flatMap(({ raw, key, ends }, index) => {
    if (stop.includes(key)) return [];
    const isPlural = /[^sui]s$/u.test(key) && key.length > 3;
    const circle = circleOf(key);
    const next = words[index + 1]?.key;
    const isLast =
      ends ||
      next === undefined ||
      next.endsWith('ing') ||
      [stop, tables.words.prepositions, tables.words.place_ends].some((list) => list.includes(next));
    if (!isLast || (joiners.includes(key) && circle === undefined) || (circle === undefined && !isPlural))
      return [];
    if (circle === undefined && kindOf({ raw, key, ends }, tables) !== undefined) return [];
    return [
      {
        index,
        circle,
        score: (circle === undefined ? 0 : 2) + (isPlural ? 2 : 0) - (joiners.includes(key) ? 1 : 0),
      },
    ];
  });
  const best = candidates.reduce<(typeof candidates)[number] | undefined>(
    (top, one) => (top !== undefined && top.score >= one.score ? top : one),
    undefined,
  );
  if (best === undefined) {
    const circle = words
      .map(({ key }) => (joiners.includes(key) ? undefined : circleOf(key)))
      .find((known) => known !== undefined);
    return circle === undefined ? undefined : { text: '', circle };
  }
  let from = best.index;
  for (
    let before = words[from - 1];
    before !== undefined && best.index - from < 3;
    before = words[from - 1]
  ) {
    if (before.ends || stop.includes(before.key) || joiners.includes(before.key) || /^\d/u.test(before.key))
      break;
    from -= 1;
  }
  const phrase = words.slice(from, best.index + 1).map(({ raw }) => raw);
  const text = `the ${phrase.join(' ')}`;
  const noun = words[best.index]?.key ?? '';
  const isMany = noun.endsWith('s') || /[^g]men$/u.test(noun) || tables.words.collectives.includes(noun);
  return { text: isMany && text.length <= PHRASE_LIMIT ? lowerFirst(text) : '', circle: best.circle };
}

function lowerFirst(text: string): string {
  return text.replace(/^the (\p{Lu})(?=\p{Ll})/u, (_, letter: string) => `the ${letter.toLowerCase()}`);
}

/** Somebody asked for by one of several, "a queen, her jester and her food taster", or of a group, "one of them a spy". */
const ASKED_FOR = /^\s*(?:an?|one|the|(?<whose>his|her|their))\s+(?<who>.+?)\s*$/iu;
const ONE_OF_THEM = /\bone of (?:them|whom|these) (?:is |being )?(?:secretly )?an?\s+/giu;

/** "a blacksmith, a corrupt priest and a spy": each with the trade it names, or is likely to live by. */
function rolesIn(prompt: string, tables: Tables): { role: string; trade: Trade }[] {
  const segments = prompt.slice(0, READ_LIMIT).split(/[,;.\n]|\band\b|\bplus\b/u);
  const asked = segments.flatMap((segment) => {
    const { who, whose } = ASKED_FOR.exec(segment)?.groups ?? {};
    return who === undefined ? [] : [{ ...roleOf(who), isSomebodys: whose !== undefined }];
  });
  const found = asked.map(({ role, head, isSomebodys }) => ({
    role,
    // The trade must be the last thing said, and one of it: "a gang of smugglers" is a group.
    trade: /[^su]s$/u.test(head)
      ? undefined
      : (tradesIn(lastWords(head), tables)[0] ?? (asked.length > 1 ? likelyTrade(head, tables) : undefined)),
    // "her food taster" is somebody's where others are asked for; "her tower" is none.
    isServant: isSomebodys && /[\p{Ll}-]{3}(?:er|or|ess)$/u.test(head) && !isPlace(head, tables),
  }));
  const hasOthers = found.some(({ trade }) => trade !== undefined);
  const servant = entryOf(tables.trades, 'servant');
  return found.flatMap(({ role, trade, isServant }) => {
    const itsTrade = trade ?? (hasOthers && isServant ? servant : undefined);
    return itsTrade !== undefined && role.length <= 60 ? [{ role, trade: itsTrade }] : [];
  });
}

/** "one of them an informer": each with the trade it names. */
function oneOfThemIn(prompt: string, tables: Tables): { role: string; trade: Trade }[] {
  const [, ...after] = prompt.slice(0, READ_LIMIT).split(ONE_OF_THEM);
  return after.flatMap((text) => {
    const { role, head } = roleOf(text.split(/[,;.\n]|\band\b|\bone of\b/u)[0] ?? '');
    const [trade] = tradesIn(lastWords(head), tables);
    return trade !== undefined && role.length <= 60 ? [{ role, trade }] : [];
  });
}

/** A role as it is asked for, and its noun with the words before it. */
function roleOf(whole: string): { readonly role: string; readonly head: string } {
  const told = whole.replace(
    /\s+(?:who|that|which|with|whose|from|having|on the run|called|named)\b.*$/iu,
    '',
  );
  const role = wordsOf(told)
    .map(({ raw }) => raw)
    .join(' ');
  return { role, head: role.replace(/\s+(?:of|in|at|on|aboard|under|near|for)\b.*$/iu, '') };
}

function lastWords(head: string): string {
  return head.split(' ').slice(-2).join(' ');
}

/** The trade that somebody is likely to live by whose role no trade knows, as "queen". */
function likelyTrade(head: string, tables: Tables): Trade | undefined {
  const found = lookup(head.split(' ').at(-1) ?? '');
  const [id] = Object.entries(tables.words.likely_trades).find(([, words]) => words.some(found.has)) ?? [];
  return tables.trades.find((trade) => trade.id === id);
}

function isPlace(head: string, tables: Tables): boolean {
  return wordsOf(head)
    .slice(-1)
    .some((word) => kindOf(word, tables) !== undefined);
}
