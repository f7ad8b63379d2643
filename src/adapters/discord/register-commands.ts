import type { RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import type { CommandDeclaration } from '#src/core/command.ts';
import type { Log } from '#src/core/log.ts';
import type { DiscordApi } from './discord-api.ts';
import { isForbidden } from './faults.ts';
import { applicationCommands, isSameRegistration, type Reach } from './registration.ts';

/** So many guilds are looked through for commands that were registered there before. */
const MAX_GUILDS_CLEARED = 20;

export interface RegistrationOptions {
  readonly api: DiscordApi;
  readonly log: Log;
  readonly commands: readonly CommandDeclaration[];
  /** Offered there at once, and besides only in direct messages; undefined: wherever we are, which takes Discord longer. */
  readonly guildId: string | undefined;
  /** Where we are. */
  readonly guildIds: readonly string[];
}

/** Registers the commands where they changed. Never rejects: play goes on with those that stand. */
export async function registerCommands(options: RegistrationOptions): Promise<void> {
  const { api, log, commands, guildId, guildIds } = options;
  try {
    if (guildId !== undefined) await register(options, guildId, 'guild');
    await register(options, undefined, guildId === undefined ? 'everywhere' : 'direct');
  } catch (error) {
    log.error(isForbidden(error) ? NOT_ALLOWED : NOT_REGISTERED, { guildId }, error);
    return;
  }
  if (guildId !== undefined) return;
  // What stands in a guild of its own besides is offered twice there.
  const wanted = applicationCommands(commands, 'guild');
  for (const guild of guildIds.slice(0, MAX_GUILDS_CLEARED)) {
    try {
      const registered = await api.registeredCommands(guild);
      if (isSameRegistration(registered, []) || !areOurs(registered, wanted)) continue;
      await api.registerCommands(guild, []);
      log.info('the commands that stood there twice were removed', { guildId: guild });
    } catch (error) {
      log.warn('commands that stand twice could not be removed', { guildId: guild }, error);
    }
  }
}

const NOT_REGISTERED =
  'the Discord commands could not be registered: those that stand go on working; it is tried again at the next start';
const NOT_ALLOWED =
  'the Discord commands could not be registered: the bot was added without the scope applications.commands. Add it again with the link that npm run doctor prints';

async function register(
  { api, log, commands }: RegistrationOptions,
  guildId: string | undefined,
  reach: Reach,
): Promise<void> {
  const wanted = applicationCommands(commands, reach);
  if (isSameRegistration(await api.registeredCommands(guildId), wanted)) {
    log.debug('the Discord commands are registered already', { guildId });
    return;
  }
  await api.registerCommands(guildId, [...wanted]);
  log.info('the Discord commands were registered', { guildId, count: wanted.length });
}

/** Whether all that stands there are commands that we would register: nobody else's are removed. */
function areOurs(registered: unknown, wanted: readonly RESTPostAPIApplicationCommandsJSONBody[]): boolean {
  const names = new Set<unknown>(wanted.map(({ name }) => name));
  return (
    Array.isArray(registered) &&
    registered.every(
      (each: unknown) => typeof each === 'object' && each !== null && 'name' in each && names.has(each.name),
    )
  );
}
