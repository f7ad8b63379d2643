import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AskerUnreachable } from '#src/core/errors.ts';
import { notice } from '#src/core/view.ts';
import { ann, ben, inn, openDesk, owner } from '../../support/chat-desk.ts';
import { admin, place as localTable } from '../../support/front.ts';
import type { RecordingPlatform } from '../../support/recording-platform.ts';
import { RecordingStage } from '../../support/recording-stage.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

const den = { ...inn, channelId: 'den' };
const announcement = 'Something waits for the game master: /waiting shows it.';

/** A player rolls in secret: only the game masters may see what came of it. */
const rollInSecret = (desk: Awaited<ReturnType<typeof openDesk>>) =>
  desk.run('roll', { dice: '1d20', secret: 'yes' }, ann);

describe('the GM room', () => {
  it('is set where nobody else reads, and is told so', async () => {
    const { run, platform, campaign } = await openDesk(table);
    await run('campaign gm add', { who: 'person:ann Ann' });
    await run('campaign gm add', { who: 'role:r1 Storytellers' });
    await run('campaign gm remove', { who: 'person:owner Odile' });
    expect(await run('campaign gm room', { where: 'here' }, ann, undefined, den)).toMatch(
      /cannot be the GM room\. Everybody reads there\./u,
    );
    expect((await campaign.settings()).gmRoom).toBeUndefined();
    expect(platform.asked.at(-1)).toEqual({
      place: den,
      gms: { people: ['ann'], roles: ['r1'], areManagers: false, workspace: inn.workspace },
    });
    platform.privateChannels.add('den');
    expect(await run('campaign gm room', { where: 'here' }, ann, undefined, den)).toContain(
      'is written here',
    );
    expect((await campaign.settings()).gmRoom).toEqual(den);
    expect(platform.toldIn('den')[0]).toContain('game masters');
    expect(await run('campaign show', {}, ann)).toContain('is written in the GM room');
  });

  it('may be set by whoever manages the place, who is told that they do not read there', async () => {
    const { run, platform } = await openDesk(table);
    await run('campaign gm add', { who: 'person:ann Ann' });
    platform.privateChannels.add('den');
    const warden = { ...owner, id: 'warden', name: 'Wanda' };
    expect(await run('campaign gm room', { where: 'here' }, warden, undefined, den)).toMatch(
      /here from now on\. Game masters of this campaign: Ann, Odile\. You are not one of them\.$/u,
    );
    expect(await run('campaign gm room', { where: 'here' }, ann, undefined, den)).toMatch(/from now on\.$/u);
  });

  it('may be direct messages, where we can write there', async () => {
    const { run, platform, campaign } = await openDesk(table);
    platform.privateChannels.add('dm-owner');
    platform.goneChannels.add('dm-owner');
    expect(await run('campaign gm room', { where: 'dm' })).toContain('That channel is gone.');
    expect((await campaign.settings()).gmRoom).toBeUndefined();
    platform.goneChannels.clear();
    expect(await run('campaign gm room', { where: 'dm' })).toContain('in your direct messages');
    expect((await campaign.settings()).gmRoom).toMatchObject({ channelId: 'dm-owner' });
    expect(await run('campaign show')).toContain('is written in direct messages');
    await run('campaign gm room', { where: 'none' });
    expect((await campaign.settings()).gmRoom).toBeUndefined();
  });

  it('gets what is hidden, and nobody else does', async () => {
    const desk = await openDesk(table);
    desk.platform.privateChannels.add('den');
    await desk.run('campaign gm room', { where: 'here' }, owner, undefined, den);
    expect(await rollInSecret(desk)).toBe('Rolled. Only the GM sees it.');
    expect(desk.platform.toldIn('den').at(-1)).toMatch(/^Ann rolls in secret 1d20/u);
    expect(desk.platform.toldIn('inn')).toEqual([]);
    expect(await desk.run('waiting')).toBe('Nothing waits for you.');
  });

  it('gets nothing any more once others read there: it waits, with the reason', async () => {
    const desk = await openDesk(table);
    desk.platform.privateChannels.add('den');
    await desk.run('campaign gm room', { where: 'here' }, owner, undefined, den);
    const before = desk.platform.toldIn('den').length;
    desk.platform.privateChannels.clear();
    await rollInSecret(desk);
    await rollInSecret(desk);
    expect(desk.platform.toldIn('den')).toHaveLength(before);
    expect(desk.platform.toldIn('inn')).toEqual([announcement]);
    const shown = await desk.run('waiting');
    expect(shown.match(/rolls in secret/gu)).toHaveLength(2);
    expect(shown.match(/could not go to the GM room\. Everybody reads there\./gu)).toHaveLength(1);
    expect(desk.stage.notices.at(-1)?.audience).toBe('asker');
  });

  it.each([
    ['is gone', (platform: RecordingPlatform) => platform.goneChannels.add('den'), 'That channel is gone.'],
    [
      'fails',
      (platform: RecordingPlatform) => vi.spyOn(platform, 'privacyOf').mockRejectedValue(new Error('500')),
      'could not be reached',
    ],
  ])('that %s loses nothing', async (_, breakIt, why) => {
    const desk = await openDesk(table);
    desk.platform.privateChannels.add('den');
    await desk.run('campaign gm room', { where: 'here' }, owner, undefined, den);
    breakIt(desk.platform);
    await rollInSecret(desk);
    const shown = await desk.run('waiting');
    expect(shown).toContain('rolls in secret');
    expect(shown).toContain(why);
  });

  it('is none at the local table, where the owner leads', async () => {
    const { front } = await openDesk(table);
    const stage = new RecordingStage();
    const commands = [
      ['campaign gm room', { where: 'here' }],
      ['campaign gm add', { who: 'Ann' }],
      ['campaign gm remove', { who: 'Ann' }],
    ] as const;
    for (const [command, options] of commands) {
      const call = {
        place: localTable,
        callId: command,
        person: admin,
        speaker: undefined,
        command,
        options,
      };
      await front.run(call, stage);
    }
    for (const told of stage.told) expect(told).toMatch(/^At the local table whoever sits here leads/u);
    expect(stage.told).toHaveLength(3);
  });
});

