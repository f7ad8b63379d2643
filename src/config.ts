import { join } from 'node:path';
import { unescape as unescaped } from 'node:querystring';
import type { ShardRange } from './config/discord-settings.ts';
import { missingPartners } from './config/partners.ts';
import {
  type LogLevel,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  settingsSchema,
  shownValue,
  type WrittenSettings,
} from './config/settings.ts';
import { warningsAbout } from './config/warnings.ts';
import type { LoreSettings } from './core/lore.ts';
import type { MemorySettings } from './core/memory-settings.ts';
import type { PromptShares } from './core/prompt-shares.ts';
import type { RagMode } from './core/rag.ts';

export type { LogLevel };

export interface DiscordConfig {
  readonly token: string;
  /** The one guild in which commands are registered at once. */
  readonly guildId: string | undefined;
  readonly apiUrl: string | undefined;
  readonly shards: 'auto' | ShardRange | undefined;
}

/** A bot token, or a client for workspaces that install us; and an app token or a signing secret to hear by. */
export interface SlackConfig {
  readonly botToken: string | undefined;
  /** Socket Mode. */
  readonly appToken: string | undefined;
  /** Requests over HTTP. */
  readonly signingSecret: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly apiUrl: string | undefined;
}

export interface Config {
  /** Everything that the process writes lies here. */
  readonly dataDir: string;
  readonly databaseFile: string;
  /** An OpenAI-compatible server; only asked where a model is named. */
  readonly modelServer: {
    /** Without a slash at its end: "https://api.openai.com/v1". */
    readonly baseUrl: string;
    readonly apiKey: string | undefined;
  };
  /** Undefined: improv plays. */
  readonly chatModel: string | undefined;
  /** Asked where `chatModel` fails; only ever beside another `chatModel`. */
  readonly smallModel: string | undefined;
  /** Undefined: vectors are hashed. */
  readonly embeddingModel: string | undefined;
  /** What NPCs look up for their turns. */
  readonly ragMode: RagMode;
  readonly memory: MemorySettings;
  readonly lore: LoreSettings;
  readonly promptShares: PromptShares;
  /** Undefined: Discord is not joined. */
  readonly discord: DiscordConfig | undefined;
  /** Undefined: Slack is not joined. */
  readonly slack: SlackConfig | undefined;
  /** The platforms' ids of those who run this bot. */
  readonly adminIds: readonly string[];
  /** Where this process is reached from outside, without a slash at its end: https, or http on this machine alone. */
  readonly publicUrl: string | undefined;
  /** At least 32 characters. */
  readonly secretKey: string | undefined;
  /** Our own HTTP server; undefined: nothing needs one. */
  readonly http: { readonly host: string; readonly port: number } | undefined;
  /** An address, or `local` for the server that the chromadb package carries. */
  readonly chromaUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** Where vectors are kept that need not be made again; `redis` only ever with `redisUrl`. */
  readonly cacheBackend: 'memory' | 'redis';
  /** Drafts at once for one request. */
  readonly maxConcurrentGenerations: number;
  /** Calls to models at once, over the whole process. */
  readonly maxConcurrentModelCalls: number;
  readonly logLevel: LogLevel;
  readonly useColor: boolean;
}

/** Where our own HTTP server listens unless HTTP_PORT says otherwise. */
const USUAL_HTTP_PORT = 8787;

/** One variable that cannot be used. */
export interface ConfigFault {
  readonly name: string;
  /** As it may be shown: a secret is "set, 12 characters". */
  readonly value: string;
  /** What is wrong with it, and what to do. */
  readonly complaint: string;
}

