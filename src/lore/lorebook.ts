import { z } from 'zod';
import type { NewPassage } from '#src/core/lore.ts';
import { plainLine, withoutActingCharacters } from '#src/core/text.ts';

const MOST_ENTRIES = 2000;
const MOST_KEYS = 50;
const LONGEST_KEY_IN_CHARACTERS = 80;
const LONGEST_ENTRY_IN_CHARACTERS = 2000;

/** What was taken out of a lorebook, and what was left out and why, as sentences for the person. */
export interface ReadLorebook {
  readonly name: string;
  readonly passages: readonly NewPassage[];
  readonly leftOut: readonly string[];
}

const keys = z.array(z.unknown()).catch([]);
/** An entry of SillyTavern's world info (`key`, `keysecondary`, `disable`) or of a V2 or V3 book (`keys`, `enabled`). */
const entrySchema = z.object({
  key: keys.optional(),
  keys: keys.optional(),
  keysecondary: keys.optional(),
  secondary_keys: keys.optional(),
  selective: z.boolean().nullish().catch(undefined),
  content: z.string().catch(''),
  comment: z.string().nullish().catch(undefined),
  name: z.string().nullish().catch(undefined),
  disable: z.boolean().nullish().catch(undefined),
  enabled: z.boolean().nullish().catch(undefined),
  constant: z.boolean().nullish().catch(undefined),
  use_regex: z.boolean().nullish().catch(undefined),
});
const bookSchema = z.object({
  name: z.string().nullish().catch(undefined),
  entries: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
});

/**
 * Reads a lorebook: SillyTavern's world info, a V3 `lorebook_v3` file, or the book inside a V2 or V3 character card.
 * Undefined where the value is none of them. Keys that are patterns are never run: they are left out and told.
 */
export function readLorebook(value: unknown): ReadLorebook | undefined {
  const book = bookIn(value);
  if (book === undefined) return undefined;
  const entries = Array.isArray(book.entries) ? book.entries : Object.values(book.entries);
  const counts = {
    disabled: 0,
    empty: 0,
    patterns: 0,
    surplus: Math.max(0, entries.length - MOST_ENTRIES),
    cut: 0,
  };
  const passages: NewPassage[] = [];
  for (const each of entries.slice(0, MOST_ENTRIES)) {
    const entry = entrySchema.safeParse(each).data;
    const text = withoutActingCharacters(entry?.content ?? '').trim();
    if (entry === undefined || text === '') counts.empty += 1;
    else if (entry.disable === true || entry.enabled === false) counts.disabled += 1;
    else {
      const called = wordsIn(entry.keys ?? entry.key ?? [], entry.use_regex === true);
      const also = entry.selective === false ? [] : (entry.secondary_keys ?? entry.keysecondary ?? []);
      const second = wordsIn(also, entry.use_regex === true);
      counts.patterns += called.patterns + second.patterns;
      counts.cut += text.length > LONGEST_ENTRY_IN_CHARACTERS ? 1 : 0;
      // All its words were patterns: nothing could call it any more, so it is found by what it says.
      passages.push({
        heading: oneLine(entry.name ?? entry.comment ?? ''),
        text: text.slice(0, LONGEST_ENTRY_IN_CHARACTERS).replace(/[\uD800-\uDBFF]$/u, ''),
        keys: entry.constant === true ? [] : called.words,
        secondaryKeys: entry.constant === true || called.words.length === 0 ? [] : second.words,
      });
    }
  }
  return { name: oneLine(book.name ?? ''), passages, leftOut: sentencesAbout(counts) };
}

function bookIn(value: unknown): z.infer<typeof bookSchema> | undefined {
  const candidates = [
    value,
    propertyOf(value, 'data'),
    propertyOf(value, 'character_book'),
    propertyOf(propertyOf(value, 'data'), 'character_book'),
  ];
  for (const candidate of candidates) {
    const book = bookSchema.safeParse(candidate);
    if (book.success) return book.data;
  }
  return undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function wordsIn(given: readonly unknown[], arePatterns: boolean) {
  const texts = given
    .slice(0, MOST_KEYS)
    .filter((key) => typeof key === 'string')
    .map((key) => plainLine(key))
    .filter((key) => key !== '' && key.length <= LONGEST_KEY_IN_CHARACTERS);
  const words = arePatterns ? [] : texts.filter((key) => !/^\/.+\/[a-z]*$/u.test(key));
  return { words, patterns: texts.length - words.length };
}

function oneLine(text: string): string {
  return plainLine(text).slice(0, LONGEST_KEY_IN_CHARACTERS);
}

function sentencesAbout(counts: {
  readonly disabled: number;
  readonly empty: number;
  readonly patterns: number;
  readonly surplus: number;
  readonly cut: number;
}): readonly string[] {
  const told: readonly (readonly [number, string])[] = [
    [counts.disabled, 'switched off in the file'],
    [counts.empty, 'without text'],
    [counts.surplus, `beyond the ${MOST_ENTRIES.toLocaleString('en')} that a book may have`],
  ];
  return [
    ...told.filter(([count]) => count > 0).map(([count, why]) => `${entries(count)} left out: ${why}.`),
    ...(counts.patterns > 0
      ? [
          counts.patterns === 1
            ? '1 key is a pattern (a regular expression) and was left out: give plain words.'
            : `${counts.patterns} keys are patterns (regular expressions) and were left out: give plain words.`,
        ]
      : []),
    ...(counts.cut > 0
      ? [`${entries(counts.cut)} cut at ${LONGEST_ENTRY_IN_CHARACTERS.toLocaleString('en')} characters.`]
      : []),
  ];
}

function entries(count: number): string {
  return count === 1 ? '1 entry was' : `${count} entries were`;
}
