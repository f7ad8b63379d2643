import { beforeEach, describe, expect, it, vi } from 'vitest';
import { boltLogger } from '#src/adapters/slack/bolt-log.ts';
import { lookOf } from '#src/adapters/slack/faces.ts';
import { People } from '#src/adapters/slack/people.ts';
import type { SlackUser } from '#src/adapters/slack/slack-api.ts';
import { MissingScope } from '#src/adapters/slack/slack-errors.ts';
import { UserGroups } from '#src/adapters/slack/user-groups.ts';
import { recordingLog } from './open-team.ts';

let logged: string[];
beforeEach(() => {
  logged = [];
});

describe('people', () => {
  const mira: SlackUser = { id: 'U1', name: 'Mira', isBot: false, isManager: true };

  it('are looked up once, however many ask at once', async () => {
    const now = 1;
    const user = vi.fn(async () => mira);
    const people = new People({ user }, recordingLog(logged), () => now);
    expect(await Promise.all([people.person('U1'), people.person('U1')])).toEqual([mira, mira]);
    expect((await people.names(['U1'])).person('U1')).toBe('Mira');
    expect(user).toHaveBeenCalledTimes(1);
  });

  it('who manage the workspace no more lead no more, however long they were not seen', async () => {
    let now = 1;
    const user = vi.fn<() => Promise<SlackUser>>().mockResolvedValueOnce(mira);
    const people = new People({ user }, recordingLog(logged), () => now);
    await people.person('U1');
    user.mockResolvedValue({ ...mira, isManager: false });
    now += 9 * 60_000;
    expect(await people.person('U1')).toMatchObject({ isManager: true });
    now += 2 * 60_000;
    expect(await people.person('U1')).toMatchObject({ isManager: false });
  });

  it('keep their last known name where Slack fails, and manage nothing meanwhile', async () => {
    let now = 1;
    const user = vi
      .fn<() => Promise<SlackUser>>()
      .mockResolvedValueOnce(mira)
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue(mira);
    const people = new People({ user }, recordingLog(logged), () => now);
    await people.person('U1');
    now += 11 * 60_000;
    expect(await people.person('U1')).toEqual({ ...mira, isManager: false });
    now += 31_000;
    expect(await people.person('U1')).toEqual(mira);
  });

  it('who cannot be named are told apart', async () => {
    const user = () => Promise.reject(new Error('no'));
    const people = new People({ user }, recordingLog(logged), () => 1);
    expect((await people.person('U0A3F')).name).toBe('Somebody (3F)');
    expect((await people.person('U0A4G')).name).toBe('Somebody (4G)');
  });

  it('who cannot be looked up are somebody, who manages nothing, and are asked for again later', async () => {
    let now = 1_000_000;
    const user = vi
      .fn<(id: string) => Promise<SlackUser>>()
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue(mira);
    const people = new People({ user }, recordingLog(logged), () => now);
    expect(await people.person('U1')).toMatchObject({ name: 'Somebody (U1)', isManager: false });
    expect(logged).toHaveLength(1);
    now += 31_000;
    expect(await people.person('U1')).toEqual(mira);
  });
});

describe('user groups', () => {
  const groups = new Map([
    ['S1', ['U1', 'U2']],
    ['S2', ['U2']],
  ]);

  it('are those that a person is in, looked up again after a minute', async () => {
    let now = 0;
    const userGroups = vi.fn(async () => groups);
    const roles = new UserGroups({ userGroups }, recordingLog(logged), () => now);
    expect(await roles.of('U2')).toEqual(['S1', 'S2']);
    expect(await roles.of('U1')).toEqual(['S1']);
    expect(userGroups).toHaveBeenCalledTimes(1);
    now = 61_000;
    await roles.of('U1');
    expect(userGroups).toHaveBeenCalledTimes(2);
  });

  it('are none without the scope, which is not asked for again', async () => {
    const userGroups = vi.fn(() => Promise.reject(new MissingScope('usergroups:read')));
    let now = 0;
    const roles = new UserGroups({ userGroups }, recordingLog(logged), () => now);
    expect(await roles.of('U1')).toEqual([]);
    now = 10_000_000;
    expect(await roles.of('U1')).toEqual([]);
    expect(userGroups).toHaveBeenCalledTimes(1);
    expect(logged).toEqual([]);
  });

  it('are left at once by whoever was taken out of one, however long ago they were read', async () => {
    let now = 0;
    const userGroups = vi.fn<() => Promise<typeof groups>>().mockResolvedValueOnce(groups);
    const roles = new UserGroups({ userGroups }, recordingLog(logged), () => now);
    expect(await roles.of('U1')).toEqual(['S1']);
    userGroups.mockResolvedValue(new Map([['S2', ['U2']]]));
    now = 30 * 24 * 3_600_000;
    expect(await roles.of('U1')).toEqual([]);
  });

  it('are none where Slack does not answer, and are asked for again soon', async () => {
    let now = 0;
    const userGroups = vi
      .fn<() => Promise<typeof groups>>()
      .mockResolvedValueOnce(groups)
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue(groups);
    const roles = new UserGroups({ userGroups }, recordingLog(logged), () => now);
    await roles.of('U1');
    now = 61_000;
    expect(await roles.of('U1')).toEqual([]);
    expect(logged).toHaveLength(1);
    now += 11_000;
    expect(await roles.of('U1')).toEqual(['S1']);
  });
});

describe('faces', () => {
  const npc = { id: 'n1', name: `Mira ${'x'.repeat(200)}`, avatar: '' };

  it('are the picture that can be reached, else always the same emoji', () => {
    const pictured = lookOf(npc, () => 'https://npc.example/a.png');
    expect(pictured).toMatchObject({ icon_url: 'https://npc.example/a.png' });
    expect(pictured.username?.length).toBeLessThanOrEqual(80);
    const drawn = lookOf(npc, () => undefined);
    expect(drawn.icon_emoji).toMatch(/^:[a-z_]+:$/);
    expect(lookOf(npc, () => 'http://unsafe.example/a.png')).toEqual(drawn);
  });

  it('are many, so that two on one stage seldom look alike', () => {
    const faces = Array.from({ length: 2000 }, (_, index) =>
      lookOf({ ...npc, id: `n${index}` }, () => undefined),
    );
    expect(new Set(faces.map(({ icon_emoji: face }) => face)).size).toBeGreaterThan(100);
  });
});

describe('Bolt’s log', () => {
  it('is ours without what it may quote', () => {
    const logger = boltLogger(recordingLog(logged));
    logger.debug('request {"text":"secret"}');
    logger.warn('Malformed request body: Unexpected token s in secret');
    logger.error(new TypeError('secret'));
    expect(logged).toEqual([
      'warn: The Slack library warns {"about":"Malformed request body"}',
      'warn: The Slack library reports an error {"about":"TypeError"}',
    ]);
  });
});
