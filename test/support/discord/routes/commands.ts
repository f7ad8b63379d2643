import { type CommandBody, faultsOfCommands } from '../command-limits.ts';
import { fault } from '../errors.ts';
import type { World } from '../world.ts';
import { type Asked, NOTHING, ok, type Route, route } from './route.ts';

const CREATES_A_DAY = 200;
const SLASH = 1;

/** Registering application commands, for all guilds or one. */
export function commandRoutes(): readonly Route[] {
  const one = '/applications/{application_id}/commands';
  const guilds = '/applications/{application_id}/guilds/{guild_id}/commands';
  return [one, guilds].flatMap((path) => [
    route('GET', path, ({ world, ...asked }) =>
      ok(list(world, scopeOf(world, asked)).map((each) => shown(world, each))),
    ),
    route('PUT', path, ({ world, ...asked }) => {
      const scope = scopeOf(world, asked);
      const bodies = asked.body as readonly CommandBody[];
      const known = list(world, scope);
      const next = bodies.map((body) => {
        const before = known.find((each) => keyOf(each) === keyOf(body));
        return made(world, body, before?.id);
      });
      accept(world, scope, next);
      return ok(next.map((each) => shown(world, each)));
    }),
    route('POST', path, ({ world, ...asked }) => {
      const scope = scopeOf(world, asked);
      const body = asked.body as CommandBody;
      const known = list(world, scope);
      const before = known.find((each) => keyOf(each) === keyOf(body));
      const command = made(world, body, before?.id);
      accept(world, scope, [...known.filter((each) => each !== before), command]);
      return { status: before === undefined ? 201 : 200, body: shown(world, command) };
    }),
    route('PATCH', `${path}/{command_id}`, ({ world, ...asked }) => {
      const scope = scopeOf(world, asked);
      const known = list(world, scope);
      const before = known.find(({ id }) => id === asked.param('command_id'));
      if (before === undefined) throw fault.unknownCommand();
      const command = made(world, { ...before, ...(asked.body as Partial<CommandBody>) }, before.id);
      accept(world, scope, [...known.filter((each) => each !== before), command]);
      return ok(shown(world, command));
    }),
    route('DELETE', `${path}/{command_id}`, ({ world, ...asked }) => {
      const scope = scopeOf(world, asked);
      const known = list(world, scope);
      const left = known.filter(({ id }) => id !== asked.param('command_id'));
      if (left.length === known.length) throw fault.unknownCommand();
      accept(world, scope, left);
      return NOTHING;
    }),
  ]);
}

type Command = CommandBody & { readonly id: string; readonly version: string };

function scopeOf(world: World, { param }: Pick<Asked, 'param'>): string {
  if (param('application_id') !== world.applicationId) throw fault.missingAccess();
  const guildId = param('guild_id');
  return guildId === '' ? 'global' : world.guild(guildId).id;
}

function list(world: World, scope: string): readonly Command[] {
  return world.commands.get(scope) ?? [];
}

function keyOf({ type, name }: CommandBody): string {
  return `${type ?? SLASH} ${name}`;
}

function made(world: World, body: CommandBody, id: string | undefined): Command {
  return { ...body, id: id ?? world.ids.next(), version: world.ids.next() };
}

function accept(world: World, scope: string, commands: readonly Command[]): void {
  const faults = faultsOfCommands(commands);
  if (faults.length > 0) throw fault.invalidBody(faults.join('; '));
  const known = new Set(list(world, scope).map(({ id }) => id));
  world.commandCreates += commands.filter(({ id }) => !known.has(id)).length;
  if (world.commandCreates > CREATES_A_DAY) throw fault.tooManyCommandCreates();
  world.commandWrites += 1;
  world.commands.set(scope, [...commands]);
}

function shown(world: World, command: Command): object {
  return {
    application_id: world.applicationId,
    default_member_permissions: null,
    nsfw: false,
    ...command,
    type: command.type ?? SLASH,
    description: command.description ?? '',
    options: command.options ?? [],
  };
}
