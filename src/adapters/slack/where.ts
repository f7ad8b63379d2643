import type { Person, Place } from '#src/core/front.ts';
import { isDirectChannel, placeOf, type SlackSpot, teamOf } from './place.ts';
import type { SlackTeam } from './slack-team.ts';
import type { ThreadBook, ThreadKind } from './threads.ts';

/** Where something happened, and where its answers go. */
export interface Whereabouts {
  readonly place: Place;
  readonly spot: SlackSpot;
  readonly thread: ThreadKind | undefined;
}

export interface Happening {
  readonly channel: string;
  readonly userId: string;
  /** The thread it happened in. */
  readonly threadTs: string | undefined;
}

/**
 * A scene that was opened with a thread of its own lives in that thread. Every other thread goes on with the scene of its
 * channel, and what answers there stays in the thread.
 * @throws ThreadUnknown where Slack does not say which of the two it is.
 */
export async function whereabouts(
  team: SlackTeam,
  threads: ThreadBook,
  { channel, userId, threadTs }: Happening,
): Promise<Whereabouts> {
  const { inThread, inChannel } = bothPlaces(team, { channel, userId, threadTs });
  const spot = { channel, threadTs };
  if (threadTs === undefined) return { place: inChannel, spot, thread: undefined };
  const thread = await threads.kindOf(team, channel, threadTs);
  return { place: thread === 'scene' ? inThread : inChannel, spot, thread };
}

/** The places in one of which something happened: the same where it was in no thread. */
export function bothPlaces(
  team: SlackTeam,
  { channel, userId, threadTs }: Happening,
): { readonly inThread: Place; readonly inChannel: Place } {
  const directWith = isDirectChannel(channel) ? userId : undefined;
  const home = { teamId: team.id, teamName: team.name, directWith };
  return {
    inThread: placeOf(home, { channel, threadTs }),
    inChannel: placeOf(home, { channel, threadTs: undefined }),
  };
}

/** Who did it, with the groups they are in. */
export async function personIn(team: SlackTeam, place: Place, userId: string): Promise<Person> {
  const [user, roles] = await Promise.all([team.people.person(userId), team.groups.of(userId)]);
  return {
    id: userId,
    name: user.name,
    permission: 'player',
    roles,
    // A direct conversation is a workspace of its own, which its person manages.
    isManager: teamOf(place).directWith === userId || user.isManager,
  };
}
