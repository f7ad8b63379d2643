import type { DraftTask } from '#src/core/model.ts';
import { type Random, seeded } from '../random.ts';
import { entryOf, type Tables, type Trade } from '../tables.ts';
import { readBrief } from './brief.ts';
import { lookup, tradesIn } from './lookup.ts';
import type { Notes } from './notes.ts';

/** The role that stands or is asked for, and the trade that it is nearest to. */
export function roleAsked(
  task: DraftTask,
  notes: Notes,
  tables: Tables,
): { role?: string; trade?: Trade | undefined } {
  const { keep, member, hint, prompt } = task;
  const planned = member?.role;
  if (keep.role !== undefined) return { role: keep.role, trade: tradeOfRole(keep.role, tables) };
  const wished = tradesIn(hint, tables)[0];
  if (wished !== undefined) return { trade: wished };
  if (planned !== undefined) return { role: planned, trade: tradeOfRole(planned, tables) };
  if (notes.role !== undefined)
    return { role: notes.role, trade: tradeOfRole(notes.role, tables) ?? tradesIn(task.notes, tables)[0] };
  const brief = readBrief(prompt, undefined, tables);
  const [only] = brief.roles;
  const named = only ?? plainRole(prompt, tables, brief.place !== undefined);
  if (named === undefined) {
    const trade = tradesIn(prompt, tables)[0] ?? tradesIn(task.notes, tables)[0];
    return (trade === undefined ? ownRole(prompt, tables) : undefined) ?? { trade };
  }
  return brief.place === undefined || /\b(?:of|in|at|on|aboard|under|near)\b/u.test(named.role)
    ? named.role.toLowerCase() === named.trade.title
      ? { trade: named.trade }
      : { role: withPlace(named.role, named.trade, task, tables), trade: named.trade }
    : { role: roleAt(named.role, brief.place.phrase), trade: named.trade };
}

/** "gruff dwarven barkeep", "captain of the guard": a prompt that is nothing but a role. */
function plainRole(
  prompt: string,
  tables: Tables,
  hasPlace: boolean,
): { role: string; trade: Trade } | undefined {
  const ends = hasPlace
    ? /[,.;\n]|\s(?:who|that|with|in|at|of|on|aboard|from)\s/u
    : /[,.;\n]|\s(?:who|that|with|in|at|on|aboard|from)\s/u;
  const head = prompt.trim().split(ends)[0]?.replace(ARTICLE, '') ?? '';
  const trade = tradesIn(head, tables)[0];
  return trade === undefined || head.length > 60 || head.split(' ').length > 5
    ? undefined
    : { role: head.trim(), trade };
}

const ARTICLE = /^(?:an?|the|one|some)\s+/iu;
/** Longer words are a story and no role. In characters. */
const ROLE_LIMIT = 60;

/** "a widow who sells candles": a role that no table has, in the words that it was asked for by. */
function ownRole(prompt: string, tables: Tables): { role: string; trade: Trade | undefined } | undefined {
  const role = (prompt.trim().split(/[,.;:\n]/u)[0] ?? '').replace(ARTICLE, '').trim();
  if (role === '' || role.length > ROLE_LIMIT) return undefined;
  const found = lookup(role);
  const [id] = Object.entries(tables.words.likely_trades).find(([, words]) => words.some(found.has)) ?? [];
  return { role, trade: tables.trades.find((trade) => trade.id === id) };
}

/** A role without a place gets one, so that two barkeeps are barkeeps of two taverns. */
function withPlace(role: string, trade: Trade, task: DraftTask, tables: Tables): string {
  if (/\s(?:of|in|at|on|aboard|under|near)\s/u.test(role)) return role;
  const random = seeded(`place|${task.seed}|${task.prompt}|${task.hint}`);
  return roleAt(role, random.pick(entryOf(tables.places, trade.home).names));
}

/** The trade of a planned role: the post's own, or one that the words name. */
export function tradeOfRole(role: string, tables: Tables): Trade | undefined {
  const posts = tables.circles.flatMap(({ posts, around }) => [...posts, ...around]);
  const post = posts
    .filter((each) => role.startsWith(`${each.role} `) && each.role !== each.trade)
    .reduce<(typeof posts)[number] | undefined>(
      (best, each) => (best === undefined || each.role.length > best.role.length ? each : best),
      undefined,
    );
  if (post !== undefined) {
    // "leader of the ferry keepers": a post of any group is of that group's trade.
    const group = role.slice(post.role.length);
    const isKnown = tables.circles.some(({ words }) => words.some((word) => lookup(group).has(word)));
    const isOfAny = entryOf(tables.circles, 'any').posts.some((each) => each.role === post.role);
    const trade = isOfAny && !isKnown ? tradesIn(group, tables)[0] : undefined;
    return trade ?? entryOf(tables.trades, post.trade);
  }
  const head = role.split(/\s(?:of|in|at|on|for|aboard|among)\s/u)[0] ?? role;
  return tradesIn(head, tables)[0] ?? tradesIn(role, tables)[0];
}

export function tradeFor(tags: readonly string[] | undefined, random: Random, tables: Tables): Trade {
  const local = tables.trades.filter(
    (trade) => tags === undefined || trade.tags.some((tag) => tags.includes(tag)),
  );
  return random.pick(local.length > 0 ? local : tables.trades);
}

/** A role with its place, unless it says the same again: "ferrywoman", not "ferrywoman in the ferry". */
export function roleAt(role: string, phrase: string): string {
  const place = (phrase.split(' ').at(-1) ?? '').toLowerCase().replace(/s$/u, '');
  const isSaid =
    place.length > 3 &&
    role
      .toLowerCase()
      .split(' ')
      .some((word) => word.startsWith(place));
  return isSaid ? role : `${role} ${phrase}`;
}

/** "ferrywoman / ferryman / ferry keeper", by pronouns. */
export function titleFor(titles: readonly string[], pronouns: string): string {
  const index = pronouns.startsWith('she') ? 0 : pronouns.startsWith('he') ? 1 : titles.length - 1;
  return titles[index] ?? titles[0] ?? '';
}

/** A role in the form that agrees with who got it: "ferryman of the salt docks". */
export function roleFor(role: string, pronouns: string, tables: Tables): string {
  for (const { title, titles } of tables.trades)
    if (titles.length > 1 && role.startsWith(title))
      return titleFor(titles, pronouns) + role.slice(title.length);
  return role;
}
