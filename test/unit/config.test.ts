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

const install = {
  SLACK_CLIENT_ID: '1.2',
  SLACK_CLIENT_SECRET: 'client',
  SLACK_SIGNING_SECRET: 'signing',
  PUBLIC_URL: 'https://game.example',
  SECRET_KEY: '0123456789abcdef0123456789abcdef',
};

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
        ragMode: 'hybrid',
        memory: { clock: 'played', decayPerDay: 0.1, promoteAbove: 0.75 },
        lore: { limit: 10, leastSimilarity: 0.5 },
        promptShares: { core: 0.4, retrieved: 0.4, summaries: 0.2 },
        discord: undefined,
        slack: undefined,
        adminIds: [],
        publicUrl: undefined,
        secretKey: undefined,
        http: undefined,
        chromaUrl: undefined,
        redisUrl: undefined,
        cacheBackend: 'memory',
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
      RAG_MODE: 'Full',
      MEMORY_CLOCK: 'Wall',
      MEMORY_DECAY_PER_DAY: '0',
      MEMORY_PROMOTE_ABOVE: '1.25',
      LORE_PASSAGES: '50',
      LORE_MIN_SIMILARITY: '.3',
      PROMPT_SHARES: '0.7, 0.2, 0.1',
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
      ragMode: 'full',
      memory: { clock: 'wall', decayPerDay: 0, promoteAbove: 1.25 },
      lore: { limit: 50, leastSimilarity: 0.3 },
      promptShares: { core: 0.7, retrieved: 0.2, summaries: 0.1 },
      discord: undefined,
      slack: undefined,
      adminIds: [],
      publicUrl: undefined,
      secretKey: undefined,
      http: undefined,
      chromaUrl: 'http://chroma:8000',
      redisUrl: 'rediss://:pass@redis:6380/1',
      cacheBackend: 'redis',
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

