import type { GatewayMessageCreateDispatchData } from 'discord.js';
import { LRUCache } from 'lru-cache';
import { EditPacer, type PaceLimit } from '#src/chat/edit-pacer.ts';
import type { AvatarAddress, RunningAdapter } from '#src/core/adapter.ts';
import { type Clock, inTime } from '#src/core/clock.ts';
import type { Front } from '#src/core/front.ts';
import type { Log } from '#src/core/log.ts';
import { ActionCodes } from './action-codes.ts';
import { Directory } from './directory.ts';
import { DiscordApi } from './discord-api.ts';
import { DiscordPlatform } from './discord-platform.ts';
import { Gateway } from './gateway.ts';
import type { Shards } from './gateway-client.ts';
import { HEARS_LITTLE, refusalOf } from './gateway-words.ts';
import { BUSY } from './interaction-words.ts';
import { Interactions } from './interactions.ts';
import { LineIntake } from './line-intake.ts';
import { registerCommands } from './register-commands.ts';
import type { StageParts } from './stage-parts.ts';
import { NpcWebhooks } from './webhooks.ts';

export interface DiscordOptions {
  readonly front: Front;
  readonly clock: Clock;
  readonly log: Log;
  readonly token: string;
  /** Commands are registered there at once, and there alone. */
  readonly guildId: string | undefined;
  /** Ends in /api; undefined: Discord itself. */
  readonly apiUrl: string | undefined;
  readonly shards: Shards;
  readonly avatarOf: AvatarAddress;
}

/** Discord allows 50 requests a second; what is not paced (typing, threads, commands) needs some of them. */
const REQUESTS_A_SECOND = 45;
/** What Discord's headers allow one webhook: so many posts, and so many edits. */
const WEBHOOK_LIMIT = { limit: 5, windowInMs: 2000, per: 'channel' } as const;
/** Channels and servers that were told something that is said once. */
const MAX_TOLD = 5000;
/** Where Discord lets us wait longer to register commands, play begins with those that stand. */
const REGISTRATION_LIMIT_IN_MS = 10_000;
/** Leaving waits so long for what a start still puts right. */
const JOINING_LIMIT_IN_MS = 5000;
/** So many servers are named that lack a permission, when we start. */
const MAX_WARNINGS = 20;

/**
 * Connects to Discord, and resolves once the gateway is ready.
 * @throws Refusal where Discord does not let us in, in plain words; PlatformAway where it may do so later.
 */
export async function startDiscord(options: DiscordOptions): Promise<RunningAdapter> {
  const { front, log, token, guildId, apiUrl, shards } = options;
  const api = new DiscordApi({ token, apiUrl });
  const parts = stageParts(options, api);
  let busyWith: 'starting' | 'leaving' | undefined = 'starting';
  let gateway: Gateway | undefined;
  let joining: Promise<void> = Promise.resolve();
  const started = Promise.withResolvers<void>();
  const directory = new Directory(() => gateway?.client, api);
  const readsAll = () => gateway?.readsAll ?? true;

  try {
    const { userId } = await api.identify();
    const shared = { front, parts, directory, log, userId, readsAll };
    const lines = new LineIntake(shared);
    const interactions = new Interactions({ ...shared, busyWith: () => busyWith });
    // What is said while the guilds are still being told of waits for them.
    const hear = (take: () => Promise<void>) => {
      if (busyWith === 'starting') void started.promise.then(take);
      else if (busyWith === undefined) void take();
    };
    const hearMessage = (data: GatewayMessageCreateDispatchData) => {
      if (busyWith === 'leaving') void lines.turnedAway(data, BUSY.leaving);
      else hear(() => lines.message(data));
    };
    gateway = await Gateway.open({
      token,
      apiUrl,
      shards,
      log,
      listener: {
        message: hearMessage,
        changed: (data) => hear(() => lines.changed(data)),
        deleted: (data) => hear(() => lines.deleted(data)),
        interaction: (data) => void interactions.take(data),
        guild: (id) => warnOfMissing([id], directory, log),
      },
    });
    if (gateway.runsShard(0)) {
      const registering = registerCommands({
        api,
        log,
        commands: front.commands,
        guildId,
        guildIds: directory.guildIds,
      });
      await inTime(REGISTRATION_LIMIT_IN_MS, registering);
    }
    warnOfMissing(directory.guildIds, directory, log);
    busyWith = undefined;
    started.resolve();
    joining = front.join(new DiscordPlatform(parts, userId));
  } catch (error) {
    await gateway?.close();
    api.close();
    throw refusalOf(error);
  }

  const opened = gateway;
  const { length: servers } = directory.guildIds;
  return {
    connection: [
      `as ${opened.client.user.username} in ${servers} ${servers === 1 ? 'server' : 'servers'}`,
      ...(opened.readsAll ? [] : [HEARS_LITTLE]),
    ].join('. '),
    isConnected: () => opened.isConnected,
    stopHearing: async () => {
      busyWith = 'leaving';
      // What is being put right there is not left half done.
      await inTime(JOINING_LIMIT_IN_MS, joining);
    },
    close: async () => {
      busyWith = 'leaving';
      await opened.close();
      api.close();
    },
  };
}

/** Processes that share the shards share what the bot may send. */
export function limitsOf(shards: Shards): readonly PaceLimit[] {
  const share = shards === undefined || shards === 'auto' ? 1 : Math.min(1, shards.ids.length / shards.count);
  return [
    {
      limit: Math.max(1, Math.floor(REQUESTS_A_SECOND * share)),
      windowInMs: 1000,
      counts: 'both',
      per: 'all',
    },
    { ...WEBHOOK_LIMIT, counts: 'posts' },
    { ...WEBHOOK_LIMIT, counts: 'edits' },
  ];
}

function stageParts({ front, clock, log, avatarOf, shards }: DiscordOptions, api: DiscordApi): StageParts {
  const told = new LRUCache<string, true>({ max: MAX_TOLD });
  const pacer = new EditPacer({ clock, limits: limitsOf(shards) });
  return {
    api,
    pacer,
    webhooks: new NpcWebhooks(api, pacer, log),
    codes: new ActionCodes(front, log),
    avatarOf,
    clock,
    log,
    once: async (key, say) => {
      if (told.has(key)) return;
      told.set(key, true);
      try {
        await say();
      } catch (error) {
        told.delete(key);
        throw error;
      }
    },
  };
}

function warnOfMissing(guildIds: readonly string[], directory: Directory, log: Log): void {
  const lacking = guildIds
    .map((guildId) => ({ guildId, missing: directory.missingIn(guildId).join(', ') }))
    .filter(({ missing }) => missing !== '');
  for (const { guildId, missing } of lacking.slice(0, MAX_WARNINGS)) {
    log.warn(
      'the bot lacks permissions in a Discord server: give them to its role, or add it again with the link that npm run doctor prints',
      { guildId, missing },
    );
  }
  if (lacking.length > MAX_WARNINGS) {
    log.warn('the bot lacks permissions in further Discord servers', {
      servers: lacking.length - MAX_WARNINGS,
    });
  }
}
