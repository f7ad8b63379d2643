import type { Log } from '#src/core/log.ts';
import type { SlackApi } from './slack-api.ts';
import { MissingScope } from './slack-errors.ts';

/** Somebody who was put into a group is in it here after this. */
const FRESH_FOR_IN_MS = 60_000;

/** Which user groups people are in: Slack's roles. */
export class UserGroups {
  readonly #api: Pick<SlackApi, 'userGroups'>;
  readonly #log: Log;
  readonly #now: () => number;
  #groups: ReadonlyMap<string, readonly string[]> = new Map();
  #freshUntilInMs = 0;
  #loading: Promise<void> | undefined;
  #isRefused = false;

  constructor(api: Pick<SlackApi, 'userGroups'>, log: Log, now: () => number) {
    this.#api = api;
    this.#log = log;
    this.#now = now;
  }

  /** Ids of the groups; none where they could not be learnt. Waits only for the first look-up. */
  async of(personId: string): Promise<readonly string[]> {
    if (!this.#isRefused && this.#now() >= this.#freshUntilInMs) {
      const loading = this.#reload();
      if (this.#freshUntilInMs === 0) await loading;
    }
    return [...this.#groups].flatMap(([id, people]) => (people.includes(personId) ? [id] : []));
  }

  #reload(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    try {
      this.#groups = await this.#api.userGroups();
    } catch (error) {
      // Said at start already.
      if (error instanceof MissingScope) this.#isRefused = true;
      else this.#log.warn('The user groups of a Slack workspace could not be read', {}, error);
    }
    this.#freshUntilInMs = this.#now() + FRESH_FOR_IN_MS;
  }
}
