import type { Age, Tables } from '../tables.ts';
import { lookup } from './lookup.ts';

/** From the youngest. */
export const AGES: readonly Age[] = ['young', 'grown', 'middle', 'old'];

/** The age that words speak of, if any. */
export function ageIn(text: string, tables: Tables): Age | undefined {
  const found = lookup(text);
  const years = /\b(\d{2,3})\b(?=[\s-]*(?:years?|yrs?|year-old|y\/o|,|\.|$))/iu.exec(text)?.[1];
  if (years !== undefined) {
    const value = Number(years);
    return value < 27 ? 'young' : value < 45 ? 'grown' : value < 60 ? 'middle' : 'old';
  }
  return AGES.find((age) => tables.words.ages[age].some((word) => found.has(word)));
}

/** The age that ties speak of, seen from the one who has them. */
export function ageInTies(ties: readonly string[], tables: Tables): Age | undefined {
  const { old, young } = tables.words.tie_ages;
  const begins = (starts: readonly string[]) =>
    ties.some((tie) => starts.some((start) => tie.startsWith(start)));
  return begins(young) ? 'young' : begins(old) ? 'old' : undefined;
}

/** The pronouns that words speak of: "a woman", "widow", "they". Undefined where they speak of none. */
export function pronounsIn(text: string, tables: Tables): string | undefined {
  const found = lookup(text);
  const hits = Object.entries(tables.words.pronouns).flatMap(([pronouns, words]) => {
    const places = words.map((word) => found.at(word)).filter((place) => place >= 0);
    return places.length === 0 ? [] : [{ pronouns, at: Math.min(...places) }];
  });
  return hits.sort((one, other) => one.at - other.at)[0]?.pronouns;
}
