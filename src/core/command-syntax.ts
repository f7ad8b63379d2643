import type { CommandDeclaration } from './command.ts';
import { either, fixedValues, shown, unknownOption } from './command-options.ts';
import { MAX_NAME_IN_CHARACTERS, nearestName } from './names.ts';

/** A command as it was typed: not yet checked against what its options allow. */
export interface TypedCommand {
  /** Full name: "npc generate". */
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Why a typed command cannot be read; `isUnknown`: there is none of that name. */
export interface Unreadable {
  readonly refusal: string;
  readonly isUnknown?: true;
}

/**
 * Reads a typed command, with or without its slash: `/npc generate count:3 prompt:smugglers of the salt docks`. A value
 * runs up to the next option name of that command, or stands in quotation marks; text before any option name is the
 * value of the first option. Never throws: what cannot be read comes back as one sentence for the person.
 */
export function readCommand(
  text: string,
  declarations: readonly CommandDeclaration[],
): TypedCommand | Unreadable {
  const found = findCommand(text, declarations);
  if (found === undefined) return { refusal: unknownCommand(text, declarations), isUnknown: true };
  const { declaration } = found;
  const names = Object.keys(declaration.options);
  const slots = findSlots(text, found.restAt, names);
  const options = new Map<string, string>();
  for (const slot of slots) {
    const raw = text.slice(slot.from, slot.to);
    if (raw.startsWith('"') && closingQuote(raw, 0) === undefined) {
      return {
        refusal:
          'A quotation mark is opened and never closed. Close it at the end of the value, or leave it out.',
      };
    }
    if (slot.option === undefined) {
      return { refusal: `/${declaration.name} takes nothing more. Type it alone.` };
    }
    const misspelled = slot.isNamed ? undefined : misspelledOption(raw, names);
    if (misspelled !== undefined) return { refusal: unknownOption(declaration, misspelled) };
    if (options.has(slot.option)) return { refusal: givenTwice(declaration, slot.option, text, slots) };
    options.set(slot.option, slot.isQuoted ? unquoted(raw) : raw);
  }
  return { command: declaration.name, options: Object.fromEntries(options) };
}

/** Writes a command as it can be typed, so that `readCommand` reads the same; options in their declared order. */
export function writeCommand(typed: TypedCommand, declarations: readonly CommandDeclaration[]): string {
  const declared = declarations.find(({ name }) => name === typed.command)?.options ?? {};
  const [first] = Object.keys(declared);
  const names = Object.keys(declared).filter((name) => Object.hasOwn(typed.options, name));
  const words = names.map((name) => {
    const value = quoted(typed.options[name] ?? '');
    // A name needs no "npc:" before it; a bare number would leave a reader guessing.
    return name === first && declared[name]?.kind === 'npc' ? value : `${name}:${value}`;
  });
  return [`/${typed.command}`, ...words].join(' ');
}

/** A value as it stands in a typed command: in quotation marks where it would be misread without. */
export function quoted(value: string): string {
  const isSafe = value !== '' && value.trim() === value && !/^["']|:/u.test(value);
  return isSafe ? value : `"${value.replace(/["\\]/gu, '\\$&')}"`;
}

/** What may follow at the end of a text that is being typed. Positions count from the start of that text. */
export interface Completions {
  /** Command names, option names and fixed values; each may stand in place of the text from `wordsFrom` on. */
  readonly words: readonly string[];
  readonly wordsFrom: number;
  /** The option whose value is being typed where only the inside knows its values: replace from `from` on. */
  readonly value:
    | { readonly command: string; readonly option: string; readonly typed: string; readonly from: number }
    | undefined;
}

/** What Tab may complete at the end of `text`. */
export function completions(text: string, declarations: readonly CommandDeclaration[]): Completions {
  const found = findCommand(text, declarations);
  if (found === undefined || found.restAt === text.length) return nameCompletions(text, declarations);
  const { declaration, restAt } = found;
  const names = Object.keys(declaration.options);
  const slots = findSlots(text, restAt, names);
  const used = new Set(slots.map(({ option }) => option));
  const word = /[^\s"':]*$/u.exec(text.slice(-MAX_NAME_IN_CHARACTERS))?.[0] ?? '';
  const wordsFrom = text.length - word.length;
  const last = slots.at(-1) ?? { option: names[0], from: text.length, isNamed: false, isQuoted: false };
  // A bare value that is only this one word may also be an option's name in the making, its own included.
  if (!last.isNamed && last.from >= wordsFrom) used.delete(last.option);
  const startsOption = /\s/u.test(text.charAt(wordsFrom - 1));
  const optionNames = startsOption ? names.filter((name) => !used.has(name) && startsAlike(name, word)) : [];
  const { option, from } = last;
  const spec = option === undefined || last.isQuoted ? undefined : declaration.options[option];
  const fixed = from === wordsFrom ? fixedValues(spec).filter((value) => startsAlike(value, word)) : [];
  return {
    words: [...fixed.map((value) => `${value} `), ...optionNames.map((name) => `${name}:`)],
    wordsFrom,
    value:
      option !== undefined && (spec?.kind === 'npc' || spec?.kind === 'text')
        ? { command: declaration.name, option, typed: text.slice(from).replace(/^["']/u, ''), from }
        : undefined,
  };
}

interface Slot {
  /** Undefined: text that belongs to no option. */
  readonly option: string | undefined;
  readonly isNamed: boolean;
  readonly isQuoted: boolean;
  /** Where the value stands, with its quotation marks. */
  readonly from: number;
  readonly to: number;
}

/** The values in a command's text, in order. Text that is not named belongs to the first option. */
function findSlots(text: string, restAt: number, names: readonly string[]): readonly Slot[] {
  const slots: Slot[] = [];
  let at = restAt;
  let option = names[0];
  let isNamed = false;
  for (;;) {
    const from = skipSpace(text, at);
    const close = closingQuote(text, from);
    const isQuoted = close !== undefined && endsHere(text, close + 1, names);
    const next = nextOption(text, isQuoted ? close + 1 : from, names);
    const to = isQuoted ? close + 1 : from + text.slice(from, next?.at).trimEnd().length;
    if (isNamed || to > from) slots.push({ option, isNamed, isQuoted, from, to });
    if (next === undefined) return slots;
    option = next.name;
    at = next.valueAt;
    isNamed = true;
  }
}

interface OptionMark {
  readonly name: string;
  readonly at: number;
  readonly valueAt: number;
}

/** The next name of an option, at the start of a word and followed by a colon. */
function nextOption(text: string, from: number, names: readonly string[]): OptionMark | undefined {
  const marks = /(?<=\s)([\p{L}\p{N}-]+):/gu;
  marks.lastIndex = from;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const name = found[1]?.toLowerCase() ?? '';
    if (names.includes(name)) return { name, at: found.index, valueAt: marks.lastIndex };
  }
  return undefined;
}

/** Where the quotation that opens at `from` closes; undefined where none opens or it stays open. */
function closingQuote(text: string, from: number): number | undefined {
  const quote = text.charAt(from);
  if (quote !== '"' && quote !== "'") return undefined;
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

/** Whether a value may end here: the text ends, or the next option follows. `'tis the sailors' tale` goes on. */
function endsHere(text: string, at: number, names: readonly string[]): boolean {
  const next = skipSpace(text, at);
  return next === text.length || (next > at && nextOption(text, next, names)?.at === next);
}

function unquoted(raw: string): string {
  return raw.slice(1, -1).replace(/\\(["'\\])/gu, '$1');
}

function skipSpace(text: string, from: number): number {
  return text.length - text.slice(from).trimStart().length;
}

/** The longest command whose words begin the text, and where they end. */
function findCommand(
  text: string,
  declarations: readonly CommandDeclaration[],
): { readonly declaration: CommandDeclaration; readonly restAt: number } | undefined {
  return declarations
    .flatMap((declaration) => {
      const restAt = afterWords(text, declaration.name);
      return restAt === undefined ? [] : [{ declaration, restAt }];
    })
    .toSorted((a, b) => b.restAt - a.restAt)[0];
}

function afterWords(text: string, name: string): number | undefined {
  let at = nameStart(text);
  for (const word of name.split(' ')) {
    const typed = /\s*(\S*)/uy;
    typed.lastIndex = at;
    if (typed.exec(text)?.[1]?.toLowerCase() !== word) return undefined;
    at = typed.lastIndex;
  }
  return at;
}

function nameStart(text: string): number {
  return /^\s*\/?/u.exec(text)?.[0].length ?? 0;
}

function nameCompletions(text: string, declarations: readonly CommandDeclaration[]): Completions {
  const from = nameStart(text);
  const typed = text.slice(from).toLowerCase().replace(/\s+/gu, ' ');
  const depth = typed.split(' ').length;
  const words = declarations
    .map(({ name }) => `${name.split(' ').slice(0, depth).join(' ')} `)
    .filter((name) => name.startsWith(typed));
  return { words: [...new Set(words)], wordsFrom: from, value: undefined };
}

function unknownCommand(text: string, declarations: readonly CommandDeclaration[]): string {
  const words = text.slice(nameStart(text)).trim().toLowerCase().split(/\s+/u);
  const [head = ''] = words;
  const names = declarations.map(({ name }) => name);
  const heads = [...new Set(names.map((name) => name.split(' ')[0] ?? ''))];
  if (head === '') return `A command is missing after the slash: ${slashed(heads)}.`;
  const group = groupOf(words, names);
  if (group !== undefined) {
    const list = `/${group.name} goes with ${either(group.rest)}.`;
    const next = words[group.depth];
    if (next === undefined) return list;
    const nearest = nearestName(next, group.rest);
    const help = nearest === undefined ? list : `Did you mean /${group.name} ${nearest}?`;
    return `There is no command /${group.name} ${shown(next)}. ${help}`;
  }
  if (WHISPERING.has(head)) {
    const who = names.includes('npc dismiss') ? ': first take off stage who should not, by /npc dismiss' : '';
    return `There is no command /${shown(head)}. Everyone on stage hears what is said${who}.`;
  }
  const [, second] = words;
  const nearest =
    (second === undefined ? undefined : nearestName(`${head} ${second}`, names)) ??
    nearestName(head, [...heads, ...names]);
  const help = nearest === undefined ? `There are ${slashed(heads)}.` : `Did you mean /${nearest}?`;
  return `There is no command /${shown(head)}. ${help}`;
}

/** What other tables have for a word to one alone; at ours a line is witnessed by all who are there. */
const WHISPERING = new Set(['whisper', 'w', 'msg', 'tell', 'pm']);

/** No command has more words. */
const MOST_WORDS = 3;

/** The longest beginning of what was typed with which commands begin: "campaign gm", and what it goes with. */
function groupOf(
  words: readonly string[],
  names: readonly string[],
): { readonly name: string; readonly depth: number; readonly rest: readonly string[] } | undefined {
  for (let depth = Math.min(words.length, MOST_WORDS); depth > 0; depth -= 1) {
    const name = words.slice(0, depth).join(' ');
    const rest = names
      .filter((each) => each.startsWith(`${name} `))
      .map((each) => each.slice(name.length + 1));
    if (rest.length > 0) return { name, depth, rest };
  }
  return undefined;
}

/** Where the first option takes what stands in front, and is named too: `name:Old Tom notes:…` names one that there is not. */
function givenTwice(
  declaration: CommandDeclaration,
  option: string,
  text: string,
  slots: readonly Slot[],
): string {
  const inFront = slots.find((slot) => slot.option === option && !slot.isNamed);
  const named = inFront && /^([\p{L}\p{N}-]+):/u.exec(text.slice(inFront.from, inFront.to))?.[1];
  return named === undefined ? `${option} is given twice. Give it once.` : unknownOption(declaration, named);
}

/** `cuont:3` in front of everything is no value of the first option but a slip. */
function misspelledOption(raw: string, names: readonly string[]): string | undefined {
  const typed = /^([\p{L}\p{N}-]+):/u.exec(raw)?.[1];
  return typed !== undefined && nearestName(typed, names) !== undefined ? typed : undefined;
}

function startsAlike(whole: string, typed: string): boolean {
  return whole.toLowerCase().startsWith(typed.toLowerCase());
}

function slashed(names: readonly string[]): string {
  return names.map((name) => `/${name}`).join(', ');
}
