import type { Person, Place } from '#src/core/front.ts';
import { isDirectChannel, placeOf, type SlackSpot } from './place.ts';
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
  /** Who wrote the thread's first message, where Slack said so. */
  readonly parentUserId?: string | undefined;
}

/**
 * A scene that was opened with a thread of its own lives in that thread. Every other thread goes on with the scene of its
 * channel, and what answers there stays in the thread.
 */
export async function whereabouts(
  team: SlackTeam,
  threads: ThreadBook,
  { channel, userId, threadTs, parentUserId }: Happening,
): Promise<Whereabouts> {
  const directWith = isDirectChannel(channel) ? userId : undefined;
  const home = { teamId: team.id, teamName: team.name, directWith };
  const spot = { channel, threadTs };
  if (threadTs === undefined) return { place: placeOf(home, spot), spot, thread: undefined };
  const thread = await threads.kindOf(team, channel, threadTs, parentUserId);
  const scene = thread === 'scene' ? spot : { channel, threadTs: undefined };
  return { place: placeOf(home, scene), spot, thread };
}

/** Who did it, with the groups they are in. */
export async function personIn(team: SlackTeam, place: Place, userId: string): Promise<Person> {
  const [user, roles] = await Promise.all([team.people.person(userId), team.groups.of(userId)]);
  const isAtHome = place.workspace.platformId !== team.id;
  return {
    id: userId,
    name: user.name,
    permission: 'player',
    roles,
    // A direct conversation is a workspace of its own, which its person manages.
    isManager: isAtHome || user.isManager,
  };
}