/** The environment cannot be used. Its message tells every fault and warning at once and holds no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly string[];

  constructor(faults: readonly ConfigFault[], warnings: readonly string[]) {
    const lines = faults.map(({ name, value, complaint }) => `${name} (${value}) ${complaint}.`);
    super(['The settings cannot be used:', ...lines, ...warnings].join('\n  '));
    this.faults = faults;
    this.warnings = warnings;
  }
}

/**
 * Reads the configuration. An empty variable counts as not set. Warnings tell of settings without effect.
 * @throws ConfigError with every fault of the environment.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): {
  readonly config: Config;
  readonly warnings: readonly string[];
} {
  const written = writtenSettings(environment);
  const warnings = warningsAbout(written, environment);
  const result = settingsSchema.safeParse(written);
  const partners = missingPartners(written);
  if (!result.success || partners.length > 0) {
    const issues = result.error?.issues ?? [];
    const faults = SETTING_NAMES.flatMap((name): ConfigFault[] => {
      const complaint =
        issues.find(({ path }) => path[0] === name)?.message ??
        partners.find((partner) => partner.name === name)?.complaint;
      const value = shownValue(name, written[name] ?? '');
      return complaint === undefined ? [] : [{ name, value, complaint }];
    });
    throw new ConfigError(faults, warnings);
  }
  const settings = result.data;
  const { CHAT_MODEL: chatModel, SMALL_MODEL: smallModel } = settings;
  const config: Config = {
    dataDir: settings.DATA_DIR,
    databaseFile: settings.DATABASE_URL ?? join(settings.DATA_DIR, 'dramatis.db'),
    modelServer: { baseUrl: settings.OPENAI_BASE_URL, apiKey: settings.OPENAI_API_KEY },
    chatModel,
    smallModel: chatModel === undefined || smallModel === chatModel ? undefined : smallModel,
    embeddingModel: settings.EMBEDDING_MODEL,
    ragMode: settings.RAG_MODE,
    memory: {
      clock: settings.MEMORY_CLOCK,
      decayPerDay: settings.MEMORY_DECAY_PER_DAY,
      promoteAbove: settings.MEMORY_PROMOTE_ABOVE,
    },
    lore: { limit: settings.LORE_PASSAGES, leastSimilarity: settings.LORE_MIN_SIMILARITY },
    promptShares: settings.PROMPT_SHARES,
    discord: discordOf(settings),
    slack: slackOf(settings),
    adminIds: settings.ADMIN_IDS ?? [],
    publicUrl: settings.PUBLIC_URL,
    secretKey: settings.SECRET_KEY,
    http: needsHttp(settings)
      ? { host: settings.HTTP_HOST, port: settings.HTTP_PORT ?? USUAL_HTTP_PORT }
      : undefined,
    chromaUrl: settings.CHROMA_URL,
    redisUrl: settings.REDIS_URL,
    cacheBackend: settings.CACHE_BACKEND ?? (settings.REDIS_URL === undefined ? 'memory' : 'redis'),
    maxConcurrentGenerations: settings.MAX_CONCURRENT_GENERATIONS,
    maxConcurrentModelCalls: settings.MAX_CONCURRENT_MODEL_CALLS,
    logLevel: settings.LOG_LEVEL,
    useColor: settings.NO_COLOR === undefined,
  };
  return { config, warnings };
}

function discordOf(settings: Settings): DiscordConfig | undefined {
  const { DISCORD_TOKEN: token } = settings;
  if (token === undefined) return undefined;
  const { DISCORD_GUILD_ID: guildId, DISCORD_API_URL: apiUrl, DISCORD_SHARDS: shards } = settings;
  return { token, guildId, apiUrl, shards };
}

function slackOf(settings: Settings): SlackConfig | undefined {
  if (settings.SLACK_BOT_TOKEN === undefined && settings.SLACK_CLIENT_ID === undefined) return undefined;
  return {
    botToken: settings.SLACK_BOT_TOKEN,
    appToken: settings.SLACK_APP_TOKEN,
    signingSecret: settings.SLACK_SIGNING_SECRET,
    clientId: settings.SLACK_CLIENT_ID,
    clientSecret: settings.SLACK_CLIENT_SECRET,
    apiUrl: settings.SLACK_API_URL,
  };
}

/** Whether somebody is to reach us: for pictures, for Slack's requests, to install us, or because it is asked for. */
function needsHttp(settings: Settings): boolean {
  const slack = slackOf(settings);
  const isReached = settings.HTTP_PORT !== undefined || settings.PUBLIC_URL !== undefined;
  return isReached || (slack !== undefined && slack.appToken === undefined);
}

/** What a log must never show. */
export function secretsOf(config: Config): readonly string[] {
  const password = URL.parse(config.redisUrl ?? '')?.password ?? '';
  const { discord, slack } = config;
  return [
    config.modelServer.apiKey,
    discord?.token,
    slack?.botToken,
    slack?.appToken,
    slack?.signingSecret,
    slack?.clientSecret,
    config.secretKey,
    password,
    unescaped(password),
  ]
    .filter((secret) => secret !== undefined)
    .filter((secret) => secret !== '');
}

/** Blanks around a value go, but for the key: a blank in it is a fault worth telling. */
function writtenSettings(environment: Readonly<Record<string, string | undefined>>): WrittenSettings {
  const written: Partial<Record<SettingName, string>> = {};
  for (const name of SETTING_NAMES) {
    const value = environment[name] ?? '';
    const text = name === 'OPENAI_API_KEY' ? value : value.trim();
    if (text !== '') written[name] = text;
  }
  return written;
}
