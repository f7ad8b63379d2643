import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTING_NAMES, settingsSchema } from '#src/config/settings.ts';
import { type Config, ConfigError, readConfig, secretsOf } from '#src/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function errorOf(environment: Environment): ConfigError {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The environment was taken.');
}

const configOf = (environment: Environment): Config => readConfig(environment).config;
const warningsOf = (environment: Environment) => readConfig(environment).warnings;

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      config: {
        dataDir: 'data',
        databaseFile: 'data/dramatis.db',
        modelServer: { baseUrl: 'https://api.openai.com/v1', apiKey: undefined },
        chatModel: undefined,
        smallModel: undefined,
        embeddingModel: undefined,
        chromaUrl: undefined,
        redisUrl: undefined,
        maxConcurrentGenerations: 5,
        maxConcurrentModelCalls: 32,
        logLevel: 'warn',
        useColor: true,
      },
      warnings: [],
    });
  });

  it('takes an empty variable, or one of blanks, for one that is not set', () => {
    const empty = Object.fromEntries(SETTING_NAMES.map((name) => [name, '']));
    expect(readConfig(empty)).toEqual(readConfig({}));
    expect(configOf({ CHAT_MODEL: '  ', NO_COLOR: '' })).toEqual(configOf({}));
  });

  it('reads what is set', () => {
    const config = configOf({
      OPENAI_API_KEY: 'sk-test-1234',
      CHAT_MODEL: ' big ',
      SMALL_MODEL: 'small',
      EMBEDDING_MODEL: 'vectors',
      DATA_DIR: '/srv/game',
      CHROMA_URL: 'http://chroma:8000/',
      REDIS_URL: 'rediss://:pass@redis:6380/1',
      MAX_CONCURRENT_GENERATIONS: '20',
      MAX_CONCURRENT_MODEL_CALLS: '512',
      LOG_LEVEL: 'DEBUG',
      NO_COLOR: '0',
    });
    expect(config).toEqual({
      dataDir: '/srv/game',
      databaseFile: '/srv/game/dramatis.db',
      modelServer: { baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-test-1234' },
      chatModel: 'big',
      smallModel: 'small',
      embeddingModel: 'vectors',
      chromaUrl: 'http://chroma:8000',
      redisUrl: 'rediss://:pass@redis:6380/1',
      maxConcurrentGenerations: 20,
      maxConcurrentModelCalls: 512,
      logLevel: 'debug',
      useColor: false,
    });
  });

  it.each([
    ['http://localhost:11434/v1/', 'http://localhost:11434/v1'],
    ['HTTP://LocalHost:11434/v1///', 'http://localhost:11434/v1'],
    ['http://localhost:1234/v1/chat/completions', 'http://localhost:1234/v1'],
    ['https://models.example', 'https://models.example'],
  ])('brings the base address %s to one form', (written, baseUrl) => {
    expect(configOf({ OPENAI_BASE_URL: written }).modelServer.baseUrl).toBe(baseUrl);
  });

  it.each([
    ['game.db', 'game.db'],
    ['file:games/one.db', 'games/one.db'],
    ['FILE:/srv/one.db', '/srv/one.db'],
    ['file:///srv/with%20blank.db', '/srv/with blank.db'],
    ['sqlite:one.db', 'one.db'],
    ['sqlite:///srv/one.db', '/srv/one.db'],
    ['C:\\games\\one.db', 'C:\\games\\one.db'],
  ])('finds the file in DATABASE_URL=%s', (written, file) => {
    expect(configOf({ DATABASE_URL: written }).databaseFile).toBe(file);
  });
});

