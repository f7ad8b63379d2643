import { z } from 'zod';
import { plainLine, withoutActingCharacters } from '#src/core/text.ts';
import { soughtKey } from './said.ts';

const MOST_KEYS = 50;
const LONGEST_KEY_IN_CHARACTERS = 80;

/** Words in a list, or in one text with commas between them. */
const keys = z
  .union([z.array(z.unknown()), z.string().transform((text): readonly unknown[] => text.split(','))])
  .nullish()
  .catch(undefined);
const flag = z.boolean().nullish().catch(undefined);
const number = z.number().nullish().catch(undefined);
const text = z.string().nullish().catch(undefined);

/** What SillyTavern knows of an entry and a card's format does not: in world info beside the rest, in a card under `extensions`. */
const ofSillyTavern = {
  /** 0: one of the second words; 1: not all of them; 2: none; 3: all. */
  selectiveLogic: number,
  /** In percent. */
  probability: number,
  useProbability: flag,
  delayUntilRecursion: z.union([z.boolean(), z.number()]).nullish().catch(undefined),
  delay_until_recursion: z.union([z.boolean(), z.number()]).nullish().catch(undefined),
  delay: number,
  cooldown: number,
  vectorized: flag,
  caseSensitive: flag,
  case_sensitive: flag,
  group: text,
};
const extensions = z.object(ofSillyTavern);
type Own = z.infer<typeof extensions>;

/** An entry of SillyTavern's world info (`key`, `keysecondary`, `disable`) or of a V2 or V3 book (`keys`, `enabled`). */
const entrySchema = z.object({
  ...ofSillyTavern,
  key: keys,
  keys,
  keysecondary: keys,
  secondary_keys: keys,
  selective: flag,
  content: z.string().catch(''),
  comment: text,
  name: text,
  disable: flag,
  enabled: flag,
  constant: flag,
  use_regex: flag,
  order: number,
  insertion_order: number,
  characterFilter: z
    .object({ names: z.array(z.unknown()).catch([]), tags: z.array(z.unknown()).catch([]) })
    .nullish()
    .catch(undefined),
  extensions: extensions.nullish().catch(undefined),
});

/** An entry that can come up here as its file wants it, and how it differs from that. */
export interface UsedEntry {
  readonly is: 'used';
  readonly name: string;
  /** What a person knows it by: its name, or the first word that calls it. */
  readonly label: string;
  readonly text: string;
  readonly keys: readonly string[];
  readonly secondaryKeys: readonly string[];
  /** Of two, the larger one goes first. */
  readonly order: number;
  /** Keys that were left out. */
  readonly patterns: number;
  readonly unusableKeys: number;
  /** How it comes up otherwise than written, as the end of a sentence. */
  readonly unlike: readonly string[];
}

/** One that would come up where its file does not want it, or cannot come up at all. */
export interface UnusedEntry {
  readonly is: 'unused';
  /** As of `UsedEntry`. */
  readonly label: string;
  /** "switched off in the file" */
  readonly why: string;
}

/** Where an entry is put in a prompt: nothing here depends on it. */
const PLACING = new Set(
  `depth instruct_depth reverse_depth reverse_instruct_depth role scan_depth instruct_scan_depth position
  ignore_on_max_context disable_ui_prompt keep_activate_after_match`.split(/\s+/u),
);

/** Reads an entry. What would come up more widely than it is written is not used. */
export function readEntry(value: unknown, options: { readonly character: string }): UsedEntry | UnusedEntry {
  const entry = entrySchema.safeParse(value).data;
  const name = nameOf(entry);
  const label = name || firstKeyOf(entry);
  const unused = (why: string): UnusedEntry => ({ is: 'unused', label, why });
  if (entry === undefined || entry.content.trim() === '') return unused('without text');
  if (entry.disable === true || entry.enabled === false) return unused('switched off in the file');
  const chance = own(entry, 'useProbability') === false ? 100 : (own(entry, 'probability') ?? 100);
  if (chance <= 0) return unused('its probability is 0');
  const { decorators, body } = decoratorsOf(withoutActingCharacters(entry.content));
  const why = conditionOf(entry) ?? decorators.map(unknownDecorator).find((each) => each !== undefined);
  if (why !== undefined) return unused(why);
  const filled = withoutMacros(body, options.character);
  if (filled === undefined)
    return unused('it holds a macro ({{char}} or the like): write in its place what it stands for');
  if (filled === '') return unused('without text');

  const arePatterns = entry.use_regex === true;
  const called = wordsIn(entry.keys ?? entry.key ?? [], arePatterns);
  const also = entry.selective === true ? (entry.secondary_keys ?? entry.keysecondary ?? []) : [];
  const second = wordsIn(also, arePatterns);
  const isConstant = entry.constant === true || decorators.includes('activate');
  const isFree = isConstant || (own(entry, 'vectorized') === true && called.count === 0);
  if (!isFree) {
    const hurdle = hurdleOf(own(entry, 'selectiveLogic') ?? 0, called, second);
    if (hurdle !== undefined) return unused(hurdle);
  }
  return {
    ...{ is: 'used', name, label, text: filled },
    keys: isFree ? [] : called.words,
    secondaryKeys: isFree ? [] : second.words,
    order: entry.insertion_order ?? entry.order ?? 0,
    patterns: isFree ? 0 : called.patterns + second.patterns,
    unusableKeys: isFree ? 0 : called.unusable + second.unusable,
    unlike: [
      ...(isConstant ? ['not always, but when what is said bears on it'] : []),
      ...(chance < 100 ? ['every time, whatever the probability'] : []),
      ...((own(entry, 'cooldown') ?? 0) > 0 ? ['again at once, without a cooldown'] : []),
      ...((own(entry, 'group') ?? '') === '' ? [] : ['beside others of the same group']),
    ],
  };
}

