import { describe, expect, it } from 'vitest';
import { isDirectChannel, placeOf, spotOf, teamOf } from '#src/adapters/slack/place.ts';

const home = { teamId: 'T1', teamName: 'Salt Docks', directWith: undefined };

describe('a place', () => {
  it('is a channel of its workspace', () => {
    const place = placeOf(home, { channel: 'C1', threadTs: undefined });
    expect(place).toEqual({
      platform: 'slack',
      workspace: { platformId: 'T1', name: 'Salt Docks' },
      channelId: 'C1',
    });
    expect(spotOf(place)).toEqual({ channel: 'C1', threadTs: undefined });
  });

  it('is a thread with its channel as parent', () => {
    const place = placeOf(home, { channel: 'C1', threadTs: '17.000100' });
    expect(place).toMatchObject({ channelId: 'C1/17.000100', parentId: 'C1' });
    expect(spotOf(place)).toEqual({ channel: 'C1', threadTs: '17.000100' });
  });

  it('is a workspace of its own for a direct conversation', () => {
    const place = placeOf({ ...home, directWith: 'U1' }, { channel: 'D1', threadTs: undefined });
    expect(place.workspace.platformId).toBe('T1:dm:U1');
    expect(teamOf(place)).toEqual({ teamId: 'T1', directWith: 'U1' });
    expect(isDirectChannel('D1')).toBe(true);
    expect(isDirectChannel('C1')).toBe(false);
  });
});
