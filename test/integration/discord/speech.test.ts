import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Evening } from '../../support/discord/evening.ts';
import type { MessageRecord } from '../../support/discord/records.ts';

let evening: Evening;
beforeEach(async () => {
  evening = await Evening.begin();
});
afterEach(() => evening.end());

const MIN_EDIT_INTERVAL_IN_MS = 1200;
/** What the clocks of two sides may differ by. */
const SLACK_IN_MS = 50;

function sentences(
  count: number,
  of = 'The tide waits for nobody and the harbour master least of all',
): string {
  return Array.from({ length: count }, (_, index) => `${of}, number ${index + 1}.`).join(' ');
}

/** What Hroon said in the tavern, his greeting apart. */
function said(): readonly MessageRecord[] {
  return evening.discord
    .messages(evening.tavern)
    .filter(({ author }) => author.kind === 'webhook' && author.name === 'Hroon')
    .slice(1);
}

describe('an answer', () => {
  it('streams by edits: first text at once, then one at a time at the pace allowed, and always its end', async () => {
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays({ text: sentences(12), tokensPerSecond: 40 });
    mira.says(tavern, 'Hroon, tell us of the tides.');
    await evening.hears('Hroon', 'number 12.');
    const [message] = said();
    expect(said()).toHaveLength(1);
    expect(message?.firstText).not.toContain('number 12');
    expect(message?.edits.length).toBeGreaterThanOrEqual(2);
    const times = [message?.createdAtInMs ?? 0, ...(message?.edits ?? []).map(({ atInMs }) => atInMs)];
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // The last one need not wait.
    for (const gap of gaps.slice(0, -1))
      expect(gap).toBeGreaterThanOrEqual(MIN_EDIT_INTERVAL_IN_MS - SLACK_IN_MS);
    const texts = [message?.firstText, ...(message?.edits ?? []).map(({ text }) => text)];
    for (const [index, text] of texts.slice(0, -1).entries())
      expect(texts[index + 1]?.startsWith(text ?? ''), 'what stood stays').toBe(true);
  });

  it('that is longer than a message goes on in the next, cut at sentences, with its markup whole', async () => {
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    const text = `*${sentences(27)}*`;
    evening.modelSays({ text });
    mira.says(tavern, 'Hroon, tell us everything.');
    await evening.hears('Hroon', 'number 27.');
    const messages = said();
    expect(messages.length).toBeGreaterThanOrEqual(2);
    for (const { content } of messages) {
      expect(content.length).toBeLessThanOrEqual(2000);
      expect((content.match(/(?<!\\)\*/gu) ?? []).length % 2, content.slice(-80)).toBe(0);
    }
    const plain = messages.map(({ content }) => content.replaceAll(/[*\\]/gu, '').trim()).join(' ');
    for (let index = 1; index <= 27; index += 1) expect(plain).toContain(`number ${index}.`);
    expect(messages[0]?.content.replaceAll(/[*_\s]+$/gu, '')).toMatch(/\.$/u);
  });

  it('is stopped by its button: by whoever asked and by the game master, by nobody else', async () => {
    const { mira, jon, owner, tavern } = evening;
    await evening.brings('Hroon');
    for (const stopper of [mira, owner]) {
      const before = said().length;
      evening.modelSays({ text: sentences(80), tokensPerSecond: 30 });
      mira.says(tavern, 'Hroon, tell us of the tides.');
      const speaking = await mira.waitFor(
        tavern,
        ({ author, buttons }) => author === 'Hroon' && buttons.includes('Stop'),
        'the Stop button',
      );
      const refused = await jon.presses(tavern, speaking, 'Stop').answer();
      expect(refused).toMatchObject({ isEphemeral: true, text: expect.stringContaining('somebody else') });
      expect(mira.sees(tavern).find(({ id }) => id === speaking.id)?.buttons).toContain('Stop');
      await stopper.presses(tavern, speaking, 'Stop').acknowledged();
      await mira.waitFor(
        tavern,
        ({ id, text, buttons }) => id === speaking.id && text.includes('(stopped)') && buttons.length === 0,
        'the end of it',
      );
      expect(said()).toHaveLength(before + 1);
    }
  });

  it('that breaks off is marked where it stands, and Retry asks again', async () => {
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) =>
      index === 0
        ? { tokens: ['The toll', ' is one word.', ' It must', ' be a'], cutAfter: 3 }
        : { text: 'The toll is one true word.' },
    );
    mira.says(tavern, 'Hroon, what is the toll?');
    await evening.hears('Hroon', 'broken off');
    const trouble = await mira.waitFor(
      tavern,
      ({ buttons }) => buttons.includes('Retry'),
      'the way to try again',
    );
    await mira.presses(tavern, trouble, 'Retry').acknowledged();
    await evening.hears('Hroon', 'one true word');
    expect(said()).toHaveLength(2);
    evening.hasLogged(/the answer broke off/u);
  });

  it('that broke off is asked for again from the menu of its message', async () => {
    const { discord, mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) =>
      index === 0
        ? { tokens: ['The toll', ' is one word.', ' It'], cutAfter: 2 }
        : { text: 'Once more, then.' },
    );
    mira.says(tavern, 'Hroon, what is the toll?');
    const broken = await evening.hears('Hroon', 'broken off');
    await mira.waitFor(tavern, ({ buttons }) => buttons.includes('Retry'), 'the way to try again');
    await mira
      .usesOnMessage(tavern, discord.world.message(tavern.id, broken.id), 'Retry the answer')
      .acknowledged();
    await evening.hears('Hroon', 'Once more, then.');
    evening.hasLogged(/the answer broke off/u);
  });

  it('that never begins is told of in one sentence', async () => {
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) => (index < 6 ? { error: { status: 400 } } : { text: 'Here I am.' }));
    mira.says(tavern, 'Hroon, are you there?');
    const trouble = await mira.waitFor(
      tavern,
      ({ buttons }) => buttons.includes('Retry'),
      'the way to try again',
    );
    expect(trouble.text).toContain('Hroon does not answer');
    expect(said()).toEqual([]);
    evening.hasLogged(/HTTP 400/u);
  });
});

