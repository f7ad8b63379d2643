import {
  type CommandDeclaration,
  LONGEST_NPC_LIST_IN_CHARACTERS,
  type OptionSpec,
  type OptionValues,
} from './command.ts';
import { Refusal } from './errors.ts';
import { MAX_NAME_IN_CHARACTERS, nearestName } from './names.ts';
import { clip, withoutActingCharacters } from './text.ts';
import type { Audience } from './view.ts';

/** Names of files, as far as they are told of. */
const MAX_FILE_NAME_IN_CHARACTERS = 200;

/**
 * Checks what was given against the declaration, on every platform alike. Throws Refusal with one sentence on the
 * first thing that is wrong.
 */
export function checkOptions<O extends Readonly<Record<string, OptionSpec>>>(
  declaration: Pick<CommandDeclaration, 'name' | 'example'> & { readonly options: O },
  given: Readonly<Record<string, string>>,
): OptionValues<O> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(declaration.options, name));
  if (unknown !== undefined) throw new Refusal(unknownOption(declaration, unknown));
  const values = Object.entries(declaration.options).map(([name, spec]) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) return [name, checkOption(name, spec, value)] as const;
    if (!spec.required) return [name, undefined] as const;
    throw new Refusal(`/${declaration.name} needs ${name}. For example: ${declaration.example}`);
  });
  // Each value was made by `checkOption` from the spec of its name: a mapped type cannot follow that.
  return Object.fromEntries(values) as OptionValues<O>;
}

/** A platform's id and a name of the platform's length. */
const MAX_WHO_IN_CHARACTERS = 200;

/** Controls but tab and line ends, and marks that turn the reading direction. Other invisible ones are only left out. */
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u;

function checkOption(name: string, spec: OptionSpec, given: string): string | number | boolean {
  const value = withoutActingCharacters(given).trim();
  if (!given.isWellFormed() || CONTROLS.test(given)) {
    throw new Refusal(`${name} holds control characters, which cannot be used. Type it as plain text.`);
  }
  if (value === '')
    throw new Refusal(`${name} is empty. Give it a value${spec.required ? '' : ' or leave it out'}.`);
  switch (spec.kind) {
    case 'text':
      return checkLength(name, value, spec.maxLength);
    case 'npc':
      return checkLength(
        name,
        value.replace(/\s+/gu, ' '),
        spec.several === undefined ? MAX_NAME_IN_CHARACTERS : LONGEST_NPC_LIST_IN_CHARACTERS,
      );
    case 'who':
      return checkLength(name, value.replace(/\s+/gu, ' '), MAX_WHO_IN_CHARACTERS);
    case 'file':
      return clip(value, MAX_FILE_NAME_IN_CHARACTERS);
    case 'integer':
      return checkInteger(name, spec.min, spec.max, value);
    case 'flag':
    case 'choice':
      return checkChoice(name, spec, value);
  }
}

function checkLength(name: string, value: string, maxLength: number): string {
  const length = [...value].length;
  if (length <= maxLength) return value;
  throw new Refusal(
    `${name} is ${length.toLocaleString('en')} characters long and may have ${maxLength.toLocaleString('en')}. Shorten it.`,
  );
}

function checkInteger(name: string, min: number, max: number, value: string): number {
  const number = /^[+-]?\d{1,15}$/u.test(value) ? Number(value) : undefined;
  if (number !== undefined && number >= min && number <= max) return number === 0 ? 0 : number;
  throw new Refusal(`${name} is a whole number from ${min} to ${max}, not “${shown(value)}”.`);
}

const FLAG_WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['yes', true],
  ['no', false],
  ['on', true],
  ['off', false],
]);

/** Who sees the first answer to a command as it was given. */
export function answersTo(
  { answers, options }: Pick<CommandDeclaration, 'answers' | 'options'>,
  given: Readonly<Record<string, string>>,
): Audience {
  const isPrivate = Object.entries(options).some(([name, spec]) => {
    const value = Object.hasOwn(given, name) ? (given[name] ?? '') : '';
    return spec.kind === 'flag' && spec.isPrivate === true && FLAG_WORDS.get(value.toLowerCase()) === true;
  });
  return isPrivate ? 'asker' : answers;
}

export function fixedValues(spec: OptionSpec | undefined): readonly string[] {
  if (spec?.kind === 'choice') return spec.choices;
  return spec?.kind === 'flag' ? ['true', 'false'] : [];
}

function checkChoice(name: string, spec: OptionSpec, value: string): string | boolean {
  const key = value.toLowerCase();
  const choice =
    spec.kind === 'flag' ? FLAG_WORDS.get(key) : fixedValues(spec).find((each) => each.toLowerCase() === key);
  if (choice !== undefined) return choice;
  const nearest = nearestName(value, fixedValues(spec));
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new Refusal(`${name} is ${either(fixedValues(spec))}, not “${shown(value)}”.${meant}`);
}

export function unknownOption(
  declaration: Pick<CommandDeclaration, 'name' | 'options'>,
  typed: string,
): string {
  const names = Object.keys(declaration.options);
  const nearest = nearestName(typed, names);
  const help =
    nearest !== undefined
      ? `Did you mean ${nearest}?`
      : names.length === 0
        ? 'It takes none.'
        : `It takes ${names.join(', ')}.`;
  return `/${declaration.name} has no option ${shown(typed)}. ${help}`;
}

export function either(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** What was typed, as a sentence may repeat it. */
export function shown(typed: string): string {
  return clip(withoutActingCharacters(typed).replace(/\s+/gu, ' '), 40);
}
