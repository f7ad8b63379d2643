import { Refusal } from '#src/core/errors.ts';
import { nearestName } from '#src/core/names.ts';
import type { StatBlock } from '#src/core/persona.ts';
import { ABILITIES } from '#src/core/persona.ts';

/** What can be set in a line, as sheets abbreviate it, with the key that it means. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ...ABILITIES.map((ability) => [ability, ability] as const),
  ['ac', 'armor_class'],
  ['armor_class', 'armor_class'],
  ['cr', 'challenge_rating'],
  ['challenge_rating', 'challenge_rating'],
  ['hp', 'hit_dice'],
  ['hit_dice', 'hit_dice'],
  ['speed', 'speed_in_feet'],
  ['speed_in_feet', 'speed_in_feet'],
  ['size', 'size'],
  ['type', 'creature_type'],
  ['creature_type', 'creature_type'],
  ['alignment', 'alignment'],
  ['saves', 'saving_throws'],
  ['saving_throws', 'saving_throws'],
  ['skills', 'skills'],
  ['languages', 'languages'],
]);
const LISTS: ReadonlySet<string> = new Set(['saving_throws', 'skills', 'languages']);
const NUMBERS: ReadonlySet<string> = new Set(['armor_class', 'challenge_rating', 'speed_in_feet']);

/**
 * A stat block with some of it set: `str=16 dex=12 hp=4d8 skills=stealth, perception`. Where there is none yet, the
 * rest is a commoner's; `none` takes it away. What comes out is yet to be validated.
 * @throws Refusal where nothing is set, or what is set is not known.
 */
export function editStatBlock(stat: StatBlock | undefined, text: string): unknown {
  if (text.trim().toLowerCase() === 'none') return undefined;
  const changed: Record<string, unknown> = { ...stat };
  const abilities: Record<string, unknown> = { ...stat?.abilities };
  for (const [word, typed] of assignmentsIn(text)) {
    const key = KEYS.get(word.toLowerCase());
    if (key === undefined) throw unknownKey(word);
    if (isAbility(key)) abilities[key] = numberOr(typed);
    else if (LISTS.has(key)) changed[key] = typed === 'none' ? [] : listed(typed);
    else changed[key] = NUMBERS.has(key) ? numberOr(typed) : typed;
  }
  return { ...changed, abilities };
}

/**
 * What stands on both sides of each "=". Several may share a line: a value ends where the word before the next "="
 * begins. Each character is looked at a fixed number of times, whatever the text.
 */
function assignmentsIn(text: string): readonly Assignment[] {
  const clauses = text.split(/[;\n]/u).map((clause) => withoutEndingCommas(clause.replace(/\s+/gu, ' ')));
  const assignments = clauses.filter((clause) => clause !== '').flatMap(assignmentsOfClause);
  if (assignments.length > 0 && assignments.every((parts) => parts.every((part) => part !== '')))
    return assignments;
  throw new Refusal(
    'A stat block is set like "str=16 ac=14 hp=4d8 cr=1/2 skills=stealth, perception"; "none" takes it away. Nothing was changed.',
  );
}

type Assignment = readonly [key: string, value: string];

function assignmentsOfClause(clause: string): Assignment[] {
  const [first = '', ...parts] = clause.split('=').map((part) => part.trim());
  if (parts.length === 0) return [[first, '']];
  let key = first;
  return parts.map((part, index) => {
    const end =
      index === parts.length - 1 ? part.length : Math.max(part.lastIndexOf(' '), part.lastIndexOf(',')) + 1;
    const assignment = [key, withoutEndingCommas(part.slice(0, end))] as const;
    key = part.slice(end);
    return assignment;
  });
}

function withoutEndingCommas(text: string): string {
  let end = text.length;
  while (end > 0 && ' ,'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function isAbility(key: string): boolean {
  return ABILITIES.some((ability) => ability === key);
}

function numberOr(typed: string): unknown {
  return /^-?\d+(?:\.\d+)?$/u.test(typed) ? Number(typed) : typed;
}

function listed(typed: string): string[] {
  return typed
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function unknownKey(word: string): Refusal {
  const guess = nearestName(word, [...KEYS.keys()]);
  const hint =
    guess === undefined ? `What can be set: ${[...KEYS.keys()].join(', ')}.` : `Did you mean ${guess}?`;
  return new Refusal(
    `That is nothing that a stat block has. ${hint} Actions are written in a file. Nothing was changed.`,
  );
}
