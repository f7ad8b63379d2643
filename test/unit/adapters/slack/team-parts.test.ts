import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Arrivals } from '#src/adapters/slack/arrivals.ts';
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

describe('arrivals', () => {
  it('are handed on in order within a channel, however long each takes', async () => {
    const arrivals = new Arrivals();
    const order: string[] = [];
    const slow = Promise.withResolvers<void>();
    const first = arrivals.run('C1', async () => {
      await slow.promise;
      order.push('first');
    });
    const second = arrivals.run('C1', async () => void order.push('second'));
    await arrivals.run('C2', async () => void order.push('elsewhere'));
    expect(order).toEqual(['elsewhere']);
    slow.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(['elsewhere', 'first', 'second']);
  });

  it('go on after one that failed', async () => {
    const arrivals = new Arrivals();
    await expect(arrivals.run('C1', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await arrivals.run('C1', async () => 'next')).toBe('next');
  });
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

  it('who cannot be looked up are somebody, who manages nothing, and are asked for again later', async () => {
    let now = 1_000_000;
    const user = vi
      .fn<(id: string) => Promise<SlackUser>>()
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue(mira);
    const people = new People({ user }, recordingLog(logged), () => now);
    expect(await people.person('U1')).toMatchObject({ name: 'Somebody', isManager: false });
    expect(logged).toHaveLength(1);
    now += 31_000;
    await people.person('U1');
    await vi.waitFor(async () => expect(await people.person('U1')).toEqual(mira));
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

  it('stay as they were where Slack does not answer', async () => {
    let now = 0;
    const userGroups = vi
      .fn<() => Promise<typeof groups>>()
      .mockResolvedValueOnce(groups)
      .mockRejectedValue(new Error('no'));
    const roles = new UserGroups({ userGroups }, recordingLog(logged), () => now);
    await roles.of('U1');
    now = 61_000;
    await roles.of('U1');
    expect(await roles.of('U1')).toEqual(['S1']);
    expect(logged).toHaveLength(1);
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
