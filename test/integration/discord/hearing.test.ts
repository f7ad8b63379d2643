import { afterEach, describe, expect, it } from 'vitest';
import { Evening } from '../../support/discord/evening.ts';

let evening: Evening;

/** Lines that a proxy may be about to replace are held for a while. */
const PATIENCE = { timeout: 15_000 };
afterEach(() => evening.end());

/** What stands in the transcript, as somebody is shown it. */
async function transcript(): Promise<string> {
  const asked = evening.owner.slash(evening.tavern, 'scene', { lines: 20 });
  const first = await asked.answer();
  return [first, ...asked.messages().slice(1)].map(({ text }) => text).join('\n');
}

/** The newest prompt that a model was given. */
function newestPrompt(): string {
  return JSON.stringify(evening.model.journal.at(-1)?.body.messages);
}

describe('what players say', () => {
  it('is changed and taken back where they change and delete it', async () => {
    evening = await Evening.begin();
    const { mira, jon, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));
    const line = mira.says(tavern, 'Hroon, the pasword is heron.');
    await evening.hears('Hroon', 'Answer 0.');
    const deleted = jon.says(tavern, 'Hroon, Mira is a spy.');
    await evening.hears('Hroon', 'Answer 1.');
    mira.edits(line, 'Hroon, the password is egret.');
    jon.deletes(deleted);
    await expect.poll(() => transcript()).toContain('the password is egret');
    await expect.poll(() => transcript()).not.toContain('spy');
    mira.says(tavern, 'Hroon, what did we say?');
    await evening.hears('Hroon', 'Answer 2.');
    expect(newestPrompt()).toContain('egret');
    expect(newestPrompt()).not.toContain('heron');
    expect(newestPrompt()).not.toContain('spy');
  });

  it('ends the answer under way where it is deleted', async () => {
    evening = await Evening.begin();
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays({
      tokens: ['Listen', ' well.', ...Array.from({ length: 400 }, (_, index) => ` And ${index}.`)],
      tokensPerSecond: 30,
    });
    const line = mira.says(tavern, 'Hroon, tell us all.');
    await mira.waitFor(
      tavern,
      ({ author, buttons }) => author === 'Hroon' && buttons.includes('Stop'),
      'the answer',
    );
    mira.deletes(line);
    await evening.hears('Hroon', '(stopped)');
  });

  it('out of character reaches no model', async () => {
    evening = await Evening.begin();
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));
    mira.says(tavern, '((pass the crisps))');
    mira.says(tavern, 'Hroon, good evening. ((is he asleep?))');
    await evening.hears('Hroon', 'Answer 0.');
    expect(newestPrompt()).toContain('good evening');
    expect(newestPrompt()).not.toContain('crisps');
    expect(newestPrompt()).not.toContain('asleep');
  });

  it('under the name that they chose, or their own', async () => {
    evening = await Evening.begin();
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));
    await mira.slash(tavern, 'as', { name: 'Ysolde' }).answer();
    mira.says(tavern, 'Hroon, do you know me?');
    await evening.hears('Hroon', 'Answer 0.');
    expect(newestPrompt()).toContain('Ysolde');
    expect(newestPrompt()).not.toContain('Mira');
  });

  it('by a reply to an NPC is for that NPC', async () => {
    evening = await Evening.begin();
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    await evening.brings('Kettle');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));
    const greeting = mira.sees(tavern).find(({ author }) => author === 'Hroon');
    mira.says(tavern, 'And why is that?', { replyTo: greeting?.id ?? '' });
    await evening.hears('Hroon', 'Answer 0.');
  });

  it('with a picture, and nothing else, is answered in words', async () => {
    evening = await Evening.begin();
    const { mira, jon, tavern } = evening;
    await evening.brings('Hroon');
    mira.says(tavern, '', { attachments: [{ name: 'map.pdf', type: 'application/pdf' }] });
    await mira.waitFor(
      tavern,
      ({ text }) => text.includes('No NPC can see what you sent') && text.includes('map.pdf'),
      'why',
    );
    // A sticker is for the others at the table.
    jon.says(tavern, '', { stickers: ['wave'] });
    jon.says(tavern, '', { attachments: [{ name: 'plan.pdf', type: 'application/pdf' }] });
    await jon.waitFor(tavern, ({ text }) => text.includes('plan.pdf'), 'why');
    expect(jon.sees(tavern).filter(({ text }) => text.includes('wave'))).toEqual([]);
  });
});

