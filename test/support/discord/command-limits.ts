/** An application command, or one of its options, as it is registered. */
export interface CommandBody {
  readonly id?: string;
  readonly name: string;
  readonly type?: number | null;
  readonly description?: string | null;
  readonly options?: readonly OptionBody[] | null;
  readonly default_member_permissions?: string | null;
  readonly contexts?: readonly number[] | null;
  readonly dm_permission?: boolean | null;
}
export interface OptionBody {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly required?: boolean | null;
  readonly autocomplete?: boolean | null;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[] | null;
  readonly options?: readonly OptionBody[] | null;
  readonly min_value?: number | null;
  readonly max_value?: number | null;
  readonly min_length?: number | null;
  readonly max_length?: number | null;
}

export const OPTION = {
  subcommand: 1,
  group: 2,
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
} as const;
const SLASH = 1;
const MAX_OF_TYPE: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };
const MAX_OPTIONS = 25;
const MAX_CHOICES = 25;
const MAX_DESCRIPTION_IN_CHARACTERS = 100;
const MAX_IN_ALL_IN_CHARACTERS = 8000;
const MAX_TEXT_OPTION_IN_CHARACTERS = 6000;
const NAME = /^[-_'\p{L}\p{N}\p{Script=Devanagari}\p{Script=Thai}]{1,32}$/u;

/** Why Discord would refuse this set of commands of one scope; empty: it would not. */
export function faultsOfCommands(commands: readonly CommandBody[]): readonly string[] {
  const keys = commands.map(({ type, name }) => `${type ?? SLASH} ${name}`);
  const faults = commands.flatMap(faultsOfCommand);
  if (new Set(keys).size < keys.length) faults.push('two commands of one type have one name');
  for (const [type, most] of Object.entries(MAX_OF_TYPE)) {
    const count = commands.filter((each) => String(each.type ?? SLASH) === type).length;
    if (count > most) faults.push(`at most ${most} commands of type ${type}, not ${count}`);
  }
  return faults;
}

function faultsOfCommand(command: CommandBody): readonly string[] {
  const { name, description, options } = command;
  if ((command.type ?? SLASH) !== SLASH) {
    const isFine =
      name.length >= 1 && name.length <= 32 && (description ?? '') === '' && (options ?? []).length === 0;
    return isFine ? [] : [`${name}: a menu command has a name of 1 to 32 characters and nothing else`];
  }
  const faults = [...faultsOfName(name, description ?? ''), ...faultsOfOptions(name, options ?? [])];
  const length = lengthOf(command);
  if (length > MAX_IN_ALL_IN_CHARACTERS) faults.push(`${name}: ${length} characters in all`);
  return faults;
}

function faultsOfName(name: string, description: string): string[] {
  const faults: string[] = [];
  if (!NAME.test(name) || name !== name.toLowerCase())
    faults.push(`${name}: not a name of a command or option`);
  if (description.length < 1 || description.length > MAX_DESCRIPTION_IN_CHARACTERS)
    faults.push(`${name}: a description of 1 to ${MAX_DESCRIPTION_IN_CHARACTERS} characters`);
  return faults;
}

function faultsOfOptions(path: string, options: readonly OptionBody[]): readonly string[] {
  const faults: string[] = [];
  const names = options.map(({ name }) => name);
  const isNested = (type: number) => type === OPTION.subcommand || type === OPTION.group;
  if (options.length > MAX_OPTIONS) faults.push(`${path}: at most ${MAX_OPTIONS} options`);
  if (new Set(names).size < names.length) faults.push(`${path}: two options have one name`);
  if (options.some(({ type }) => isNested(type)) && !options.every(({ type }) => isNested(type)))
    faults.push(`${path}: subcommands stand beside options`);
  const firstOptional = options.findIndex(({ type, required }) => !isNested(type) && required !== true);
  if (firstOptional >= 0 && options.slice(firstOptional).some(({ required }) => required === true))
    faults.push(`${path}: required options come first`);
  for (const option of options) {
    const here = `${path} ${option.name}`;
    faults.push(...faultsOfName(option.name, option.description));
    if (
      option.type === OPTION.group &&
      option.options?.some(({ type }) => type !== OPTION.subcommand) === true
    )
      faults.push(`${here}: a group holds subcommands alone`);
    if (isNested(option.type)) faults.push(...faultsOfOptions(here, option.options ?? []));
    else faults.push(...faultsOfValue(here, option));
  }
  return faults;
}

function faultsOfValue(path: string, option: OptionBody): readonly string[] {
  const faults: string[] = [];
  const choices = option.choices ?? [];
  if (choices.length > MAX_CHOICES) faults.push(`${path}: at most ${MAX_CHOICES} choices`);
  if (choices.length > 0 && option.autocomplete === true)
    faults.push(`${path}: choices or completion, not both`);
  for (const { name, value } of choices)
    if (name.length < 1 || name.length > 100 || String(value).length > 100)
      faults.push(`${path}: a choice is too long`);
  if ((option.min_value ?? -Infinity) > (option.max_value ?? Infinity)) faults.push(`${path}: min over max`);
  if ((option.max_length ?? 1) < 1 || (option.max_length ?? 1) > MAX_TEXT_OPTION_IN_CHARACTERS)
    faults.push(`${path}: max_length 1 to ${MAX_TEXT_OPTION_IN_CHARACTERS}`);
  return faults;
}

function lengthOf({
  name,
  description,
  options,
}: Pick<CommandBody, 'name' | 'description' | 'options'>): number {
  const own = name.length + (description ?? '').length;
  return (options ?? []).reduce((sum, option) => {
    const choices = (option.choices ?? []).reduce(
      (all, each) => all + each.name.length + String(each.value).length,
      0,
    );
    return sum + lengthOf(option) + choices;
  }, own);
}
