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
/** So much of an id tells two people apart who cannot be named. */
const ID_TAIL = 2;

/** The people of one workspace, as far as they were met. */
export class People {
  readonly #users: LRUCache<string, SlackUser>;

  constructor(api: Pick<SlackApi, 'user'>, log: Log, now: () => number) {
    this.#users = new LRUCache<string, SlackUser>({
      max: MAX_PEOPLE,
      ttl: FRESH_FOR_IN_MS,
      perf: { now },
      ttlResolution: 0,
      // One look-up at a time for each person, and all who ask meanwhile wait for it.
      fetchMethod: async (id, last, { options }) => {
        try {
          return await api.user(id);
        } catch (error) {
          log.warn('A person of a Slack workspace could not be looked up', {}, error);
          options.ttl = UNKNOWN_FOR_IN_MS;
          // A name may be an old one; what somebody may do is never taken from before.
          return last === undefined ? stranger(id) : { ...last, isManager: false };
        }
      },
    });
  }

  /** As Slack tells it, minutes old at most. Who cannot be looked up keeps the last known name and manages nothing. */
  async person(id: string): Promise<SlackUser> {
    return (await this.#users.fetch(id)) ?? stranger(id);
  }

  async names(ids: readonly string[]): Promise<KnownNames> {
    const found = await Promise.all(ids.slice(0, MAX_MENTIONS).map((id) => this.person(id)));
    const names = new Map(found.map(({ id, name }) => [id, name]));
    return { person: (id) => names.get(id) };
  }
}

/** Nobody knows their name: the transcript still tells them from others. */
function stranger(id: string): SlackUser {
  return { id, name: `Somebody (${id.slice(-ID_TAIL)})`, isBot: false, isManager: false };
}