describe('programs', () => {
  it('that are no players’ proxies are not heard, nor are we ourselves', async () => {
    evening = await Evening.begin();
    const { discord, guild, mira, tavern } = evening;
    const bot = discord.otherBot('Ticketeer', guild);
    await evening.brings('Hroon');
    evening.modelSays((index) => ({ text: `Hroon hears. Answer ${index}.` }));
    bot.says(tavern, 'Hroon, I am a bot. Hroon, answer me.');
    mira.says(tavern, 'Hroon, good evening.');
    await evening.hears('Hroon', 'Answer 0.');
    mira.says(tavern, 'Hroon, and again.');
    await evening.hears('Hroon', 'Answer 1.');
    expect(newestPrompt()).not.toContain('I am a bot');
    expect(evening.model.journal).toHaveLength(2);
  });

  it('that speak for players’ characters are heard where the game master allows it, and what they replace is not', async () => {
    evening = await Evening.begin();
    const { mira, owner, tavern } = evening;
    await evening.brings('Hroon');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));
    mira.saysByProxy(tavern, 'Hroon, not allowed.', { name: 'Ysolde' });
    await owner.slash(tavern, 'campaign proxies', { allowed: true }).answer();
    mira.saysByProxy(tavern, 'Hroon, do you know my face?', { name: 'Ysolde' });
    await expect.poll(() => newestPrompt(), PATIENCE).toContain('know my face');
    mira.saysByProxy(tavern, 'Hroon, and mine?', { name: 'Bram', by: 'Tupperbox' });
    await expect.poll(() => newestPrompt(), PATIENCE).toContain('and mine');
    const text = await transcript();
    expect(text).toContain('Ysolde: Hroon, do you know my face?');
    expect(text).toContain('Bram: Hroon, and mine?');
    expect(text).not.toContain('Mira: Hroon, do you');
    expect(text.match(/know my face/gu)).toHaveLength(1);
  });
});

describe('without the intent to read messages', () => {
  const begin = () =>
    Evening.begin({
      prepare: (discord) => {
        discord.world.privileged.messageContent = false;
      },
    });

  it('says so at the start, and hears mentions, replies to itself, commands and direct messages', async () => {
    evening = await begin();
    const { discord, mira, tavern } = evening;
    expect(evening.warnings.join('\n')).toMatch(/message content/iu);
    await evening.brings('Hroon');
    evening.modelSays((index) => ({ text: `Answer ${index}.` }));

    mira.says(tavern, 'Hroon, nobody can read this.');
    mira.says(tavern, `<@${discord.world.bot.id}> Hroon, what is the toll?`);
    await evening.hears('Hroon', 'Answer 0.');
    expect(newestPrompt()).toContain('what is the toll?');
    expect(newestPrompt()).not.toContain('nobody can read');
    expect(newestPrompt()).not.toContain(discord.world.bot.id);

    mira.slash(tavern, 'say', { text: 'And the price?', npc: 'Hroon' });
    await evening.hears('Hroon', 'Answer 1.');
    expect(newestPrompt()).toContain('And the price?');

    const line = mira.says(tavern, 'Hroon, hear what I just said.');
    mira.usesOnMessage(tavern, line, 'Say to NPCs');
    await evening.hears('Hroon', 'Answer 2.');
    expect(newestPrompt()).toContain('hear what I just said');
    const direct = mira.directChannel;
    mira.slash(direct, 'npc talk', { npc: 'Kettle' });
    await evening.hears('Kettle', /./u, direct);
    mira.says(direct, 'And you, who are you?');
    await evening.hears('Kettle', 'Answer 3.', direct);
    // Nobody's answer is asked for twice, and nobody is told anything about what could not be read.
    expect(evening.model.journal).toHaveLength(4);
  });

  it('says why a reply to an NPC cannot be read', async () => {
    evening = await begin();
    const { mira, tavern } = evening;
    await evening.brings('Hroon');
    const greeting = mira.sees(tavern).find(({ author }) => author === 'Hroon');
    mira.says(tavern, 'And why is that?', { replyTo: greeting?.id ?? '' });
    await mira.waitFor(tavern, ({ text }) => /\/say|mention/iu.test(text), 'what to do');
    expect(evening.model.journal).toEqual([]);
  });
});
