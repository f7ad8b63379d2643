/** Requests a minute, per method, workspace and app, as Slack's tiers say ("20+ a minute" is taken as 20). */
const TIER = { one: 10, two: 20, three: 50, four: 100 } as const;

/** A message a second to one channel; bursts are tolerated, nobody says how long: so many at once. */
const POST_BURST = 5;
const POSTS_PER_SECOND = 1;
/** Over a whole workspace "several hundred messages a minute". */
const POSTS_PER_WORKSPACE = 300;

const METHOD_LIMITS: Readonly<Record<string, number>> = {
  'apps.connections.open': TIER.one,
  'auth.revoke': TIER.three,
  'auth.test': 600,
  'bots.info': TIER.three,
  'chat.appendStream': TIER.four,
  'chat.delete': TIER.three,
  'chat.getPermalink': 600,
  'chat.postEphemeral': TIER.four,
  'chat.postMessage': POSTS_PER_WORKSPACE,
  'chat.startStream': TIER.two,
  'chat.stopStream': TIER.two,
  'chat.update': TIER.three,
  'conversations.history': TIER.three,
  'conversations.info': TIER.three,
  'conversations.join': TIER.three,
  'conversations.list': TIER.two,
  'conversations.members': TIER.four,
  'conversations.open': TIER.three,
  'conversations.replies': TIER.three,
  'files.info': TIER.four,
  'oauth.v2.access': 600,
  'team.info': TIER.three,
  'usergroups.list': TIER.two,
  'usergroups.users.list': TIER.two,
  'users.conversations': TIER.three,
  'users.info': TIER.four,
  'users.list': TIER.two,
  'views.open': TIER.four,
  'views.publish': TIER.four,
  'views.push': TIER.four,
  'views.update': TIER.four,
};

const MINUTE_IN_MS = 60_000;

/** Counts requests, and says how long whoever asked too often has to wait. */
export class Rates {
  readonly #now: () => number;
  readonly #asked = new Map<string, number[]>();
  readonly #buckets = new Map<string, { tokens: number; atInMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds to wait; undefined: go on. What is refused does not count. */
  take(method: string, teamId: string, channelId: string | undefined): number | undefined {
    const now = this.#now();
    const limit = METHOD_LIMITS[method] ?? TIER.two;
    const key = `${method} ${teamId}`;
    const recent = (this.#asked.get(key) ?? []).filter((atInMs) => atInMs > now - MINUTE_IN_MS);
    this.#asked.set(key, recent);
    const oldest = recent[0];
    if (recent.length >= limit && oldest !== undefined) return oldest + MINUTE_IN_MS - now;
    if (method === 'chat.postMessage' && channelId !== undefined) {
      const waitInMs = this.#takeFromBucket(`${teamId} ${channelId}`, now);
      if (waitInMs !== undefined) return waitInMs;
    }
    recent.push(now);
    return undefined;
  }

  forget(): void {
    this.#asked.clear();
    this.#buckets.clear();
  }

  #takeFromBucket(key: string, now: number): number | undefined {
    const bucket = this.#buckets.get(key) ?? { tokens: POST_BURST, atInMs: now };
    const tokens = Math.min(POST_BURST, bucket.tokens + ((now - bucket.atInMs) / 1000) * POSTS_PER_SECOND);
    const isEnough = tokens >= 1;
    this.#buckets.set(key, { tokens: isEnough ? tokens - 1 : tokens, atInMs: now });
    return isEnough ? undefined : ((1 - tokens) / POSTS_PER_SECOND) * 1000;
  }
}
