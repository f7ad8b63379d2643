import { join } from 'node:path';
import { unescape as unescaped } from 'node:querystring';
import {
  type LogLevel,
  SETTING_NAMES,
  type SettingName,
  settingsSchema,
  shownValue,
  type WrittenSettings,
} from './config/settings.ts';
import { warningsAbout } from './config/warnings.ts';

export type { LogLevel };

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
  readonly embeddingModel: string | undefined;
  /** An address, or `local` for the server that the chromadb package carries. */
  readonly chromaUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** Drafts at once for one request. */
  readonly maxConcurrentGenerations: number;
  /** Calls to models at once, over the whole process. */
  readonly maxConcurrentModelCalls: number;
  readonly logLevel: LogLevel;
  readonly useColor: boolean;
}

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
  if (!result.success) {
    const faults = SETTING_NAMES.flatMap((name): ConfigFault[] => {
      const issue = result.error.issues.find(({ path }) => path[0] === name);
      const value = shownValue(name, written[name] ?? '');
      return issue === undefined ? [] : [{ name, value, complaint: issue.message }];
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
    chromaUrl: settings.CHROMA_URL,
    redisUrl: settings.REDIS_URL,
    maxConcurrentGenerations: settings.MAX_CONCURRENT_GENERATIONS,
    maxConcurrentModelCalls: settings.MAX_CONCURRENT_MODEL_CALLS,
    logLevel: settings.LOG_LEVEL,
    useColor: settings.NO_COLOR === undefined,
  };
  return { config, warnings };
}

/** What a log must never show. */
export function secretsOf(config: Config): readonly string[] {
  const password = URL.parse(config.redisUrl ?? '')?.password ?? '';
  return [config.modelServer.apiKey ?? '', password, unescaped(password)].filter((secret) => secret !== '');
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