describe('faults', () => {
  const faulty = {
    OPENAI_API_KEY: 'sk-hush\n',
    OPENAI_BASE_URL: 'localhost:11434',
    CHAT_MODEL: 'x'.repeat(201),
    SMALL_MODEL: 'a\u001b[31mb',
    EMBEDDING_MODEL: 'a\nb',
    DATA_DIR: '~/data',
    DATABASE_URL: 'postgres://user:hush@host/db',
    CHROMA_URL: 'http://host:8000/chroma',
    REDIS_URL: 'hush',
    MAX_CONCURRENT_GENERATIONS: '21',
    MAX_CONCURRENT_MODEL_CALLS: '0',
    LOG_LEVEL: 'loud',
  };

  it('are all told at once, each with its variable, in the order of the example file', () => {
    expect(errorOf(faulty).faults.map(({ name }) => name)).toEqual(
      SETTING_NAMES.filter((name) => name !== 'NO_COLOR'),
    );
  });

  it('show the value, but a secret only by its length', () => {
    const error = errorOf(faulty);
    const shown = Object.fromEntries(error.faults.map(({ name, value }) => [name, value]));
    expect(shown).toMatchObject({
      OPENAI_API_KEY: 'set, 8 characters',
      DATABASE_URL: 'set, 28 characters',
      REDIS_URL: 'set, 4 characters',
      MAX_CONCURRENT_GENERATIONS: '"21"',
      LOG_LEVEL: '"loud"',
      DATA_DIR: '"~/data"',
      CHAT_MODEL: `"${'x'.repeat(60)}…"`,
    });
    expect(error.message).toContain(
      'MAX_CONCURRENT_GENERATIONS ("21") is no whole number from 1 to 20: write one',
    );
    expect(error.message).toContain('Postgres server, which comes in a later version');
    expect(error.message).not.toContain('hush');
  });

  it('show no key that was written into the line of an address, and no password of one', () => {
    expect(errorOf({ OPENAI_BASE_URL: 'sk-hush' }).message).not.toContain('hush');
    expect(errorOf({ CHROMA_URL: 'http://me:hush@host:8000' }).message).not.toContain('hush');
    expect(errorOf({ OPENAI_BASE_URL: 'https://host/v1?key=hush' }).message).not.toContain('hush');
  });

  it('come with the warnings', () => {
    const { message, warnings } = errorOf({ LOG_LEVEL: 'loud', OPENAI_APIKEY: 'sk-hush' });
    expect(warnings).toEqual(['OPENAI_APIKEY is not known here: did you mean OPENAI_API_KEY?']);
    expect(message).toContain(warnings[0]);
  });

  it.each<[string, string]>([
    ['OPENAI_API_KEY', ' sk-1234'],
    ['OPENAI_API_KEY', 'sk 1234'],
    ['OPENAI_API_KEY', '  '],
    ['OPENAI_API_KEY', '“sk-1234”'],
    ['OPENAI_API_KEY', '"sk-1234"'],
    ['OPENAI_BASE_URL', 'ftp://host'],
    ['OPENAI_BASE_URL', 'http://'],
    ['OPENAI_BASE_URL', 'https://host/v1#x'],
    ['CHROMA_URL', 'localhost'],
    ['REDIS_URL', 'http://host'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_URL', 'redis://host/games'],
    ['DATABASE_URL', 'postgresql://host/db'],
    ['DATABASE_URL', 'mysql://host/db'],
    ['DATABASE_URL', 'file:'],
    ['DATABASE_URL', 'file:one.db?mode=ro'],
    ['DATABASE_URL', 'file://one.db'],
    ['DATABASE_URL', 'file:///a%2Fb'],
    ['DATABASE_URL', 'file:///a%00b'],
    ['MAX_CONCURRENT_GENERATIONS', '0'],
    ['MAX_CONCURRENT_GENERATIONS', '5.0'],
    ['MAX_CONCURRENT_GENERATIONS', '-1'],
    ['MAX_CONCURRENT_GENERATIONS', '0x5'],
    ['MAX_CONCURRENT_MODEL_CALLS', '513'],
    ['MAX_CONCURRENT_MODEL_CALLS', 'many'],
    ['LOG_LEVEL', 'verbose'],
  ])('refuses %s=%j with one fault', (name, value) => {
    const { faults } = errorOf({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.name).toBe(name);
    expect(faults[0]?.complaint).toMatch(/^\S.*: \S/);
  });

  it('tell a blank in a key from characters that no key has', () => {
    expect(errorOf({ OPENAI_API_KEY: 'sk 1234' }).message).toContain('holds a blank or a line break');
    expect(errorOf({ OPENAI_API_KEY: '“sk-1234”' }).message).toContain('holds characters that no key has');
  });

  it('never act on a screen', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\u001b[2J', '\u009b', '\u202e', '\u200b', '\n', '\u2028', 'a'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const { faults } = errorOf({ LOG_LEVEL: `x${text}`, DATA_DIR: `~${text}` });
        const shown = faults.map(({ value }) => value).join('');
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('are the only thing thrown, whatever is written', () => {
    const environment = fc.record(
      Object.fromEntries(SETTING_NAMES.map((name) => [name, fc.string({ unit: 'binary' })])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(environment, (written) => {
        try {
          readConfig(written);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
    );
  });
});

describe('warnings', () => {
  const model = { CHAT_MODEL: 'big', OPENAI_API_KEY: 'sk-test-1234' };

  it('are none where everything has its effect', () => {
    expect(warningsOf({ ...model, SMALL_MODEL: 'small', DATA_DIR: 'x', NO_COLOR: '1' })).toEqual([]);
  });

  it.each<[string, Environment, string]>([
    ['a key without a model', { OPENAI_API_KEY: 'sk-1' }, 'OPENAI_API_KEY is set, but CHAT_MODEL is not'],
    [
      'a server without a model',
      { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: 'http://host/v1' },
      'OPENAI_API_KEY and OPENAI_BASE_URL are set, but CHAT_MODEL is not',
    ],
    ['a fallback alone', { SMALL_MODEL: 'small' }, 'SMALL_MODEL is set, but CHAT_MODEL is not'],
    ['a fallback that is none', { ...model, SMALL_MODEL: 'big' }, 'SMALL_MODEL is the same as CHAT_MODEL'],
    ['a model without a server', { CHAT_MODEL: 'big' }, 'https://api.openai.com/v1 is asked'],
    ['vectors that nothing uses', { ...model, EMBEDDING_MODEL: 'v' }, 'EMBEDDING_MODEL is set: so far only'],
    [
      'servers that nothing uses',
      { CHROMA_URL: 'local', REDIS_URL: 'redis://host' },
      'CHROMA_URL and REDIS_URL are set: so far only npm run doctor',
    ],
    [
      'Discord',
      { DISCORD_TOKEN: 'hush', DISCORD_GUILD_ID: '1', DISCORD_SHARDS: '' },
      'DISCORD_GUILD_ID and DISCORD_TOKEN are set without effect: this version cannot join Discord yet.',
    ],
    [
      'Slack',
      { SLACK_BOT_TOKEN: 'hush' },
      'SLACK_BOT_TOKEN is set without effect: this version cannot join Slack',
    ],
    [
      'what comes later',
      { RAG_MODE: 'full' },
      'RAG_MODE is set without effect: it belongs to a later version.',
    ],
    ['a slip', { OPENAI_APIKEY: 'hush' }, 'OPENAI_APIKEY is not known here: did you mean OPENAI_API_KEY?'],
    ['a slip in case', { chat_model: 'x' }, 'chat_model is not known here: did you mean CHAT_MODEL?'],
    ['a slip of two letters', { MAX_CONCURENT_GENERATION: '3' }, 'did you mean MAX_CONCURRENT_GENERATIONS?'],
  ])('tell of %s', (_, environment, expected) => {
    const warnings = warningsOf(environment);
    expect(warnings.filter((warning) => warning.includes(expected))).toHaveLength(1);
    expect(warnings.join()).not.toContain('hush');
  });

  it('tell that embeddings alone need a server too', () => {
    expect(warningsOf({ EMBEDDING_MODEL: 'v' })[0]).toContain('EMBEDDING_MODEL is set, but neither');
  });

  it('leave a fallback without effect out of the configuration', () => {
    expect(configOf({ SMALL_MODEL: 'small' }).smallModel).toBeUndefined();
    expect(configOf({ ...model, SMALL_MODEL: 'big' }).smallModel).toBeUndefined();
  });

  it('suspect no slip where the right name is set, or nothing is written', () => {
    expect(warningsOf({ LOG_LEVEL: 'info', LOG_LEVELS: 'x', CHATMODEL: '' })).toEqual([]);
  });

  it('suspect none of the names that other programs use', () => {
    const others =
      'PATH HOME SHELL TERM LANG LANGUAGE LC_ALL PWD OLDPWD USER LOGNAME HOSTNAME EDITOR COLUMNS COLORTERM CLICOLOR FORCE_COLOR TMPDIR XDG_DATA_DIRS XDG_DATA_HOME HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_ENV NODE_OPTIONS NODE_PATH INIT_CWD npm_config_loglevel npm_config_color npm_config_cache npm_lifecycle_event npm_package_name npm_execpath DATE DATA LOG_FILE LOG_FORMAT DEBUG PORT HOST CI TZ PGDATABASE DATABASE_HOST REDIS_PORT REDIS_HOST OPENAI_ORG_ID OPENAI_PROJECT_ID OPENAI_LOG SSH_AUTH_SOCK';
    expect(warningsOf(Object.fromEntries(others.split(' ').map((name) => [name, 'x'])))).toEqual([]);
  });
});

describe('secretsOf', () => {
  it('gives the key and the password of Redis, as written and as meant', () => {
    const config = configOf({ OPENAI_API_KEY: 'sk-test-1234', REDIS_URL: 'redis://:p%40ss@host' });
    expect(secretsOf(config)).toEqual(['sk-test-1234', 'p%40ss', 'p@ss']);
  });

  it('gives nothing where nothing is secret', () => {
    expect(secretsOf(configOf({ REDIS_URL: 'redis://host' }))).toEqual([]);
  });

  it('takes a password that is not escaped as it should be', () => {
    expect(secretsOf(configOf({ REDIS_URL: 'redis://:100%zz@host' }))).toContain('100%zz');
  });
});

describe('.env.example', () => {
  const lines = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8').split('\n');
  const settings = lines.filter((line) => /^#[A-Z]/.test(line)).map((line) => line.slice(1));
  const written = parseEnv(settings.join('\n'));

  it('names every variable that has a meaning, and no other, in the order of the schema', () => {
    expect(settings.map((line) => line.split('=')[0])).toEqual(SETTING_NAMES);
  });

  it('changes nothing when it is taken as it stands', () => {
    expect(readConfig(written)).toEqual(readConfig({}));
  });

  it('shows a value exactly where there is a default', () => {
    const defaults = settingsSchema.parse({});
    const expected = SETTING_NAMES.filter((name) => name === 'DATABASE_URL' || defaults[name] !== undefined);
    expect(SETTING_NAMES.filter((name) => written[name] !== '')).toEqual(expected);
  });

  it('says in one line above each what it is for', () => {
    for (const name of SETTING_NAMES)
      expect(lines[lines.findIndex((line) => line.startsWith(`#${name}=`)) - 1]).toMatch(/^# \S.*\.$/);
  });
});
