import { type CommandBody, OPTION, type OptionBody } from './command-limits.ts';
import { PERMISSION, permissionsIn } from './permissions.ts';
import type { ChannelRecord, UserRecord } from './records.ts';
import { toMember, toRole, toUser } from './wire.ts';
import type { World } from './world.ts';

const SLASH = 1;
const CONTEXT = { guild: 0, direct: 1 } as const;
const MAX_TEXT_IN_CHARACTERS = 6000;

export type OptionValues = Readonly<Record<string, string | number | boolean>>;

/** Who looks, and where. */
export interface Looker {
  readonly world: World;
  readonly user: UserRecord;
  readonly channel: ChannelRecord;
}

interface Given {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean;
  readonly focused?: boolean;
}

/** The commands that are there in a channel: the guild's own and those for everywhere, of all types. */
export function commandsIn({ world, channel }: Looker) {
  const guild = channel.guildId === undefined ? [] : (world.commands.get(channel.guildId) ?? []);
  const context = channel.guildId === undefined ? CONTEXT.direct : CONTEXT.guild;
  const everywhere = (world.commands.get('global') ?? []).filter(
    ({ contexts, dm_permission: inDirect }) =>
      contexts?.includes(context) ?? (context === CONTEXT.guild || inDirect !== false),
  );
  return [...guild, ...everywhere];
}

/** Names of the slash commands that somebody's client offers. */
export function offeredTo(looker: Looker): readonly string[] {
  return commandsIn(looker)
    .filter((each) => (each.type ?? SLASH) === SLASH && mayUse(looker, each))
    .map(({ name }) => name);
}

/** What a client sends for a slash command. @throws Error where it would not offer or send it. */
export function slashData(looker: Looker, command: string, values: OptionValues): object {
  const { registered, path, specs } = registeredAs(looker, command);
  for (const { name, required } of specs)
    if (required === true && values[name] === undefined) throw new Error(`/${command} needs ${name}`);
  const given = Object.entries(values).map(([name, value]) => {
    const spec = specs.find((each) => each.name === name);
    if (spec === undefined) throw new Error(`/${command} has no option ${name}`);
    return { name, type: spec.type, value: sendable(spec, value) };
  });
  return { ...dataOf(registered, path, given), ...resolved(looker, given) };
}

/** What a client sends while an option is typed. */
export function completionData(
  looker: Looker,
  command: string,
  typing: { readonly option: string; readonly typed: string; readonly others: OptionValues },
): object {
  const { registered, path, specs } = registeredAs(looker, command);
  const typeOf = (option: string) => specs.find(({ name }) => name === option);
  const spec = typeOf(typing.option);
  if (spec?.autocomplete !== true) throw new Error(`/${command} ${typing.option} offers nothing`);
  const others = Object.entries(typing.others).map(([name, value]) => ({
    name,
    type: typeOf(name)?.type ?? OPTION.string,
    value,
  }));
  return dataOf(registered, path, [
    ...others,
    { name: typing.option, type: spec.type, value: typing.typed, focused: true },
  ]);
}

function dataOf(
  { id, name }: { readonly id: string; readonly name: string },
  path: readonly string[],
  given: readonly Given[],
): object {
  return { id, name, type: SLASH, options: nested(path, given) };
}

function mayUse(
  { world, user, channel }: Looker,
  { default_member_permissions: needed }: CommandBody,
): boolean {
  if (needed == null || channel.guildId === undefined) return true;
  const has = permissionsIn(world.guild(channel.guildId), world.governing(channel), user.id);
  const bits = BigInt(needed);
  return (has & PERMISSION.Administrator) !== 0n || (bits !== 0n && (has & bits) === bits);
}

function registeredAs(looker: Looker, command: string) {
  const [first = '', ...path] = command.split(' ');
  const registered = commandsIn(looker).find(({ name, type }) => name === first && (type ?? SLASH) === SLASH);
  if (registered === undefined) throw new Error(`/${first} is not offered in #${looker.channel.name}`);
  if (!mayUse(looker, registered)) throw new Error(`/${first} is not offered to ${looker.user.name}`);
  const isNest = ({ type }: OptionBody) => type === OPTION.subcommand || type === OPTION.group;
  let specs: readonly OptionBody[] = registered.options ?? [];
  for (const part of path) {
    const inner = specs.find((each) => each.name === part && isNest(each));
    if (inner === undefined) throw new Error(`/${command} is not registered`);
    specs = inner.options ?? [];
  }
  if (specs.some(isNest)) throw new Error(`/${command} is a group`);
  return { registered, path, specs };
}

/** Options as they are sent: inside their subcommand, inside its group. */
function nested(path: readonly string[], given: readonly object[]): readonly object[] {
  const [first, ...rest] = path;
  if (first === undefined) return given;
  return [
    { name: first, type: rest.length > 0 ? OPTION.group : OPTION.subcommand, options: nested(rest, given) },
  ];
}

/** The people and roles that options name. */
function resolved({ world, channel }: Looker, given: readonly Given[]): object {
  const guild = channel.guildId === undefined ? undefined : world.guild(channel.guildId);
  const named = given
    .filter(({ type }) => [OPTION.user, OPTION.role, OPTION.mentionable].some((each) => each === type))
    .map(({ value }) => String(value));
  if (named.length === 0) return {};
  const users = named.flatMap((id) => world.users.get(id) ?? []);
  const members = users.flatMap(({ id }) => guild?.members.get(id) ?? []);
  const roles = named.flatMap((id) => guild?.roles.get(id) ?? []);
  return {
    resolved: {
      users: Object.fromEntries(users.map((user) => [user.id, toUser(user)])),
      members: Object.fromEntries(
        members.map((member) => [member.user.id, { ...toMember(member, false), permissions: '0' }]),
      ),
      roles: Object.fromEntries(roles.map((role, index) => [role.id, toRole(role, index + 1)])),
    },
  };
}

/** @throws Error where the client would not let somebody send this. */
function sendable(spec: OptionBody, value: string | number | boolean): string | number | boolean {
  const require = (holds: boolean, why: string) => {
    if (!holds) throw new Error(`${spec.name}: ${why}`);
  };
  if (spec.type === OPTION.integer) {
    require(typeof value === 'number' && Number.isInteger(value), 'not a whole number');
    require(Number(value) >= (spec.min_value ?? -Infinity) &&
      Number(value) <= (spec.max_value ?? Infinity), 'out of range');
  } else if (spec.type === OPTION.boolean) {
    require(typeof value === 'boolean', 'not true or false');
  } else {
    require(typeof value === 'string', 'not a text');
    const { length } = String(value);
    require(length <= (spec.max_length ?? MAX_TEXT_IN_CHARACTERS) &&
      length >= (spec.min_length ?? 0), 'too long or short');
    const choices = spec.choices ?? [];
    require(choices.length === 0 || choices.some((choice) => choice.value === value), 'no such choice');
  }
  return value;
}
