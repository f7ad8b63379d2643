import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Evening } from '../../support/discord/evening.ts';

let evening: Evening;
afterEach(() => evening.end());

const LONG = Array.from({ length: 45 }, (_, index) => `The tide waits for nobody, number ${index + 1}.`).join(
  ' ',
);

describe('the connection', () => {
  it('that is cut and comes back loses no line and says none twice', async () => {
    evening = await Evening.begin();
    const { discord, mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));
    discord.gateway.drop();
    mira.says(tavern, 'Hroon, are you with us?');
    await evening.hears('Hroon', 'Answer 0.');
    expect(discord.gateway.counts.resumes).toBe(1);

    // What is delivered twice is one line.
    discord.gateway.isRepeating = true;
    mira.says(tavern, 'Hroon, twice?');
    await evening.hears('Hroon', 'Answer 1.');
    await mira.slash(tavern, 'roll', { dice: '1d1' }).answer();
    discord.gateway.isRepeating = false;
    mira.says(tavern, 'Hroon, once.');
    await evening.hears('Hroon', 'Answer 2.');
    expect(evening.model.journal).toHaveLength(3);
    expect(mira.sees(tavern).filter(({ text }) => text.includes('rolls'))).toHaveLength(1);

    discord.gateway.askToReconnect();
    await discord.until(() => discord.gateway.counts.resumes === 2, 'the second resume');
    mira.says(tavern, 'Hroon, still?');
    await evening.hears('Hroon', 'Answer 3.');
  });

  it('whose session is gone begins anew', async () => {
    evening = await Evening.begin();
    const { discord, mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays({ text: 'With you again.' });
    discord.gateway.drop({ canResume: false });
    await discord.until(() => discord.gateway.counts.identifies === 2, 'a new session', 30_000);
    mira.says(tavern, 'Hroon, are you with us?');
    await evening.hears('Hroon', 'With you again.');
    discord.gateway.invalidate();
    await discord.until(
      () => discord.gateway.counts.identifies === 3 && discord.gateway.isConnected,
      'a third session',
      30_000,
    );
    mira.says(tavern, 'Hroon, and now?');
    await discord.until(() => evening.countOf('Hroon') === 3, 'an answer');
  });

  it('finds guilds that come later, and registers everywhere where no guild is named', async () => {
    evening = await Evening.begin({ isEverywhere: true });
    const { discord, mira, tavern } = evening;
    expect(mira.offered(tavern)).toContain('npc');
    expect(mira.offered(mira.directChannel)).toContain('npc');
    const other = discord.guild('Another table', 'Wanda');
    const hall = discord.channel(other.guild, 'hall');
    other.owner.slash(hall, 'npc talk', { npc: 'Kettle' });
    await other.owner.waitFor(hall, ({ author }) => author === 'Kettle', 'the greeting there');
    // A campaign of its own: nobody is shared.
    expect((await evening.owner.slash(tavern, 'npc list').answer()).text).not.toMatch(/Kettle.*on stage/u);
  });
});

describe('rate limits', () => {
  it('cost no words: every tenth request is refused, and the last text stands', async () => {
    evening = await Evening.begin();
    const { discord, mira, tavern } = evening;
    await evening.brings('Hroon');
    discord.faults.inject({ on: /\/webhooks\/\d+\/TOKEN/u, status: 429, retryAfterInMs: 300, every: 3 });
    evening.modelSays({ text: LONG, tokensPerSecond: 150 });
    mira.says(tavern, 'Hroon, tell us of the tides.');
    await evening.hears('Hroon', 'number 45.');
    expect(discord.faults.hits).toBeGreaterThan(0);
    const all = mira
      .sees(tavern)
      .filter(({ author }) => author === 'Hroon')
      .map(({ text }) => text)
      .join(' ');
    for (let index = 1; index <= 45; index += 1) expect(all).toContain(`number ${index}.`);
  });

  it('and failures on every route keep nobody waiting for an answer', async () => {
    evening = await Evening.begin();
    const { discord, mira, owner, tavern } = evening;
    discord.faults.inject({ status: 429, retryAfterInMs: 200, every: 10 });
    discord.faults.inject({ on: /^(POST|PATCH) \/(interactions|webhooks)/u, status: 503, every: 13 });
    await evening.brings('Hroon');
    owner.slash(tavern, 'npc generate', { count: 3, prompt: 'smugglers' });
    const board = await owner.waitFor(tavern, ({ text }) => text.includes('✓ 3 of 3 drafted'), 'the cast');
    expect((await owner.presses(tavern, board, 'Keep').aside()).text).toContain('is kept');
    for (let index = 0; index < 12; index += 1)
      expect((await mira.slash(tavern, 'roll', { dice: '1d20' }).answer()).text).toContain('rolls');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));
    for (let index = 0; index < 4; index += 1) {
      mira.says(tavern, `Hroon, question ${index}?`);
      await evening.hears('Hroon', `Answer ${index}.`);
    }
    expect(discord.faults.hits).toBeGreaterThan(5);
  });

  it('over all requests, and failures of Discord’s own, are waited for', async () => {
    evening = await Evening.begin();
    const { discord, mira, tavern } = evening;
    await evening.brings('Hroon');
    discord.faults.inject({
      on: /\/webhooks\/\d+\/TOKEN/u,
      status: 429,
      retryAfterInMs: 1500,
      isGlobal: true,
      times: 2,
    });
    evening.modelSays({ text: 'I was kept waiting.' });
    mira.says(tavern, 'Hroon, are you there?');
    await evening.hears('Hroon', 'kept waiting');
    discord.faults.inject({ on: /^PATCH \/webhooks\/\d+\/TOKEN/u, status: 502, times: 2 });
    evening.modelSays({ text: LONG, tokensPerSecond: 200 });
    mira.says(tavern, 'Hroon, tell us of the tides.');
    await evening.hears('Hroon', 'number 45.');
  });
});