describe('the platforms', () => {
  it('read a token of Discord alone', () => {
    expect(configOf({ DISCORD_TOKEN: ' a.b.c ' }).discord).toEqual({
      token: 'a.b.c',
      guildId: undefined,
      apiUrl: undefined,
      shards: undefined,
    });
  });

  it('read everything of Discord', () => {
    const { discord } = configOf({
      DISCORD_TOKEN: 'a.b.c',
      DISCORD_GUILD_ID: '123456789012345678',
      DISCORD_API_URL: 'http://127.0.0.1:9000/api/v10/',
      DISCORD_SHARDS: 'AUTO',
    });
    expect(discord).toEqual({
      token: 'a.b.c',
      guildId: '123456789012345678',
      apiUrl: 'http://127.0.0.1:9000/api',
      shards: 'auto',
    });
  });

  it('read numbers of however many digits', () => {
    const config = configOf({
      PROMPT_SHARES: '0.3333333,0.3333333,0.3333334',
      MEMORY_PROMOTE_ABOVE: '0.1234567',
      MEMORY_DECAY_PER_DAY: '5e-2',
      LORE_PASSAGES: '0000000012',
    });
    expect(config.promptShares).toMatchObject({ core: 0.3333333, summaries: 0.3333334 });
    expect(config.memory).toMatchObject({ promoteAbove: 0.1234567, decayPerDay: 0.05 });
    expect(config.lore.limit).toBe(12);
  });

  it.each([
    ['0.3333333,0.3333333,0.3333333', 'adds up to 0.9999999, but the shares are of one whole'],
    ['0.6,0.6,-0.2', 'has a share below 0: write three numbers from 0'],
    ['0.5,0.5', 'is not three numbers with commas between them'],
    ['0.5,0.5,0.0.0', 'is not three numbers with commas between them'],
  ])('say what is wrong with the shares %s', (written, fault) => {
    expect(errorOf({ PROMPT_SHARES: written }).message).toContain(`PROMPT_SHARES ("${written}") ${fault}`);
  });

  it.each([
    ['1', { ids: [0], count: 1 }],
    ['3', { ids: [0, 1, 2], count: 3 }],
    ['2/4', { ids: [2], count: 4 }],
    ['1-3/4', { ids: [1, 2, 3], count: 4 }],
  ])('read the shards %s', (written, shards) => {
    expect(configOf({ DISCORD_TOKEN: 'a.b.c', DISCORD_SHARDS: written }).discord?.shards).toEqual(shards);
  });

  it('divide the shards among processes so that each has its own, and none is left out', () => {
    const ranges = fc.record({
      count: fc.integer({ min: 2, max: 64 }),
      first: fc.integer({ min: 1, max: 63 }),
    });
    fc.assert(
      fc.property(ranges, ({ count, first }) => {
        fc.pre(first < count);
        const idsOf = (written: string) => {
          const shards = configOf({ DISCORD_TOKEN: 'a.b.c', DISCORD_SHARDS: written }).discord?.shards;
          return shards === 'auto' || shards === undefined ? [] : shards.ids;
        };
        const all = [...idsOf(`0-${first - 1}/${count}`), ...idsOf(`${first}-${count - 1}/${count}`)];
        expect(all).toEqual(idsOf(String(count)));
      }),
    );
  });

  it('read everything of Slack', () => {
    const { slack, secretKey, publicUrl } = configOf({
      ...install,
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_API_URL: 'http://127.0.0.1:9000/api/',
      PUBLIC_URL: 'https://Game.example/',
    });
    expect(slack).toEqual({
      botToken: 'xoxb-1',
      appToken: 'xapp-1',
      signingSecret: 'signing',
      clientId: '1.2',
      clientSecret: 'client',
      apiUrl: 'http://127.0.0.1:9000/api',
    });
    expect(secretKey).toBe(install.SECRET_KEY);
    expect(publicUrl).toBe('https://game.example');
  });

  it('do not join Slack with what is not enough for it', () => {
    expect(configOf({ SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET: 'signing' }).slack).toBeUndefined();
  });

  it('read admins of both platforms, each once', () => {
    const ids = ' 123456789012345678,U012ABCDEF; W9\n123456789012345678 ';
    expect(() => configOf({ ADMIN_IDS: ids })).toThrow();
    expect(configOf({ ADMIN_IDS: ids.replace('W9', 'W99') }).adminIds).toEqual([
      '123456789012345678',
      'U012ABCDEF',
      'W99',
    ]);
  });

  it.each(['http://localhost:8787', 'http://127.0.0.1', 'http://[::1]:80', 'https://game.example'])(
    'take %s for a public address',
    (written) => {
      expect(configOf({ PUBLIC_URL: written }).publicUrl).toBe(new URL(written).origin);
    },
  );

  it.each<[string, Environment, boolean]>([
    ['nothing', {}, false],
    ['Discord alone', { DISCORD_TOKEN: 'a.b.c' }, false],
    ['Slack over Socket Mode', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, false],
    ['Slack over HTTP', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'signing' }, true],
    ['a public address', { DISCORD_TOKEN: 'a.b.c', PUBLIC_URL: 'https://game.example' }, true],
    ['a port', { HTTP_PORT: '8787' }, true],
    ['workspaces that install us', { ...install, SLACK_APP_TOKEN: 'xapp-1' }, true],
  ])('open an HTTP server for %s: as told', (_, environment, isOpen) => {
    expect(configOf(environment).http).toEqual(isOpen ? { host: '127.0.0.1', port: 8787 } : undefined);
  });

  it('take the host and the port that are set', () => {
    expect(configOf({ HTTP_PORT: '0', HTTP_HOST: '[::1]' }).http).toEqual({ host: '::1', port: 0 });
  });
});

