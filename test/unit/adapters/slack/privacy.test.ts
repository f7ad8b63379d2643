import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from '#src/adapters/slack/place.ts';
import { privacyIn } from '#src/adapters/slack/privacy.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import { type OpenTeam, openTeam } from './open-team.ts';

let open: OpenTeam;
let gwen: SlackPerson;
let mira: SlackPerson;
beforeEach(async () => {
  open = await openTeam();
  gwen = open.slack.person(open.world, 'Gwen', { isAdmin: true });
  mira = open.slack.person(open.world, 'Mira');
});
afterEach(() => open[Symbol.asyncDispose]());

function placeIn(channel: string, directWith?: string) {
  const home = { teamId: open.world.id, teamName: 'Salt Docks', directWith };
  return placeOf(home, { channel, threadTs: undefined });
}
/** Those of the workspace, or of somebody's direct conversation. */
const managers = (directWith?: string) => ({
  people: [],
  roles: [],
  areManagers: true,
  workspace: placeIn('', directWith).workspace,
});
const named = (...people: readonly string[]) => ({ ...managers(), people, areManagers: false });
function check(channel: string, gms: Parameters<typeof privacyIn>[2], directWith?: string) {
  return privacyIn(open.team, placeIn(channel, directWith), gms);
}
const room = (kind: 'public' | 'private', ...members: readonly SlackPerson[]) =>
  open.slack.channel(open.world, 'room', { members, kind }).id;

describe('who reads there', () => {
  it('is everybody in a public channel', async () => {
    expect(await check(room('public', gwen), managers())).toEqual({
      isPrivate: false,
      why: 'Everybody in the workspace can read a public channel.',
    });
  });

  it('is its members in a private one: all game masters, or somebody who is none', async () => {
    expect(await check(room('private', gwen), managers())).toEqual({ isPrivate: true });
    expect(await check(room('private', mira), named(mira.id))).toEqual({ isPrivate: true });
    expect(await check(room('private', gwen, mira), managers())).toEqual({
      isPrivate: false,
      why: 'Mira reads there and is no game master.',
    });
    // Nobody leads by managing the workspace once somebody is named.
    expect(await check(room('private', gwen), named(mira.id))).toMatchObject({ isPrivate: false });
  });

  it('is looked at anew each time', async () => {
    const channel = open.slack.channel(open.world, 'room', { members: [gwen], kind: 'private' });
    expect(await check(channel.id, managers())).toEqual({ isPrivate: true });
    channel.members.add(mira.id);
    expect(await check(channel.id, managers())).toMatchObject({ isPrivate: false });
  });

  it('is one person in a direct conversation', async () => {
    expect(await check(gwen.dm.id, managers())).toEqual({ isPrivate: true });
    expect(await check(mira.dm.id, managers())).toEqual({
      isPrivate: false,
      why: 'Mira reads there and is no game master.',
    });
  });

  it('is whoever leads a direct conversation, because it is their own', async () => {
    const dm = mira.dm.id;
    expect(await check(dm, managers(mira.id), mira.id)).toEqual({ isPrivate: true });
    // The conversation is hers; the campaign of the workspace is not.
    expect(await check(dm, managers(), mira.id)).toMatchObject({ isPrivate: false });
    expect(await check(dm, managers(gwen.id), mira.id)).toMatchObject({ isPrivate: false });
    expect(await check(room('private', gwen), managers(mira.id))).toMatchObject({ isPrivate: false });
  });

  it('is nobody who leads elsewhere by managing another workspace', async () => {
    const elsewhere = { ...managers(), workspace: { platformId: 'T9', name: 'Elsewhere' } };
    expect(await check(gwen.dm.id, elsewhere, gwen.id)).toMatchObject({ isPrivate: false });
    expect(await check(gwen.dm.id, { ...elsewhere, people: [gwen.id] }, gwen.id)).toEqual({
      isPrivate: true,
    });
  });

  it('cannot be told without the scope for it, and then counts as read by others', async () => {
    const channel = room('private', gwen);
    open.world.scopes.delete('groups:read');
    expect(await check(channel, managers())).toMatchObject({
      isPrivate: false,
      why: expect.stringContaining('groups:read'),
    });
  });

  it('cannot be told where Slack does not say, and then counts as read by others', async () => {
    const channel = room('private', gwen);
    open.slack.disturb(() => ({ error: 'fatal_error' }));
    expect(await check(channel, managers())).toMatchObject({ isPrivate: false });
  });
});
