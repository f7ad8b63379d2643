import type { CommandDeclaration, OptionSpec } from '#src/core/command.ts';
import { readCommand, type TypedCommand, type Unreadable } from '#src/core/command-syntax.ts';
import { MAX_FORM_FIELDS } from '#src/core/form.ts';
import { UMBRELLA } from './command-words.ts';
import { type KnownNames, readableText } from './incoming-text.ts';

export type Reading = TypedCommand | Unreadable;

/** Reads what somebody typed, were these all commands that there are. */
export type ReadAmong = (declarations: readonly CommandDeclaration[]) => Reading;

/**
 * Reads a slash command: what was typed after the slash, and the rest as Slack sent it, with people and groups that were
 * picked as `<@U1|bob>`.
 */
export function readSlashCommand(
  slash: string,
  rest: string,
  declarations: readonly CommandDeclaration[],
  names: KnownNames,
): Reading {
  const word = slash.replace(/^\//u, '').toLowerCase();
  const asksForHelp = /^\s*(?:help)?\s*$/iu.test(rest);
  if (asksForHelp && (word === UMBRELLA || (rest.trim() !== '' && !isCommand(word, declarations)))) {
    return { command: 'help', options: {} };
  }
  return readSlackText(word === UMBRELLA ? rest : `${word} ${rest}`, declarations, names);
}

/** Whether a word is a whole command, to which what follows is given. */
function isCommand(word: string, declarations: readonly CommandDeclaration[]): boolean {
  return declarations.some(({ name }) => name === word);
}

/** Reads a command in Slack's escaped text. */
export function readSlackText(
  text: string,
  declarations: readonly CommandDeclaration[],
  names: KnownNames,
): Reading {
  const read = readCommand(withStraightQuotes(text), declarations);
  if ('refusal' in read) return { ...read, refusal: readableText(read.refusal, names) };
  const specs = declarations.find(({ name }) => name === read.command)?.options ?? {};
  const options = Object.entries(read.options).map(([name, value]) => [
    name,
    optionText(specs[name], value, names),
  ]);
  return { command: read.command, options: Object.fromEntries(options) };
}

/**
 * The command that a mention of us begins with, since nothing can be typed with a slash inside threads. What only looks
 * like one is speech: "stop right there" said to an NPC, "npc" alone.
 */
export function commandOfMention(
  text: string,
  declarations: readonly CommandDeclaration[],
  names: KnownNames,
): Reading | undefined {
  const words = text.trim().split(/\s+/u);
  const hasSlash = words[0]?.startsWith('/') ?? false;
  const plain = words.map((word, at) => (at === 0 ? word.replace(/^\//u, '') : word).toLowerCase());
  const declaration = declarations.find(({ name }) =>
    name.split(' ').every((part, at) => part === plain[at]),
  );
  if (declaration === undefined) return hasSlash ? readSlackText(text, declarations, names) : undefined;
  const length = declaration.name.split(' ').length;
  const rest = words.slice(length);
  const looksMeant =
    hasSlash || length > 1 || rest.length === 0 || isGivenToCommand(rest, declaration.options);
  return looksMeant ? readSlackText(text, declarations, names) : undefined;
}

/** After a command of one word: a single value that the first option takes, or an option by its name. */
function isGivenToCommand(rest: readonly string[], options: CommandDeclaration['options']): boolean {
  const [value = ''] = rest.map((word) => word.toLowerCase());
  const [first] = Object.values(options);
  if (Object.keys(options).some((name) => value.startsWith(`${name}:`))) return true;
  if (first === undefined || rest.length !== 1) return false;
  return first.kind !== 'choice' || first.choices.includes(value);
}

function optionText(spec: OptionSpec | undefined, value: string, names: KnownNames): string {
  return (spec?.kind === 'who' ? whoOf(value, names) : undefined) ?? readableText(value, names);
}

/** A picked person or user group, as commands take it; undefined where a name was typed. */
function whoOf(value: string, names: KnownNames): string | undefined {
  const person = /^<@([A-Z0-9]+)(?:\|([^<>]*))?>$/u.exec(value.trim());
  if (person !== null) {
    const [, id = '', label = ''] = person;
    return `person:${id} ${names.person(id) ?? label}`.trimEnd();
  }
  const group = /^<!subteam\^([A-Z0-9]+)(?:\|@?([^<>]*))?>$/u.exec(value.trim());
  if (group === null) return undefined;
  const [, id = '', label = ''] = group;
  return `role:${id} ${label}`.trimEnd();
}

/** Slack's apps on the Mac set curly quotation marks: round a value they are meant as plain ones. */
function withStraightQuotes(text: string): string {
  return text.replace(/(?<=[\s:]|^)[“”]([^“”"]*)[“”](?=\s|$)/gu, '"$1"');
}

/** The option that takes a file handed in with a command; undefined where it takes none. */
export function fileOptionOf(
  command: string,
  declarations: readonly CommandDeclaration[],
): string | undefined {
  const specs = declarations.find(({ name }) => name === command)?.options ?? {};
  return Object.keys(specs).find((name) => specs[name]?.kind === 'file');
}

/**
 * What is not given of what a command needs.
 * @param handed the option that a file came for.
 */
export function missingOptions(
  typed: TypedCommand,
  declarations: readonly CommandDeclaration[],
  handed?: string,
): readonly string[] {
  const specs = declarations.find(({ name }) => name === typed.command)?.options ?? {};
  return Object.entries(specs).flatMap(([name, spec]) =>
    name !== handed && isMissing(name, spec, typed.options) ? [name] : [],
  );
}

function isMissing(name: string, spec: OptionSpec, given: TypedCommand['options']): boolean {
  const isGiven = Object.hasOwn(given, name);
  if (spec.kind !== 'file') return spec.required && !isGiven;
  // What is typed is no file.
  if (isGiven || spec.required) return true;
  return spec.insteadOf !== undefined && !Object.hasOwn(given, spec.insteadOf);
}

/** A command with more options than this, typed alone, is filled in. */
const MAX_TYPED_OPTIONS = 2;

/** The options to ask for in a form before the command can run; none where it can run as typed. */
export function optionsToAsk(
  typed: TypedCommand,
  declarations: readonly CommandDeclaration[],
): readonly string[] {
  const specs = declarations.find(({ name }) => name === typed.command)?.options ?? {};
  const missing = missingOptions(typed, declarations);
  const isAlone = Object.keys(typed.options).length === 0;
  const asks = missing.length > 0 || (isAlone && Object.keys(specs).length > MAX_TYPED_OPTIONS);
  if (!asks) return [];
  const others = Object.keys(specs).filter(
    (name) => !missing.includes(name) && !Object.hasOwn(typed.options, name),
  );
  return [...missing, ...others].slice(0, MAX_FORM_FIELDS);
}
