import { GatewayCloseCodes } from 'discord.js';
import { PlatformAway, Refusal } from '#src/core/errors.ts';
import { isRefused, isUnauthorized } from './faults.ts';

/** The gateway closed before we were ready, with a code that says why. */
export class ClosedAtStart extends Error {
  override readonly name = 'ClosedAtStart';
  readonly closeCode: number;

  constructor(closeCode: number, options: ErrorOptions) {
    super(`the gateway closed with code ${closeCode}`, options);
    this.closeCode = closeCode;
  }
}

/** Codes of a gateway that takes no bot as we are: trying again does not help. */
export const FATAL: ReadonlySet<number> = new Set([
  GatewayCloseCodes.AuthenticationFailed,
  GatewayCloseCodes.InvalidShard,
  GatewayCloseCodes.ShardingRequired,
  GatewayCloseCodes.InvalidAPIVersion,
  GatewayCloseCodes.InvalidIntents,
  GatewayCloseCodes.DisallowedIntents,
]);

/** Why we could not get in, in plain words with what to do. A `PlatformAway` where trying again may do. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ClosedAtStart && FATAL.has(error.closeCode))
    return new Refusal(whyClosed(error.closeCode), { cause: error });
  const isToken = error instanceof Error && 'code' in error && error.code === 'TokenInvalid';
  if (isToken || isUnauthorized(error))
    return new Refusal(whyClosed(GatewayCloseCodes.AuthenticationFailed), { cause: error });
  return new (isRefused(error) ? Refusal : PlatformAway)(
    'Discord could not be reached. See whether this machine is online and DISCORD_API_URL is left out or right; discordstatus.com tells whether Discord itself is down.',
    { cause: error },
  );
}

export function whyClosed(code: number): string {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return 'Discord does not know this token. Copy it anew from discord.com/developers, your application, Bot, “Reset Token”, and set DISCORD_TOKEN to it.';
    case GatewayCloseCodes.DisallowedIntents:
    case GatewayCloseCodes.InvalidIntents:
      return 'Discord does not grant what the bot asks to hear. Open discord.com/developers, your application, Bot, and turn “Message Content Intent” on.';
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.ShardingRequired:
      return 'Discord does not take these shards. Set DISCORD_SHARDS to auto, or to shards that exist.';
    default:
      return `Discord closed the connection with code ${code}. Update to the newest version and try again.`;
  }
}

/** For the log: which of the two ways of hearing holds. */
export const HEARS_LITTLE =
  'Discord does not let the bot read messages that do not mention it: “Message Content Intent” is off. NPCs answer mentions, commands and the menu of a message. Turn it on at discord.com/developers, your application, Bot, and restart';