describe('without a GM room', () => {
  it('is told where the campaign was last heard from, if game masters alone read there', async () => {
    const desk = await openDesk(table);
    desk.platform.privateChannels.add('inn');
    await rollInSecret(desk);
    expect(desk.platform.toldIn('inn').at(-1)).toMatch(/^Ann rolls in secret/u);
  });

  it('waits otherwise, is announced once until somebody looked, and shown to game masters alone', async () => {
    const desk = await openDesk(table);
    await rollInSecret(desk);
    await rollInSecret(desk);
    expect(desk.platform.toldIn('inn')).toEqual([announcement]);
    const [announced] = desk.platform.stages.get('inn')?.notices ?? [];
    expect(announced).toMatchObject({ audience: 'everyone', notice: { actions: [{ command: 'waiting' }] } });
    expect(await desk.run('waiting', {}, ben)).toBe('Nothing waits for you.');
    const shown = await desk.run('waiting', {}, owner);
    expect(shown.match(/Ann rolls in secret/gu)).toHaveLength(2);
    expect(await desk.run('waiting', {}, owner)).toBe('Nothing waits for you.');
    await rollInSecret(desk);
    expect(desk.platform.toldIn('inn')).toEqual([announcement, announcement]);
  });

  it('is announced when the campaign is next heard from, where nobody was there to be told', async () => {
    const desk = await openDesk(table);
    await desk.front.tellGms(desk.campaign.campaignId, notice('hint', 'gpt-x does not answer.'));
    expect(desk.platform.toldIn('inn')).toEqual([]);
    await desk.run('help', {}, ann);
    expect(desk.platform.toldIn('inn')).toEqual([announcement]);
    expect(await desk.run('waiting')).toContain('gpt-x does not answer.');
  });

  it('is announced again later where the announcement fails', async () => {
    const desk = await openDesk(table);
    desk.platform.goneChannels.add('inn');
    await rollInSecret(desk);
    desk.platform.goneChannels.clear();
    await desk.run('help', {}, ann);
    expect(desk.platform.toldIn('inn')).toEqual([announcement]);
  });

  it('shows much of it in parts', async () => {
    const desk = await openDesk(table);
    for (let count = 1; count <= 7; count += 1) {
      await desk.front.tellGms(desk.campaign.campaignId, notice('hint', `number ${count}.`));
    }
    const first = await desk.run('waiting');
    expect(first).toMatch(/number 1\..*number 5\.\n2 more: \/waiting again\./su);
    expect(desk.stage.notices.at(-1)?.notice.actions).toMatchObject([{ command: 'waiting' }]);
    expect(await desk.run('waiting')).toMatch(/number 6\..*number 7\.$/su);
  });

  it('stays in its own campaign', async () => {
    const desk = await openDesk(table);
    await rollInSecret(desk);
    await desk.run('campaign create', { name: 'Another' });
    expect(await desk.run('waiting')).toBe('Nothing waits for you.');
  });
});

