import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Evening } from '../../support/discord/evening.ts';
import { defaultAnswer } from '../../support/model-answers.ts';

let evening: Evening;
beforeEach(async () => {
  evening = await Evening.begin();
});
afterEach(() => evening.end());

/** Only the game master is to see what these dice come to. */
const SECRET = /rolls in secret/u;

describe('hidden text', () => {
  it('waits for the game master where there is no GM room, and the channel hears only that something waits', async () => {
    const { discord, mira, jon, owner, tavern } = evening;
    const told = await mira.slash(tavern, 'roll', { dice: '1d1', secret: true }).answer();
    expect(told).toMatchObject({ text: 'Rolled. Only the GM sees it.' });
    const sign = await mira.waitFor(
      tavern,
      ({ text }) => text.includes('Something waits for the game master'),
      'the sign',
    );
    const refused = await jon.presses(tavern, sign, 'Show').answer();
    expect(refused.text).toContain('Nothing waits for you');
    const shown = await owner.presses(tavern, sign, 'Show').answer();
    expect(shown).toMatchObject({ isEphemeral: true, text: expect.stringMatching(SECRET) });
    for (const player of [mira, jon]) expect(player.hasSeen(tavern)).not.toMatch(SECRET);
    expect((await owner.slash(tavern, 'waiting').answer()).text).toContain('Nothing waits');
    expect(discord.messages(tavern).some(({ ephemeralFor }) => ephemeralFor === owner.id)).toBe(true);
  });

  it('goes to the GM room while only game masters read there', async () => {
    const { discord, guild, mira, jon, owner, tavern } = evening;
    const open = await owner.slash(tavern, 'campaign gm room', { where: 'here' }).answer();
    expect(open.text).toContain('cannot be the GM room');

    const room = discord.privateChannel(guild, 'gms', [owner]);
    const set = await owner.slash(room, 'campaign gm room', { where: 'here' }).answer();
    expect(set.text).toContain('is written here from now on');
    await mira.slash(tavern, 'roll', { dice: '1d1', secret: true }).answer();
    await owner.waitFor(room, ({ text }) => SECRET.test(text), 'the roll in the GM room');
    expect(mira.hasSeen(tavern)).not.toMatch(SECRET);
    expect(mira.sees(tavern).some(({ text }) => text.includes('waits'))).toBe(false);

    // Somebody lets a player in: it is looked at again before every time.
    discord.overwrite(room, jon, { allow: ['ViewChannel'] });
    await mira.slash(tavern, 'roll', { dice: '2d1', secret: true }).answer();
    await mira.waitFor(
      tavern,
      ({ text }) => text.includes('Something waits for the game master'),
      'the sign',
    );
    expect(jon.sees(room).filter(({ text }) => SECRET.test(text))).toHaveLength(1);
    const waiting = await owner.slash(tavern, 'waiting').answer();
    expect(waiting.text).toMatch(SECRET);
    expect(waiting.text).toContain('Jon');
  });

  it('goes to the game master’s direct messages where that is chosen', async () => {
    const { mira, owner, tavern } = evening;
    await owner.slash(tavern, 'campaign gm room', { where: 'dm' }).answer();
    await mira.slash(tavern, 'roll', { dice: '1d1', secret: true }).answer();
    await owner.waitFor(owner.directChannel, ({ text }) => SECRET.test(text), 'the roll in direct messages');
    expect(mira.hasSeen(tavern)).not.toMatch(SECRET);
  });

  it('goes to direct messages only as long as they are a game master’s', async () => {
    const { discord, guild, mira, jon, owner, tavern } = evening;
    const managers = discord.role(guild, 'Mods', ['ManageGuild']);
    discord.setRoles(guild, jon, [managers]);
    const set = await jon.slash(tavern, 'campaign gm room', { where: 'dm' }).answer();
    expect(set.text).toContain('in your direct messages');
    discord.setRoles(guild, jon, []);
    await mira.slash(tavern, 'roll', { dice: '1d1', secret: true }).answer();
    await mira.waitFor(tavern, ({ text }) => text.includes('Something waits'), 'the sign');
    expect(jon.hasSeen(jon.directChannel)).not.toMatch(SECRET);

    // Who leads by a role that they have now may choose theirs.
    const gms = discord.role(guild, 'Game masters');
    await owner.slash(tavern, 'campaign gm add', { who: gms.id }).answer();
    discord.setRoles(guild, mira, [gms]);
    const chosen = await mira.slash(tavern, 'campaign gm room', { where: 'dm' }).answer();
    expect(chosen.text).toContain('in your direct messages');
    await jon.slash(tavern, 'roll', { dice: '1d1', secret: true }).answer();
    await mira.waitFor(mira.directChannel, ({ text }) => SECRET.test(text), 'the roll in direct messages');
  });

  it('told to a game master who cannot be reached alone any more waits for them', async () => {
    const { discord, mira, owner, tavern } = evening;
    const gate = Promise.withResolvers<void>();
    evening.model.script(async () => {
      await gate.promise;
      return {};
    });
    const asked = owner.slash(tavern, 'npc create', { notes: 'a bored guard who sells the keys' });
    await asked.acknowledged();
    discord.clock.advance(16 * 60_000);
    gate.resolve();
    const sign = await owner.waitFor(
      tavern,
      ({ text }) => text.includes('Something waits for Olga'),
      'the sign',
    );
    expect((await mira.presses(tavern, sign, 'Show').answer()).text).toContain('Nothing waits for you');
    const waiting = await owner.presses(tavern, sign, 'Show').answer();
    expect(waiting).toMatchObject({ isEphemeral: true, text: expect.stringContaining('is drafted') });
    expect(mira.hasSeen(tavern)).not.toContain('is drafted');
  });

  it('of a drafted cast is on no card, in no answer and in no button that a player sees', async () => {
    const { discord, mira, jon, owner, tavern } = evening;
    const hidden = 'XANTHIPPE';
    evening.model.script((request) => {
      if (request.response_format === undefined) return { text: 'I keep what I know.' };
      const answer: Record<string, unknown> = JSON.parse(defaultAnswer(request));
      return {
        text: JSON.stringify(
          'secrets' in answer ? { ...answer, secrets: renamed(answer.secrets, hidden) } : answer,
        ),
      };
    });
    owner.slash(tavern, 'npc generate', { count: 2, prompt: 'smugglers' });
    const board = await owner.waitFor(tavern, ({ text }) => text.includes('✓ 2 of 2 drafted'), 'the cast');
    await owner.presses(tavern, board, 'Keep').answer();
    owner.presses(tavern, board, 'Talk');
    await owner.waitFor(tavern, ({ author }) => author !== 'Dramatis' && author !== 'Olga', 'the greeting');
    const [npc] = discord
      .messages(tavern)
      .flatMap(({ author }) => (author.kind === 'webhook' ? [author.name] : []));
    if (npc === undefined) throw new Error('nobody came on stage');
    mira.says(tavern, `${npc}, what do you hide?`);
    await evening.hears(npc, 'I keep what I know.');
    for (const command of ['npc show', 'npc history', 'npc edit'])
      await jon.slash(tavern, command, { npc }).answer();
    await owner.slash(tavern, 'npc cast').answer();
    const shown = await owner.slash(tavern, 'npc show', { npc }).answer();
    expect(shown).toMatchObject({ isEphemeral: true, text: expect.stringContaining(hidden) });
    await owner.presses(tavern, board, 'Edit', npc).aside();
    for (const player of [mira, jon]) expect(player.hasSeen(tavern)).not.toContain(hidden);
    const everybodys = discord.messages(tavern).filter(({ ephemeralFor }) => ephemeralFor !== owner.id);
    expect(JSON.stringify(everybodys.map(({ components }) => components))).not.toContain(hidden);
  });

  it('of a sheet is shown to the game master alone', async () => {
    const { mira, owner, tavern } = evening;
    const secret = 'buried the harbour master';
    await evening.brings('Hroon');
    await owner
      .slash(tavern, 'npc edit', { npc: 'Hroon', field: 'secrets', value: `${secret} | never` })
      .answer();
    const shown = await owner.slash(tavern, 'npc show', { npc: 'Hroon' }).answer();
    expect(shown).toMatchObject({ isEphemeral: true, text: expect.stringContaining(secret) });
    await mira.slash(tavern, 'npc show', { npc: 'Hroon' }).answer();
    expect(mira.hasSeen(tavern)).not.toContain(secret);
  });
});

/** Every text in it is this one. */
function renamed(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((each) => renamed(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, text)]));
}
