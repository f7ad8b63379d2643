import { setImmediate as nextTask } from 'node:timers/promises';
import { z } from 'zod';
import type { NewPassage } from '#src/core/lore.ts';
import { clip, plainLine } from '#src/core/text.ts';
import { readEntry, type UnusedEntry, type UsedEntry } from './lorebook-entry.ts';
import { cutText, PASSAGE_IN_CHARACTERS } from './passages.ts';

const MOST_ENTRIES = 2000;
const LONGEST_ENTRY_IN_CHARACTERS = 4000;
/** So many entries are cut before others get their turn. */
const CUT_AT_ONCE = 25;
const LONGEST_NAME_IN_CHARACTERS = 80;
/** So many entries are told by name of those that one sentence is about. */
const MOST_NAMED = 5;
const LONGEST_NAME_SHOWN_IN_CHARACTERS = 40;

/** The parts of an entry come up together, so that none need say again what another says. */
const SIZES = { passageInCharacters: PASSAGE_IN_CHARACTERS, overlapInCharacters: 0 };

/** What was taken out of a lorebook, and what was left out and why, as sentences for the person. */
export interface ReadLorebook {
  readonly name: string;
  readonly passages: readonly NewPassage[];
  readonly leftOut: readonly string[];
}

const bookSchema = z.object({
  name: z.string().nullish().catch(undefined),
  recursive_scanning: z.boolean().nullish().catch(undefined),
  entries: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
});

/**
 * Reads a lorebook: SillyTavern's world info, a V3 `lorebook_v3` file, or the book inside a V2 or V3 character card.
 * Undefined where the value is none of them. A long entry becomes several passages with the same keys. What cannot come
 * up here as it is written is left out and told: keys that are patterns are never run.
 */
export async function readLorebook(value: unknown): Promise<ReadLorebook | undefined> {
  const found = bookIn(value);
  if (found === undefined) return undefined;
  const { book, character } = found;
  const given = Array.isArray(book.entries) ? book.entries : Object.values(book.entries);
  const entries = given.slice(0, MOST_ENTRIES).map((entry) => readEntry(entry, { character }));
  const used = entries.filter((entry) => entry.is === 'used').sort((a, b) => b.order - a.order);
  const passages: NewPassage[] = [];
  for (const [at, entry] of used.entries()) {
    if (at % CUT_AT_ONCE === CUT_AT_ONCE - 1) await nextTask();
    passages.push(...passagesOfEntry(entry));
  }
  return {
    name: plainLine(book.name ?? '').slice(0, LONGEST_NAME_IN_CHARACTERS),
    passages,
    leftOut: [
      ...unusedSentences(entries.filter((entry) => entry.is === 'unused')),
      ...(given.length > MOST_ENTRIES
        ? [`${were(given.length - MOST_ENTRIES)} left out: beyond the 2,000 that a book may have.`]
        : []),
      ...usedSentences(used),
      ...(book.recursive_scanning === true
        ? ['Entries do not call one another here (recursion): only what is said calls them.']
        : []),
    ],
  };
}

function passagesOfEntry({ name, text, keys, secondaryKeys }: UsedEntry): readonly NewPassage[] {
  const whole = text.slice(0, LONGEST_ENTRY_IN_CHARACTERS).replace(/[\uD800-\uDBFF]$/u, '');
  return cutText(whole, SIZES).map((part) => ({ heading: name, text: part, keys, secondaryKeys }));
}

function bookIn(value: unknown) {
  const data = propertyOf(value, 'data');
  // A book inside a card is its character's.
  const books = [
    { book: value, character: '' },
    { book: data, character: '' },
    { book: propertyOf(value, 'character_book'), character: propertyOf(value, 'name') },
    { book: propertyOf(data, 'character_book'), character: propertyOf(data, 'name') },
  ];
  for (const { book, character } of books) {
    const parsed = bookSchema.safeParse(book);
    if (parsed.success)
      return {
        book: parsed.data,
        character:
          typeof character === 'string' ? plainLine(character).slice(0, LONGEST_NAME_IN_CHARACTERS) : '',
      };
  }
  return undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function unusedSentences(entries: readonly UnusedEntry[]): readonly string[] {
  return [...Map.groupBy(entries, ({ why }) => why)].map(
    ([why, all]) => `${were(all.length)} left out: ${why}${named(all)}.`,
  );
}

function usedSentences(entries: readonly UsedEntry[]): readonly string[] {
  const sum = (of: (entry: UsedEntry) => number) => entries.reduce((whole, entry) => whole + of(entry), 0);
  const patterns = sum((entry) => entry.patterns);
  const unusable = sum((entry) => entry.unusableKeys);
  const unlike = entries.flatMap((entry) => entry.unlike.map((how) => ({ how, label: entry.label })));
  const long = entries.filter(({ text }) => text.length > LONGEST_ENTRY_IN_CHARACTERS);
  return [
    ...[...Map.groupBy(unlike, ({ how }) => how)].map(
      ([how, all]) =>
        `${all.length === 1 ? '1 entry comes' : `${all.length} entries come`} up ${how}${named(all)}.`,
    ),
    ...(patterns === 0
      ? []
      : [
          patterns === 1
            ? '1 key is a pattern (a regular expression) and was left out: give plain words.'
            : `${patterns} keys are patterns (regular expressions) and were left out: give plain words.`,
        ]),
    ...(unusable === 0
      ? []
      : [
          `${unusable === 1 ? '1 key was' : `${unusable} keys were`} left out: without letters, too long, or more than an entry may have.`,
        ]),
    ...(long.length === 0
      ? []
      : [
          `${were(long.length)} cut at ${LONGEST_ENTRY_IN_CHARACTERS.toLocaleString('en')} characters${named(long)}.`,
        ]),
  ];
}

function were(count: number): string {
  return count === 1 ? '1 entry was' : `${count.toLocaleString('en')} entries were`;
}

/** ": “The bell”, “The toll” and 3 more", of those that have a label. */
function named(entries: readonly { readonly label: string }[]): string {
  const names = entries.map(({ label }) => label).filter((label) => label !== '');
  if (names.length === 0) return '';
  const shown = names
    .slice(0, MOST_NAMED)
    .map((name) => `“${clip(name, LONGEST_NAME_SHOWN_IN_CHARACTERS)}”`)
    .join(', ');
  const others = entries.length - Math.min(names.length, MOST_NAMED);
  return ` (${shown}${others === 0 ? '' : ` and ${others} more`})`;
}