describe('the program', () => {
  it('that is ended in mid-reply finishes what it can, and marks the rest', async () => {
    evening = await Evening.begin();
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    const speaking = async (tokensPerSecond: number) => {
      evening.modelSays({ text: LONG, tokensPerSecond });
      mira.says(tavern, 'Hroon, tell us of the tides.');
      return await mira.waitFor(
        tavern,
        ({ author, buttons }) => author === 'Hroon' && buttons.includes('Stop'),
        'the reply',
      );
    };
    await speaking(400);
    await evening.close(20_000);
    expect(mira.sees(tavern).findLast(({ author }) => author === 'Hroon')?.text).toContain('number 45.');
    await evening.open();
    const cut = await speaking(20);
    await evening.close(100);
    expect(mira.sees(tavern).find(({ id }) => id === cut.id)).toMatchObject({
      text: expect.stringContaining('broken off'),
      buttons: [],
    });
    await evening.open();
  });

  it.each([
    ['in a channel', false],
    ['in a thread', true],
  ])(
    'that is killed in mid-reply %s marks at its next start what stood, and repeats nothing',
    async (_, isThread) => {
      evening = await Evening.begin();
      const { discord, owner, mira, model, dataDir } = evening;
      const where = isThread ? discord.thread(evening.tavern, 'cellar', { owner }) : evening.tavern;
      await evening.brings('Hroon', where);
      await evening.close();
      const child = spawn(process.execPath, [join(import.meta.dirname, '../../../src/start.js')], {
        cwd: dataDir,
        env: {
          PATH: process.env.PATH,
          DATA_DIR: dataDir,
          DISCORD_TOKEN: discord.token,
          DISCORD_API_URL: discord.apiUrl,
          DISCORD_GUILD_ID: evening.guild.id,
          OPENAI_BASE_URL: model.url,
          CHAT_MODEL: 'stand-in',
        },
        stdio: 'ignore',
      });
      const ended = once(child, 'close');
      try {
        await discord.until(() => discord.gateway.isConnected, 'the program to connect', 60_000);
        evening.modelSays({ text: LONG, tokensPerSecond: 20 });
        mira.says(where, 'Hroon, tell us of the tides.');
        const cut = await mira.waitFor(
          where,
          ({ author, text, buttons }) =>
            author === 'Hroon' && text.includes('number 2.') && buttons.includes('Stop'),
          'the reply',
        );
        child.kill('SIGKILL');
        await ended;
        // Its claim on the line lapses, as where a machine is gone.
        discord.clock.advance(60_000);
        await evening.open();
        const marked = await evening.hears('Hroon', 'broken off', where);
        expect(marked.id).toBe(cut.id);
        expect(marked.text).toContain('number 2.');
        await mira.waitFor(where, ({ buttons }) => buttons.includes('Retry'), 'the way to try again');
        expect(evening.countOf('Hroon', where)).toBe(2);
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
    },
  );
});

describe('at the start', () => {
  it('a wrong token is named in plain words', async () => {
    evening = await Evening.begin();
    const { startDiscord } = await import('#src/adapters/discord/discord-adapter.ts');
    const { discord } = evening;
    const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const front = evening.front;
    const start = startDiscord({
      front,
      clock: discord.clock,
      log: silent,
      token: 'MTA.wrong.token',
      guildId: undefined,
      apiUrl: discord.apiUrl,
      shards: undefined,
      avatarOf: () => undefined,
    });
    await expect(start).rejects.toThrow('DISCORD_TOKEN');
  });

  it('shards share the guilds, and each gets what is its own', async () => {
    evening = await Evening.begin({
      prepare: (discord) => {
        discord.gateway.shards = 2;
      },
      shards: 'auto',
    });
    const { discord, mira, tavern } = evening;
    expect(discord.gateway.counts.identifies).toBe(2);
    await evening.brings('Hroon');
    evening.modelSays({ text: 'I hear you.' });
    mira.says(tavern, 'Hroon, do you hear us?');
    await evening.hears('Hroon', 'I hear you.');
    const direct = mira.directChannel;
    mira.slash(direct, 'npc talk', { npc: 'Kettle' });
    await evening.hears('Kettle', /./u, direct);
  });
});
