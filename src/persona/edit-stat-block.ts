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
  const assignments = [...text.matchAll(/(\w+)\s*=\s*([^=;\n]*?)\s*(?=[;\n]|$|[\s,]+\w+\s*=)/gu)];
  if (assignments.length === 0)
    throw new Refusal(
      'A stat block is set like "str=16 ac=14 hp=4d8 cr=1/2 skills=stealth, perception"; "none" takes it away. Nothing was changed.',
    );
  for (const [, word = '', typed = ''] of assignments) {
    const key = KEYS.get(word.toLowerCase());
    if (key === undefined) throw unknownKey(word);
    if (isAbility(key)) abilities[key] = numberOr(typed);
    else if (LISTS.has(key)) changed[key] = typed === 'none' ? [] : listed(typed);
    else changed[key] = NUMBERS.has(key) ? numberOr(typed) : typed;
  }
  return { ...changed, abilities };
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
