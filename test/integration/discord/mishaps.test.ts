import { afterEach, describe, expect, it, vi } from 'vitest';
import { Evening, type EveningOptions } from '../../support/discord/evening.ts';
import type { ChannelRecord } from '../../support/discord/records.ts';
import { INTENT } from '../../support/discord/wire.ts';

let evening: Evening;
const begin = async (options: EveningOptions = {}) => {
  evening = await Evening.begin(options);
  return evening;
};
afterEach(() => evening.end());

/** What stands there under an NPC's name. */
const wordsOf = (name: string, channel: ChannelRecord) =>
  evening.mira
    .sees(channel)
    .filter(({ author }) => author === name)
    .map(({ text }) => text);

describe('an answer of Discord’s that gets lost', () => {
  it('loses no command and runs none twice', async () => {
    const { discord, mira, tavern } = await begin();
    discord.faults.inject({ on: /^POST \/interactions\//u, status: 502, isServed: true, times: 1 });
    expect((await mira.slash(tavern, 'roll', { dice: '1d1' }).answer()).text).toContain('rolls');
    expect(mira.sees(tavern)).toHaveLength(1);
  });

  it('opens no second thread', async () => {
    const { discord, owner, tavern } = await begin();
    discord.faults.inject({ on: /^POST \/channels\/\d+\/threads/u, status: 502, isServed: true, times: 1 });
    await owner.slash(tavern, 'npc talk', { npc: 'Hroon', thread: true }).answer();
    const threads = [...discord.world.channels.values()].filter(({ thread }) => thread !== undefined);
    expect(threads).toHaveLength(1);
    evening.hasLogged(/running \/npc talk/u);
  });

  it('takes no older message of the same words for the new one', async () => {
    const { discord, mira, tavern } = await begin();
    await evening.brings('Hroon');
    evening.modelSays({ text: 'Aye.' });
    mira.says(tavern, 'Hroon, one?');
    const first = await evening.hears('Hroon', 'Aye.');
    evening.modelSays({ tokens: ['Aye. ', 'But ', 'no more.'], tokensPerSecond: 4 });
    discord.faults.inject({ on: /^POST \/webhooks\//u, status: 502, times: 1 });
    mira.says(tavern, 'Hroon, two?');
    await evening.hears('Hroon', 'no more.');
    expect(mira.sees(tavern).find(({ id }) => id === first.id)?.text).toBe('Aye.');
  });
});

describe('a webhook', () => {
  it.each([
    ['a channel', false],
    ['a thread', true],
  ])('that somebody moved away carries nothing of %s into another channel', async (_, isThread) => {
    const { discord, guild, owner, mira, tavern } = await begin();
    const where = isThread ? discord.thread(tavern, 'cellar', { owner }) : tavern;
    await evening.brings('Hroon', where);
    const elsewhere = discord.channel(guild, 'offtopic');
    discord.moveWebhooks(tavern, elsewhere);
    evening.modelSays({ text: 'The queen is dead.' });
    mira.says(where, 'Hroon, what news?');
    await evening.hears('Hroon', 'The queen is dead.', where);
    expect(wordsOf('Hroon', elsewhere)).toEqual([]);
    expect(discord.webhooks(tavern)).toHaveLength(1);
  });

  it('that the server has no room for is told of, and NPCs speak in a form of their own', async () => {
    const { discord, guild, owner, mira, tavern } = await begin();
    const other = discord.channel(guild, 'feeds');
    for (let index = 0; index < 1000; index += 1) {
      const name = `Feed ${index}`;
      discord.world.addWebhook({ channelId: other.id, guildId: guild.id, name, applicationId: undefined });
    }
    owner.slash(tavern, 'npc talk', { npc: 'Hroon' });
    await mira.waitFor(tavern, ({ text }) => text.startsWith('**Hroon**'), 'the greeting');
    await mira.waitFor(tavern, ({ text }) => text.includes('1000'), 'why');
  });

  it('that many threads share shows all that is said in them', async () => {
    const { discord, owner, mira, tavern } = await begin();
    const threads = Array.from({ length: 12 }, (_, index) =>
      discord.thread(tavern, `scene ${index}`, { owner }),
    );
    for (const thread of threads) owner.slash(thread, 'npc talk', { npc: 'Hroon' });
    for (const thread of threads) await evening.hears('Hroon', /./u, thread);
    const sentences = Array.from({ length: 12 }, (_, index) => `The tide waits, number ${index + 1}.`);
    evening.modelSays({ text: sentences.join(' '), tokensPerSecond: 30 });
    for (const thread of threads) mira.says(thread, 'Hroon, tell us.');
    for (const thread of threads) await evening.hears('Hroon', 'number 12.', thread);
    // Nothing was sent that Discord had to refuse.
    expect(discord.http.invalidRequests).toBe(0);
  }, 60_000);
});

describe('permissions', () => {
  it('to write and not to read what was said before are enough for an answer', async () => {
    const { discord, guild, mira, tavern } = await begin();
    discord.overwrite(tavern, guild, { deny: ['ReadMessageHistory'] });
    mira.says(tavern, `<@${discord.world.bot.id}> is anybody there?`);
    await mira.waitFor(tavern, ({ text }) => text.includes('Nobody is on stage'), 'the answer');
  });
});

describe('a line to a program that is ending', () => {
  it('is answered with what to do', async () => {
    const { discord, mira, tavern } = await begin();
    await evening.brings('Hroon');
    evening.modelSays({ text: 'Aye. '.repeat(30), tokensPerSecond: 10 });
    mira.says(tavern, 'Hroon, tell us.');
    await mira.waitFor(tavern, ({ buttons }) => buttons.includes('Stop'), 'the reply');
    const closing = evening.close(8000);
    mira.says(tavern, `<@${discord.world.bot.id}> and then?`);
    mira.says(tavern, 'Not to anybody.');
    await mira.waitFor(tavern, ({ text }) => text.includes('being restarted'), 'what to do');
    await closing;
    expect(mira.sees(tavern).filter(({ text }) => text.includes('being restarted'))).toHaveLength(1);
    await evening.open();
  });
});

describe('the connection', () => {
  it('whose intent is taken away from several shards comes back once without', async () => {
    const { discord } = await begin({
      shards: 'auto',
      prepare: ({ gateway }) => {
        gateway.shards = 2;
      },
    });
    discord.world.privileged.messageContent = false;
    discord.gateway.invalidate();
    await discord.until(
      () => {
        const { intents } = discord.gateway;
        return intents.length === 2 && intents.every((bits) => (bits & INTENT.messageContent) === 0);
      },
      'both shards without the intent',
      60_000,
    );
    await evening.close(0);
    await discord.until(() => discord.gateway.intents.length === 0, 'the end of every connection');
    expect(evening.warnings.filter((each) => each.includes('Message Content Intent'))).toHaveLength(1);
    await evening.open();
  }, 90_000);

  it('that Discord closes for good leaves us not ready', async () => {
    const { discord } = await begin();
    expect(evening.isConnected).toBe(true);
    discord.gateway.forbid();
    await vi.waitFor(() => expect(evening.isConnected).toBe(false), { timeout: 30_000, interval: 50 });
    evening.hasLogged(/closed the connection for good/u);
  }, 60_000);
});
