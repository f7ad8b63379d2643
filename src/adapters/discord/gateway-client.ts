import { Client, type ClientOptions, GatewayIntentBits, Options } from 'discord.js';

/** Processes that share the guilds: which shards this one runs, of how many. */
export type Shards = 'auto' | { readonly ids: readonly number[]; readonly count: number } | undefined;

/** What the gateway is asked for, besides what everybody writes. */
const INTENTS = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];
const REQUEST_TIMEOUT_IN_MS = 15_000;
const RETRIES = 3;

/** Guilds, channels and roles are kept; who is in a guild, what was said there and the rest we do not need. */
const NOTHING = {
  ApplicationCommandManager: 0,
  AutoModerationRuleManager: 0,
  BaseGuildEmojiManager: 0,
  DMMessageManager: 0,
  EntitlementManager: 0,
  GuildBanManager: 0,
  GuildEmojiManager: 0,
  GuildInviteManager: 0,
  GuildMessageManager: 0,
  GuildScheduledEventManager: 0,
  GuildSoundboardSoundManager: 0,
  GuildStickerManager: 0,
  MessageManager: 0,
  PresenceManager: 0,
  ReactionManager: 0,
  ReactionUserManager: 0,
  StageInstanceManager: 0,
  ThreadMemberManager: 0,
  VoiceStateManager: 0,
};

/** A client of discord.js that holds the connection, with its sessions and shards, and knows the guilds. */
export function gatewayClient(options: {
  readonly apiUrl: string | undefined;
  readonly shards: Shards;
  readonly readsAll: boolean;
}): Client {
  const { apiUrl, shards, readsAll } = options;
  const client: Client = new Client({
    intents: readsAll ? [...INTENTS, GatewayIntentBits.MessageContent] : INTENTS,
    allowedMentions: { parse: [], repliedUser: false },
    rest: {
      ...(apiUrl === undefined ? {} : { api: apiUrl }),
      timeout: REQUEST_TIMEOUT_IN_MS,
      retries: RETRIES,
    },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      ...NOTHING,
      // Our own place in a guild says what we may do there.
      GuildMemberManager: { maxSize: 1, keepOverLimit: (member) => member.id === client.user?.id },
      UserManager: { maxSize: 1, keepOverLimit: (user) => user.id === client.user?.id },
    }),
    sweepers: Options.DefaultSweeperSettings,
    ...shardOptions(shards),
  });
  return client;
}

function shardOptions(shards: Shards): Pick<ClientOptions, 'shards' | 'shardCount'> {
  return shards === undefined || shards === 'auto'
    ? { shards: 'auto' }
    : { shards: [...shards.ids], shardCount: shards.count };
}