type Entry = z.infer<typeof entrySchema>;

function nameOf(entry: Entry | undefined): string {
  const given = plainLine(entry?.name ?? '') || plainLine(entry?.comment ?? '');
  return given.slice(0, LONGEST_KEY_IN_CHARACTERS);
}

function firstKeyOf(entry: Entry | undefined): string {
  const [key] = entry?.keys ?? entry?.key ?? [];
  return typeof key === 'string' ? plainLine(key) : '';
}

/** What SillyTavern says of an entry, in whichever of the two places. */
function own<Field extends keyof Own>(entry: Entry, field: Field): Own[Field] {
  return entry[field] ?? entry.extensions?.[field];
}

/** Why an entry waits for something that is not known here. */
function conditionOf(entry: Entry): string | undefined {
  if (own(entry, 'caseSensitive') === true || own(entry, 'case_sensitive') === true)
    return 'it tells capitals from small letters (case sensitive)';
  if (own(entry, 'delayUntilRecursion') || own(entry, 'delay_until_recursion'))
    return 'only other entries call it (recursion)';
  if ((own(entry, 'delay') ?? 0) > 0) return 'it waits for some messages (delay)';
  const { names = [], tags = [] } = entry.characterFilter ?? {};
  if (names.length + tags.length > 0) return 'it is for certain characters: hand it in by itself, with npcs:';
  return undefined;
}

function unknownDecorator(decorator: string): string | undefined {
  return decorator === 'activate' || PLACING.has(decorator)
    ? undefined
    : 'it has a condition that is not known here (a line with @@)';
}

/** The lines that begin with @@: what a V3 book says of an entry before its text. */
function decoratorsOf(content: string): { readonly decorators: readonly string[]; readonly body: string } {
  const lines = content.trimStart().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('@@'));
  const head = end < 0 ? lines : lines.slice(0, end);
  return {
    // A third @ marks what takes the place of a decorator that is not known.
    decorators: head
      .filter((line) => !line.startsWith('@@@'))
      .map((line) => line.slice(2).split(/\s/u, 1)[0] ?? ''),
    body: lines.slice(head.length).join('\n').trim(),
  };
}

/**
 * A text with the names that stand for somebody filled in. Undefined where it holds a macro that does more.
 * @param character whose book it is; empty where it is nobody's.
 */
function withoutMacros(body: string, character: string): string | undefined {
  const filled = body
    .replace(/\{\{\/\/[^{}]*\}\}/gu, '')
    .replace(/\{\{(?:trim|noop)\}\}/giu, '')
    .replace(/\{\{newline\}\}/giu, '\n')
    .replace(/\{\{user\}\}|<user>/giu, 'the player')
    .replace(/\{\{char\}\}|<char>|<bot>/giu, (macro) => (character === '' ? macro : character))
    .trim();
  return /\{\{[^{}]*\}\}|<char>|<bot>/iu.test(filled) ? undefined : filled;
}

interface Words {
  readonly words: readonly string[];
  /** Of those that were given. */
  readonly count: number;
  readonly patterns: number;
  readonly unusable: number;
}

function wordsIn(given: readonly unknown[], arePatterns: boolean): Words {
  const texts = given
    .filter((key) => typeof key === 'string')
    .map((key) => plainLine(key))
    .filter((key) => key !== '');
  const plain = arePatterns ? [] : texts.filter((key) => !/^\/.+\/[a-z]*$/u.test(key));
  const words = plain
    .filter((key) => key.length <= LONGEST_KEY_IN_CHARACTERS && soughtKey(key) !== undefined)
    .slice(0, MOST_KEYS);
  return {
    words,
    count: texts.length,
    patterns: texts.length - plain.length,
    unusable: plain.length - words.length,
  };
}

/** Why an entry would come up where it is not wanted, or nowhere. */
function hurdleOf(logic: number, called: Words, second: Words): string | undefined {
  if (called.count === 0) return 'it has no words that call it';
  if (called.words.length === 0)
    return called.patterns > 0
      ? 'all words that call it are patterns (regular expressions)'
      : 'none of its words can be said';
  if (second.count === 0) return undefined;
  if (logic === 1) return 'its second words must not all be said (NOT ALL)';
  if (logic === 2) return 'its second words must not be said (NOT ANY)';
  if (logic === 3 && second.count > 1) return 'all of its second words must be said (AND ALL)';
  return second.words.length === 0 ? 'all of its second words are patterns or cannot be said' : undefined;
}