describe('faults', () => {
  const faulty = {
    OPENAI_API_KEY: 'sk-hush\n',
    OPENAI_BASE_URL: 'localhost:11434',
    CHAT_MODEL: 'x'.repeat(201),
    SMALL_MODEL: 'a\u001b[31mb',
    EMBEDDING_MODEL: 'a\nb',
    RAG_MODE: 'all',
    MEMORY_CLOCK: 'sun',
    MEMORY_DECAY_PER_DAY: '1.1',
    MEMORY_PROMOTE_ABOVE: '0,75',
    LORE_PASSAGES: '0',
    LORE_MIN_SIMILARITY: '50%',
    PROMPT_SHARES: '0.4,0.4,0.1',
    DISCORD_TOKEN: 'Bot hush.hush.hush',
    DISCORD_GUILD_ID: 'my server',
    DISCORD_API_URL: 'discord.com/api',
    DISCORD_SHARDS: '4-2/4',
    SLACK_BOT_TOKEN: 'xapp-hush',
    SLACK_APP_TOKEN: 'xoxb-hush',
    SLACK_SIGNING_SECRET: 'xoxb-hush',
    SLACK_CLIENT_ID: 'A0123456789',
    SLACK_CLIENT_SECRET: '123.456',
    SLACK_API_URL: 'https://slack.com/api?key=hush',
    ADMIN_IDS: '@hush',
    PUBLIC_URL: 'http://game.example',
    SECRET_KEY: 'hush',
    HTTP_HOST: 'http://127.0.0.1',
    HTTP_PORT: '70000',
    DATA_DIR: '~/data',
    DATABASE_URL: 'postgres://user:hush@host/db',
    CHROMA_URL: 'http://host:8000/chroma',
    REDIS_URL: 'hush',
    CACHE_BACKEND: 'file',
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
      DISCORD_TOKEN: 'set, 18 characters',
      DISCORD_SHARDS: '"4-2/4"',
      SLACK_BOT_TOKEN: 'set, 9 characters',
      SLACK_API_URL: '"https://slack.com/api"',
      SECRET_KEY: 'set, 4 characters',
      DATA_DIR: '"~/data"',
      CHAT_MODEL: `"${'x'.repeat(60)}…"`,
    });
    expect(error.message).toContain(
      'MAX_CONCURRENT_GENERATIONS ("21") is no whole number from 1 to 20: write one',
    );
    expect(error.message).toContain(
      'PROMPT_SHARES ("0.4,0.4,0.1") adds up to 0.9, but the shares are of one whole: write three numbers that add up to 1',
    );
    expect(error.message).toContain(
      'MEMORY_PROMOTE_ABOVE ("0,75") is no number from 0 to 2: write one with a point',
    );
    expect(error.message).toContain('MEMORY_CLOCK ("sun") is no clock of memory: write one of played, wall.');
    expect(error.message).toContain('Postgres server, which comes in a later version');
    expect(error.message.replace('"@hush"', '')).not.toContain('hush');
  });

  it.each([
    ['DISCORD_GUILD_ID', 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GhUsHe.hush-hush-hush-hush-hush'],
    ['DISCORD_SHARDS', 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GhUsHe.hush-hush-hush-hush-hush'],
    ['ADMIN_IDS', 'xoxb-1-hush'],
    ['SLACK_CLIENT_ID', 'xoxb-1-hush'],
    ['SLACK_CLIENT_ID', 'deadbeefdeadbeefdeadbeefdeadbeef'],
    ['HTTP_PORT', 'xapp-1-hush'],
  ])('show no token that was written into the line of %s', (name, value) => {
    const error = errorOf({ [name]: value });
    expect(error.message).not.toContain(value);
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
    ['MEMORY_DECAY_PER_DAY', '-0.1'],
    ['MEMORY_DECAY_PER_DAY', '1e'],
    ['MEMORY_PROMOTE_ABOVE', '2.01'],
    ['LORE_PASSAGES', '51'],
    ['LORE_MIN_SIMILARITY', 'NaN'],
    ['LORE_MIN_SIMILARITY', '.'],
    ['PROMPT_SHARES', '0.5,0.5'],
    ['PROMPT_SHARES', '0.4,0.4,0.1,0.1'],
    ['PROMPT_SHARES', '1.2,-0.4,0.2'],
    ['PROMPT_SHARES', '0.5,0.5,'],
    ['PROMPT_SHARES', '0.333,0.333,0.333'],
    ['CACHE_BACKEND', 'redis'],
    ['CACHE_BACKEND', 'disk'],
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
    ['DISCORD_TOKEN', 'Bot a.b.c'],
    ['DISCORD_TOKEN', 'a.b c.d'],
    ['DISCORD_TOKEN', '"a.b.c"'],
    ['DISCORD_TOKEN', '123456789012345678'],
    ['DISCORD_TOKEN', 'xoxb-1-2'],
    ['DISCORD_TOKEN', 'f'.repeat(64)],
    ['DISCORD_TOKEN', 'AbCdEfGhIjKlMnOpQrStUvWxYz_-0123'],
    ['DISCORD_GUILD_ID', '12345'],
    ['DISCORD_API_URL', 'ws://host'],
    ['DISCORD_SHARDS', '0'],
    ['DISCORD_SHARDS', '4/4'],
    ['DISCORD_SHARDS', '2-1/4'],
    ['DISCORD_SHARDS', '0-1'],
    ['DISCORD_SHARDS', '99999'],
    ['DISCORD_SHARDS', '-1/4'],
    ['SLACK_BOT_TOKEN', 'xapp-1'],
    ['SLACK_BOT_TOKEN', 'xoxp-1'],
    ['SLACK_BOT_TOKEN', 'xoxe.xoxb-1'],
    ['SLACK_BOT_TOKEN', 'secret'],
    ['SLACK_BOT_TOKEN', 'xoxb-1'],
    ['SLACK_APP_TOKEN', 'xoxb-1'],
    ['SLACK_APP_TOKEN', 'secret'],
    ['SLACK_SIGNING_SECRET', 'xoxb-1'],
    ['SLACK_SIGNING_SECRET', '12.34'],
    ['SLACK_SIGNING_SECRET', 'a1B2c3D4e5F6g7H8i9J0k1L2'],
    ['SLACK_CLIENT_ID', 'A0123456789'],
    ['SLACK_CLIENT_ID', '12.34'],
    ['SLACK_CLIENT_SECRET', '12.34'],
    ['SLACK_CLIENT_SECRET', 'xoxb-1'],
    ['SLACK_CLIENT_SECRET', 'hush'],
    ['SLACK_API_URL', 'slack.com'],
    ['ADMIN_IDS', 'ann'],
    ['ADMIN_IDS', '123456789012345678, @ann'],
    ['ADMIN_IDS', Array.from({ length: 101 }, (_, index) => `U${1000 + index}`).join(',')],
    ['PUBLIC_URL', 'http://game.example'],
    ['PUBLIC_URL', 'game.example'],
    ['PUBLIC_URL', 'https://game.example/dramatis'],
    ['PUBLIC_URL', 'https://me:hush@game.example'],
    ['SECRET_KEY', 'too short'],
    ['SECRET_KEY', 'x'.repeat(64)],
    ['SECRET_KEY', '"0123456789abcdef0123456789abcdef"'],
    ['HTTP_HOST', 'http://host'],
    ['HTTP_HOST', 'host:80'],
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', 'http'],
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

  it.each<[string, Environment, string]>([
    [
      'a bot token that hears nothing',
      { SLACK_BOT_TOKEN: 'xoxb-1' },
      'SLACK_BOT_TOKEN (set, 6 characters) lets us speak in Slack but not hear: set SLACK_APP_TOKEN too',
    ],
    [
      'one secret in both lines',
      { ...install, SLACK_SIGNING_SECRET: 'same', SLACK_CLIENT_SECRET: 'same' },
      'SLACK_SIGNING_SECRET (set, 4 characters) is the same as SLACK_CLIENT_SECRET',
    ],
    [
      'a client without its secret',
      { ...install, SLACK_CLIENT_SECRET: '' },
      'SLACK_CLIENT_ID ("1.2") needs SLACK_CLIENT_SECRET',
    ],
    ['a secret without its client', { ...install, SLACK_CLIENT_ID: '' }, 'needs SLACK_CLIENT_ID beside it'],
    ['installing without hearing', { ...install, SLACK_SIGNING_SECRET: '' }, 'but not us hear them'],
    ['installing without an address', { ...install, PUBLIC_URL: '' }, 'set PUBLIC_URL, such as https://'],
    ['installing without a key', { ...install, SECRET_KEY: '' }, 'must be sealed: set SECRET_KEY'],
  ])('tell of %s', (_, environment, expected) => {
    const error = errorOf(environment);
    expect(error.faults).toHaveLength(1);
    expect(error.message).toContain(expected);
  });

  it('are none for what installing lacks where a bot token serves one workspace', () => {
    const { slack } = configOf({ ...install, SLACK_BOT_TOKEN: 'xoxb-1', PUBLIC_URL: '', SECRET_KEY: '' });
    expect(slack).toMatchObject({ botToken: 'xoxb-1', clientId: '1.2' });
  });

  it('tell a value that cannot be used before what it lacks beside it', () => {
    expect(errorOf({ SLACK_BOT_TOKEN: 'xapp-1' }).message).toContain('belongs into SLACK_APP_TOKEN');
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
  const discord = { DISCORD_TOKEN: 'hush.hush.hush' };
  const slack = { SLACK_BOT_TOKEN: 'xoxb-hush', SLACK_APP_TOKEN: 'xapp-hush' };
  const install = {
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'hushhush',
    SLACK_SIGNING_SECRET: 'hush',
    PUBLIC_URL: 'https://game.example',
    SECRET_KEY: 'hush0123456789hush0123456789hush',
  };
  const admins = { ADMIN_IDS: '123456789012345678' };

  it('are none where everything has its effect', () => {
    expect(warningsOf({ ...model, SMALL_MODEL: 'small', DATA_DIR: 'x', NO_COLOR: '1' })).toEqual([]);
    expect(warningsOf({ ...discord, ...admins, DISCORD_GUILD_ID: '123456789012345678' })).toEqual([]);
    expect(warningsOf({ ...slack, ...admins, HTTP_PORT: '80', HTTP_HOST: '0.0.0.0' })).toEqual([]);
    expect(warningsOf({ ...install, ...admins, HTTP_HOST: '0.0.0.0' })).toEqual([]);
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
    [
      'a cache of nothing',
      { CACHE_BACKEND: 'redis', REDIS_URL: 'redis://host' },
      'REDIS_URL and CACHE_BACKEND are set without effect: so far only vectors',
    ],
    [
      'a cache that is not used',
      { ...model, EMBEDDING_MODEL: 'v', CACHE_BACKEND: 'Memory', REDIS_URL: 'redis://host' },
      'REDIS_URL is set without effect: CACHE_BACKEND=memory',
    ],
    [
      'Discord without its token',
      { DISCORD_GUILD_ID: '123456789012345678', DISCORD_SHARDS: 'auto' },
      'DISCORD_GUILD_ID and DISCORD_SHARDS are set without effect: without DISCORD_TOKEN we do not join Discord.',
    ],
    [
      'Slack without its token',
      { SLACK_APP_TOKEN: 'xapp-hush' },
      'SLACK_APP_TOKEN is set without effect: without SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and',
    ],
    [
      'what only platforms need',
      { ...admins, PUBLIC_URL: 'https://game.example', HTTP_PORT: '80' },
      'ADMIN_IDS, PUBLIC_URL and HTTP_PORT are set without effect: without a token of Discord or Slack the local table',
    ],
    ['nobody who is an admin', discord, 'ADMIN_IDS is not set: nobody on Discord or Slack may use'],
    ['two ways to hear Slack', { ...slack, SLACK_SIGNING_SECRET: 'hush' }, 'Slack is heard over Socket Mode'],
    [
      'a token beside installing',
      { ...install, SLACK_BOT_TOKEN: 'xoxb-hush' },
      'SLACK_CLIENT_ID is set without effect',
    ],
    ['an address of this machine', { ...discord, PUBLIC_URL: 'http://localhost:8787' }, 'cannot fetch'],
    [
      'a key that seals nothing',
      { ...discord, SECRET_KEY: install.SECRET_KEY },
      'SECRET_KEY is set without effect: it seals',
    ],
    [
      'what comes later',
      { HTTP_TOKEN: 'hush' },
      'HTTP_TOKEN is set without effect: it belongs to a later version.',
    ],
    ['questions that nobody rewrites', { RAG_MODE: 'FULL' }, 'RAG_MODE is full, but CHAT_MODEL is not set'],
    [
      'shares of a prompt that nobody is given',
      { PROMPT_SHARES: '0.5,0.3,0.2' },
      'PROMPT_SHARES is set, but CHAT_MODEL is not',
    ],
    ['a slip', { OPENAI_APIKEY: 'hush' }, 'OPENAI_APIKEY is not known here: did you mean OPENAI_API_KEY?'],
    ['a slip in case', { chat_model: 'x' }, 'chat_model is not known here: did you mean CHAT_MODEL?'],
    ['a slip of two letters', { MAX_CONCURENT_GENERATION: '3' }, 'did you mean MAX_CONCURRENT_GENERATIONS?'],
  ])('tell of %s', (_, environment, expected) => {
    const warnings = warningsOf(environment);
    expect(warnings.filter((warning) => warning.includes(expected))).toHaveLength(1);
    expect(warnings.join()).not.toContain('hush');
  });

  it('suspect no platform where none is set', () => {
    expect(warningsOf({}).join()).not.toMatch(/DISCORD|SLACK|ADMIN_IDS/);
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

  it('gives every token, secret and key of the platforms', () => {
    const secrets = secretsOf(
      configOf({
        ...install,
        DISCORD_TOKEN: 'discord-token',
        SLACK_BOT_TOKEN: 'xoxb-bot',
        SLACK_APP_TOKEN: 'xapp-app',
      }),
    );
    expect(secrets).toEqual([
      'discord-token',
      'xoxb-bot',
      'xapp-app',
      'signing',
      'client',
      install.SECRET_KEY,
    ]);
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
