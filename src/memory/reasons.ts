import type { MemoryHit, MemoryUnit } from '#src/core/memory.ts';
import { fitOf } from './dates.ts';
import { reasonOf } from './named-times.ts';
import type { Question } from './question.ts';
import { subjectsOf, synonymsOf } from './related.ts';
import { contentOf, plainWords } from './words.ts';

const BESIDE = 'next to what was found';
const KIND_WORDS = { summary: 'a summary', gm: 'the game master’s word' } as const;

/**
 * Why a memory was found for a question, in words for people.
 * @param isMeant a model's vectors say that it is about the same.
 */
export function reasonsFor(
  { terms, named, periods, times }: Question,
  unit: MemoryUnit,
  isMeant: boolean,
): readonly string[] {
  const asked = new Set(terms.map(({ stem }) => stem));
  const synonyms = new Set(terms.flatMap(({ stem }) => synonymsOf(stem)));
  const subjects = new Set(terms.flatMap(({ stem }) => subjectsOf(stem)));
  const same = new Set<string>();
  const alike = new Set<string>();
  for (const { plain, stem } of contentOf(plainWords(unit.text)))
    if (asked.has(stem)) same.add(plain);
    else if (synonyms.has(stem) || subjectsOf(stem).some((each) => subjects.has(each))) alike.add(plain);
  const reasons: string[] = [];
  if (same.size > 0) reasons.push(`words: ${[...same].join(', ')}`);
  if (alike.size > 0) reasons.push(`like the words: ${[...alike].join(', ')}`);
  if (named.has(unit.speaker)) reasons.push(`said by ${unit.speaker}`);
  if (periods.some((period) => fitOf(period, unit.saidAtInMs) > 0)) reasons.push('said at that time');
  for (const time of times) if (time.fit(unit) > 0) reasons.push(reasonOf(time, unit));
  if (isMeant) reasons.push('means much the same');
  if (reasons.length === 0) reasons.push(BESIDE);
  if (unit.kind !== undefined) reasons.push(KIND_WORDS[unit.kind]);
  if (unit.tier !== undefined) reasons.push(`${unit.tier} memory`);
  return reasons;
}

/** Whether a memory was found for what was said around it alone. */
export function isBesideWhatWasFound({ reasons }: Pick<MemoryHit, 'reasons'>): boolean {
  return reasons.includes(BESIDE);
}