describe('what was for one person alone and cannot reach them any more', () => {
  it('waits for that person, and the channel is told that it does', async () => {
    const desk = await openDesk(table);
    await desk.addNpc('Tilda');
    const late = new RecordingStage();
    const tell = late.tell.bind(late);
    vi.spyOn(late, 'tell').mockImplementation(async (told, audience) => {
      if (audience === 'asker') throw new AskerUnreachable('the token has expired');
      await tell(told, audience);
    });
    await desk.run('npc show', { npc: 'Tilda' }, owner, late);
    expect(late.notices).toMatchObject([
      { audience: 'everyone', notice: { actions: [{ command: 'waiting' }] } },
    ]);
    expect(late.told).toEqual(['Something waits for Odile: /waiting shows it.']);
    expect(desk.faults).toEqual([]);
    await desk.run('campaign gm add', { who: 'person:ben Ben' });
    expect(await desk.run('waiting', {}, ben)).toBe('Nothing waits for you.');
    expect(await desk.run('waiting', {}, owner)).toContain('Tilda');
  });

  it('reaches a player too, whose own it is', async () => {
    const desk = await openDesk(table);
    const late = new RecordingStage();
    vi.spyOn(late, 'tell').mockRejectedValueOnce(new AskerUnreachable('the token has expired'));
    await desk.run('roll', { dice: 'banana' }, ann, late);
    expect(late.told).toEqual(['Something waits for Ann: /waiting shows it.']);
    expect(await desk.run('waiting', {}, ann)).toContain('Write 2d6+3');
  });
});

describe('what waits', () => {
  const roll = (desk: Awaited<ReturnType<typeof openDesk>>) => rollInSecret(desk);
  const told = (desk: Awaited<ReturnType<typeof openDesk>>) =>
    desk.platform.toldIn(inn.channelId).filter((text) => text === announcement).length;

  it('is announced as soon as that can be, where it could not be at first', async () => {
    const desk = await openDesk(table);
    desk.platform.goneChannels.add(inn.channelId);
    await roll(desk);
    expect(told(desk)).toBe(0);
    desk.platform.goneChannels.clear();
    await desk.run('campaign show');
    expect(told(desk)).toBe(1);
    await desk.run('campaign show');
    await roll(desk);
    expect(told(desk)).toBe(1);
  });

  it('is there for each game master until they have seen it', async () => {
    const desk = await openDesk(table);
    await desk.campaign.changeSettings({
      gms: [
        { kind: 'person', id: ann.id, name: 'Ann' },
        { kind: 'person', id: ben.id, name: 'Ben' },
      ],
    });
    await desk.front.tellGms(desk.campaign.campaignId, notice('plain', 'The butler did it.'));
    for (const person of [ann, ben]) {
      expect(await desk.run('waiting', {}, person)).toContain('The butler did it.');
      expect(await desk.run('waiting', {}, person)).toBe('Nothing waits for you.');
    }
  });

  it('is for nobody who leads no more', async () => {
    const desk = await openDesk(table);
    await desk.campaign.waiting.add({
      id: 'kept',
      personId: ann.id,
      permission: 'gm',
      notice: notice('plain', 'Her whole sheet.'),
      sinceInMs: 0,
    });
    expect(await desk.run('waiting', {}, ann)).toBe('Nothing waits for you.');
  });
});
