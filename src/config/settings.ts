import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { RAG_MODES, USUAL_RAG_MODE } from '#src/core/rag.ts';
import { discordApi, discordId, discordShards, discordToken } from './discord-settings.ts';
import { memoryClock, promptShares } from './memory-settings.ts';
import { adminIds, host, publicUrl, secretKey } from './reach-settings.ts';
import { decimalNumber, httpAddress, keyText, oneOf, read, Wrong, wholeNumber } from './reading.ts';
import {
  slackApi,
  slackAppToken,
  slackBotToken,
  slackClientId,
  slackClientSecret,
  slackSigningSecret,
} from './slack-settings.ts';

/** From nothing to everything. */
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The server asked where a model is named and OPENAI_BASE_URL is not. */
export const DEFAULT_BASE_URL = 'https://api.openai.com/v1';
const LONGEST_MODEL_NAME = 200;
/** Of some 500 characters each: more would fill most prompts. */
const MOST_LORE_PASSAGES = 50;
/** The shares of a prompt where PROMPT_SHARES does not say. */
export const USUAL_SHARES_WRITTEN = '0.4,0.4,0.2';

const apiKey = read((text) => keyText(text, 'key'));

const modelName = read((text) => {
  if (/\p{Cc}/u.test(text) || text.length > LONGEST_MODEL_NAME)
    throw new Wrong(
      `is no name of a model (at most ${LONGEST_MODEL_NAME} characters on one line): copy it from your server's list`,
    );
  return text;
});

const baseUrl = read((text) => {
  const url = httpAddress(text, 'http://localhost:11434/v1');
  // A common slip: the address of one call instead of what they all begin with.
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|models|embeddings)$/, '');
  return `${url.origin}${path}`;
});

const chromaUrl = read((text) => {
  if (text === 'local') return text;
  const url = httpAddress(text, 'http://localhost:8000, or local');
  // Its client knows scheme, host and port alone.
  if (url.pathname !== '/')
    throw new Wrong('has a path, which Chroma cannot be reached under: end the address after the port');
  return url.origin;
});

const redisUrl = read((text) => {
  const url = /^rediss?:\/\//.test(text) ? URL.parse(text) : null;
  if (url === null || url.hostname === '' || !/^\/?\d*$/.test(url.pathname))
    throw new Wrong(
      'is no address of a Redis server: write one like redis://localhost:6379, or rediss:// for TLS',
    );
  return text;
});

const cacheBackend = read((text) => {
  const backend = text.toLowerCase();
  if (backend === 'memory' || backend === 'redis') return backend;
  throw new Wrong(
    backend === 'file'
      ? 'names files, which are not there yet: write memory or redis, or leave it out'
      : 'is no place for a cache: write memory or redis',
  );
});

const folder = read((text) => pathOf(text, 'a folder'));

function pathOf(text: string, what: string): string {
  if (/\p{Cc}/u.test(text)) throw new Wrong(`holds a control character: write the path of ${what}`);
  if (text.startsWith('~')) throw new Wrong('begins with ~, which nobody expands here: write the whole path');
  return text;
}

const database = read((text) => {
  if (/^postgres(ql)?:/i.test(text))
    throw new Wrong(
      'names a Postgres server, which comes in a later version: leave it out, or write file: and a path',
    );
  const [, scheme, rest = ''] = /^(file|sqlite):(.*)$/is.exec(text) ?? [];
  // One letter before the colon is a drive.
  if (scheme === undefined) {
    if (/^[a-z][a-z\d+.-]+:/i.test(text))
      throw new Wrong('names a database that is not known here: write file: and a path, or a path alone');
    return pathOf(text, 'a file');
  }
  if (rest === '' || rest.includes('?'))
    throw new Wrong(`is no path after ${scheme}:, or has options after it: write file: and a path alone`);
  if (!rest.startsWith('//')) return pathOf(rest, 'a file');
  if (!rest.startsWith('///'))
    throw new Wrong('has two slashes: write file:path, or file:///path from the root');
  const path = pathOfUrl(`file:${rest}`);
  if (path === undefined)
    throw new Wrong('cannot be read as an address of a file: write file: and a plain path');
  return pathOf(path, 'a file');
});

/** Undefined where what is escaped in it makes no path. */
function pathOfUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

const logLevel = read((text) => oneOf(LOG_LEVELS, text, 'no level of the log'));

const ragMode = read((text) => oneOf(RAG_MODES, text, 'no way to look things up'));

