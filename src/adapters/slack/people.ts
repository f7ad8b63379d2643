import { LRUCache } from 'lru-cache';
import type { Log } from '#src/core/log.ts';
import type { KnownNames } from './incoming-text.ts';
import type { SlackApi, SlackUser } from './slack-api.ts';

const MAX_PEOPLE = 5000;
/** Names and who manages the workspace change seldom. */
const FRESH_FOR_IN_MS = 10 * 60_000;
/** Somebody who could not be looked up is asked for again after this. */
const UNKNOWN_FOR_IN_MS = 30_000;
/** A message with more mentions than this names the others as "somebody". */
const MAX_MENTIONS = 10;

/** The people of one workspace, as far as they were met. */
export class People {
  readonly #users: LRUCache<string, SlackUser>;

  constructor(api: Pick<SlackApi, 'user'>, log: Log, now: () => number) {
    this.#users = new LRUCache<string, SlackUser>({
      max: MAX_PEOPLE,
      ttl: FRESH_FOR_IN_MS,
      perf: { now },
      ttlResolution: 0,
      allowStale: true,
      // One look-up at a time for each person, and the old name stands until the new one is there.
      fetchMethod: async (id, stale, { options }) => {
        try {
          return await api.user(id);
        } catch (error) {
          log.warn('A person of a Slack workspace could not be looked up', {}, error);
          options.ttl = UNKNOWN_FOR_IN_MS;
          return stale ?? { id, name: 'Somebody', isBot: false, isManager: false };
        }
      },
    });
  }

  async person(id: string): Promise<SlackUser> {
    return (await this.#users.fetch(id)) ?? { id, name: 'Somebody', isBot: false, isManager: false };
  }

  async names(ids: readonly string[]): Promise<KnownNames> {
    const found = await Promise.all(ids.slice(0, MAX_MENTIONS).map((id) => this.person(id)));
    const names = new Map(found.map(({ id, name }) => [id, name]));
    return { person: (id) => names.get(id) };
  }
}