describe('webhooks', () => {
  it('are made again where somebody deleted them, also in the middle of a reply', async () => {
    const { discord, mira, tavern } = evening;
    await evening.brings('Hroon');
    discord.deleteWebhooks(tavern);
    evening.modelSays({ text: 'You did not get rid of me.' });
    mira.says(tavern, 'Hroon, still there?');
    await evening.hears('Hroon', 'rid of me');
    expect(discord.webhooks(tavern)).toHaveLength(1);

    evening.modelSays({ text: sentences(12), tokensPerSecond: 30 });
    mira.says(tavern, 'Hroon, tell us of the tides.');
    await mira.waitFor(
      tavern,
      ({ author, buttons }) => author === 'Hroon' && buttons.includes('Stop'),
      'the reply',
    );
    discord.deleteWebhooks(tavern);
    await evening.hears('Hroon', 'number 12.');
    const all = said()
      .map(({ content }) => content)
      .join(' ');
    for (let index = 1; index <= 12; index += 1) expect(all).toContain(`number ${index}.`);
  });

  it('of which there are too many already are told of, and NPCs speak in a form of their own', async () => {
    const { discord, guild, mira, owner } = evening;
    const full = discord.channel(guild, 'full');
    for (let index = 0; index < 15; index += 1)
      discord.world.addWebhook({
        channelId: full.id,
        guildId: guild.id,
        name: `Feed ${index}`,
        applicationId: undefined,
      });
    owner.slash(full, 'npc talk', { npc: 'Hroon' });
    await mira.waitFor(full, ({ text }) => text.startsWith('**Hroon**'), 'the greeting');
    await mira.waitFor(full, ({ text }) => /webhooks/iu.test(text), 'why');
    expect(discord.webhooks(full)).toHaveLength(15);
  });

  it('that we may not make are told of once, and NPCs speak in a form of their own', async () => {
    const { discord, guild, owner, mira, tavern } = evening;
    discord.setBotPermissions(guild, ['ViewChannel', 'SendMessages', 'EmbedLinks', 'ReadMessageHistory']);
    owner.slash(tavern, 'npc talk', { npc: 'Hroon' });
    await mira.waitFor(tavern, ({ text }) => text.startsWith('**Hroon**'), 'the greeting');
    evening.modelSays({ text: 'I speak all the same.' });
    mira.says(tavern, 'Hroon, can you speak?');
    await mira.waitFor(tavern, ({ text }) => text.includes('I speak all the same'), 'the answer');
    mira.says(tavern, 'Hroon, and again?');
    await discord.until(
      () => mira.sees(tavern).filter(({ text }) => text.includes('I speak all the same')).length === 2,
      'the second answer',
    );
    expect(mira.sees(tavern).filter(({ text }) => text.includes('Manage Webhooks'))).toHaveLength(1);
    expect(evening.warnings.join('\n')).not.toContain('I speak');
  });
});