/** Every variable that has a meaning, with the default as it would be written. */
export const settingsSchema = z.object({
  OPENAI_API_KEY: apiKey.optional(),
  OPENAI_BASE_URL: baseUrl.prefault(DEFAULT_BASE_URL),
  CHAT_MODEL: modelName.optional(),
  SMALL_MODEL: modelName.optional(),
  EMBEDDING_MODEL: modelName.optional(),
  RAG_MODE: ragMode.prefault(USUAL_RAG_MODE),
  MEMORY_CLOCK: memoryClock.prefault('played'),
  MEMORY_DECAY_PER_DAY: decimalNumber(0, 1).prefault('0.1'),
  /** A score is above 1 only where a memory came to mind often. */
  MEMORY_PROMOTE_ABOVE: decimalNumber(0, 2).prefault('0.75'),
  LORE_PASSAGES: wholeNumber(1, MOST_LORE_PASSAGES).prefault('10'),
  LORE_MIN_SIMILARITY: decimalNumber(0, 1).prefault('0.5'),
  PROMPT_SHARES: promptShares.prefault(USUAL_SHARES_WRITTEN),
  DISCORD_TOKEN: discordToken.optional(),
  /** Commands are registered there at once, and nowhere else. */
  DISCORD_GUILD_ID: discordId.optional(),
  DISCORD_API_URL: discordApi.optional(),
  DISCORD_SHARDS: discordShards.optional(),
  SLACK_BOT_TOKEN: slackBotToken.optional(),
  SLACK_APP_TOKEN: slackAppToken.optional(),
  SLACK_SIGNING_SECRET: slackSigningSecret.optional(),
  SLACK_CLIENT_ID: slackClientId.optional(),
  SLACK_CLIENT_SECRET: slackClientSecret.optional(),
  SLACK_API_URL: slackApi.optional(),
  ADMIN_IDS: adminIds.optional(),
  PUBLIC_URL: publicUrl.optional(),
  SECRET_KEY: secretKey.optional(),
  HTTP_HOST: host.prefault('127.0.0.1'),
  /** Where it is left out: 8787, and only where something needs the server. */
  HTTP_PORT: wholeNumber(0, 65_535).optional(),
  DATA_DIR: folder.prefault('data'),
  /** Where it is left out: `dramatis.db` in DATA_DIR. */
  DATABASE_URL: database.optional(),
  CHROMA_URL: chromaUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  /** Where it is left out: redis with REDIS_URL, else memory. */
  CACHE_BACKEND: cacheBackend.optional(),
  MAX_CONCURRENT_GENERATIONS: wholeNumber(1, 20).prefault('5'),
  MAX_CONCURRENT_MODEL_CALLS: wholeNumber(1, 512).prefault('32'),
  LOG_LEVEL: logLevel.prefault('warn'),
  /** Any value. */
  NO_COLOR: z.string().optional(),
});

/** What was read of every variable. */
export type Settings = z.infer<typeof settingsSchema>;

export type SettingName = keyof typeof settingsSchema.shape;

/** In the order of `.env.example`. */
export const SETTING_NAMES: readonly SettingName[] = settingsSchema.keyof().options;

/** What was written for each variable; those that are empty are not there. */
export type WrittenSettings = Readonly<Partial<Record<SettingName, string>>>;

/** A password may stand in these, so they are never shown. */
const SECRETS: ReadonlySet<SettingName> = new Set([
  'OPENAI_API_KEY',
  'DISCORD_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_CLIENT_SECRET',
  'SECRET_KEY',
  'REDIS_URL',
  'DATABASE_URL',
]);
const ADDRESSES: ReadonlySet<SettingName> = new Set([
  'OPENAI_BASE_URL',
  'DISCORD_API_URL',
  'SLACK_API_URL',
  'PUBLIC_URL',
  'CHROMA_URL',
]);
/** Lines beside those of tokens, into which one is easily pasted. */
const PLATFORM_IDS: ReadonlySet<SettingName> = new Set([
  'DISCORD_GUILD_ID',
  'DISCORD_SHARDS',
  'SLACK_CLIENT_ID',
  'ADMIN_IDS',
  'HTTP_HOST',
  'HTTP_PORT',
]);
/** A key or token that was written into the wrong line, as far as one can tell. */
const SECRET_FORM = /(^|[\s,;])(sk-|x(ox|app))|[\w-]{21,}/i;
const LONGEST_SHOWN = 60;

/** A value as it may be shown to whoever set it: no secret, nothing that acts in a terminal, not too long. */
export function shownValue(name: SettingName, value: string): string {
  const hidden = `set, ${value.length} characters`;
  if (SECRETS.has(name)) return hidden;
  if (ADDRESSES.has(name)) {
    // A key pasted into the wrong line is no address.
    const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null;
    return url === null ? hidden : quoted(`${url.origin}${url.pathname}`);
  }
  return PLATFORM_IDS.has(name) && SECRET_FORM.test(value) ? hidden : quoted(value);
}

function quoted(value: string): string {
  const short = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
  return JSON.stringify(short).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
