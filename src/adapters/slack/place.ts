import type { Place } from '#src/core/front.ts';

/**
 * How Slack's places are written as ours, in this file alone. A channel is its id; a thread is `CHANNEL/THREAD_TS` with
 * the channel as its parent; a direct conversation is in a workspace of its own, `TEAM:dm:USER`.
 */
const THREAD_MARK = '/';
const DIRECT_MARK = ':dm:';

export interface SlackSpot {
  readonly channel: string;
  /** The root message of the thread. */
  readonly threadTs: string | undefined;
}

export interface SlackHome {
  readonly teamId: string;
  readonly teamName: string;
  /** The person whose direct conversation it is. */
  readonly directWith: string | undefined;
}

export function placeOf(home: SlackHome, { channel, threadTs }: SlackSpot): Place {
  const { teamId, teamName, directWith } = home;
  const workspace =
    directWith === undefined
      ? { platformId: teamId, name: teamName }
      : { platformId: `${teamId}${DIRECT_MARK}${directWith}`, name: `${teamName}, one person` };
  return threadTs === undefined
    ? { platform: 'slack', workspace, channelId: channel }
    : {
        platform: 'slack',
        workspace,
        channelId: threadChannel(channel, threadTs),
        parentId: channel,
      };
}

export function threadChannel(channel: string, threadTs: string): string {
  return `${channel}${THREAD_MARK}${threadTs}`;
}

export function spotOf({ channelId }: Pick<Place, 'channelId'>): SlackSpot {
  const [channel = '', threadTs] = channelId.split(THREAD_MARK);
  return { channel, threadTs };
}

export function teamOf(place: Pick<Place, 'workspace'>): {
  readonly teamId: string;
  readonly directWith: string | undefined;
} {
  const [teamId = '', directWith] = place.workspace.platformId.split(DIRECT_MARK);
  return { teamId, directWith };
}

/**
 * A message's id as the inside keeps it: the message's ts, and `THREAD_TS/TS` in a thread that goes on with the scene of
 * its channel, where the place alone does not say in which thread it stands.
 */
export function messageIdAt(place: Place, { threadTs }: SlackSpot, ts: string): string {
  const isBesideScene = threadTs !== undefined && spotOf(place).threadTs === undefined;
  return isBesideScene ? `${threadTs}${THREAD_MARK}${ts}` : ts;
}

/** Where a message of ours stands, by the id that `messageIdAt` made. */
export function messageAt(
  place: Place,
  messageId: string,
): { readonly spot: SlackSpot; readonly ts: string } {
  const spot = spotOf(place);
  const [first = '', second] = messageId.split(THREAD_MARK);
  return second === undefined ? { spot, ts: first } : { spot: { ...spot, threadTs: first }, ts: second };
}

/** Slack gives the channels of direct conversations ids that begin so. */
export function isDirectChannel(channel: string): boolean {
  return channel.startsWith('D');
}
