import { describe, expect, it } from 'vitest';
import { settingsJson, settingsOf } from '#src/adapters/sqlite/settings.ts';

const initial = {
  improvFallback: false,
  improvIntroduced: false,
  gms: [],
  gmRoom: undefined,
  proxies: false,
};
const gale = { kind: 'person', id: 'person-1', name: 'Gale' };
const room = { platform: 'slack', workspace: { platformId: 'T1', name: 'Docks' }, channelId: 'C1' };

const read = (stored: unknown) => settingsOf({ id: 'c', settings: JSON.stringify(stored) });

describe('stored settings', () => {
  it('of an older version have initial values in what they lack', () => {
    expect(read({})).toEqual(initial);
    expect(read({ improvFallback: true })).toEqual({ ...initial, improvFallback: true });
  });

  it.each([
    ['no flags', { improvFallback: 'yes', improvIntroduced: 1, proxies: null }],
    ['game masters that are no list', { gms: { 0: gale } }],
    ['a room without a channel', { gmRoom: { ...room, channelId: undefined } }],
    ['a room of another platform', { gmRoom: { ...room, platform: 'irc' } }],
    ['a room in no workspace', { gmRoom: { ...room, workspace: 'T1' } }],
    ['a room in a workspace without a name', { gmRoom: { ...room, workspace: { platformId: 'T1' } } }],
    ['a room in a thread of nothing', { gmRoom: { ...room, parentId: 7 } }],
    ['a text for a room', { gmRoom: 'here' }],
    ['what nobody knows', { weather: 'rain' }],
  ])('are read without %s', (_, stored) => {
    expect(read(stored)).toEqual(initial);
    expect(read({ ...stored, improvFallback: true }).improvFallback).toBe(true);
  });

  it('keep the game masters that can be read', () => {
    const broken = [null, 'Gale', { ...gale, kind: 'friend' }, { ...gale, id: 1 }, { kind: 'role', id: 'r' }];
    expect(read({ gms: [...broken, gale] }).gms).toEqual([gale]);
    expect(read({ gmRoom: room }).gmRoom).toEqual(room);
  });

  it('that only a newer version knows stay when others are changed', () => {
    const row = { id: 'c', settings: JSON.stringify({ weather: 'rain', proxies: true, gmRoom: room }) };
    const changed = { ...settingsOf(row), proxies: false, gmRoom: undefined };
    const json = settingsJson(row, changed);
    expect(JSON.parse(json)).toMatchObject({ weather: 'rain' });
    expect(settingsOf({ id: 'c', settings: json })).toEqual(changed);
  });
});
