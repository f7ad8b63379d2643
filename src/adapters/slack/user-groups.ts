import type { Log } from '#src/core/log.ts';
import type { SlackApi } from './slack-api.ts';
import { MissingScope } from './slack-errors.ts';

/** Somebody who was put into a group is in it here after this. */
const FRESH_FOR_IN_MS = 60_000;
/** Where Slack did not answer it is asked again after this. */
const UNKNOWN_FOR_IN_MS = 10_000;

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

  /**
   * Ids of the groups, as they were a minute ago at most; none where they cannot be learnt: what a group lets people do
   * is never taken from before.
   */
  async of(personId: string): Promise<readonly string[]> {
    if (!this.#isRefused && this.#now() >= this.#freshUntilInMs) await this.#reload();
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
      this.#freshUntilInMs = this.#now() + FRESH_FOR_IN_MS;
    } catch (error) {
      // Said at start already.
      if (error instanceof MissingScope) this.#isRefused = true;
      else this.#log.warn('The user groups of a Slack workspace could not be read', {}, error);
      this.#groups = new Map();
      this.#freshUntilInMs = this.#now() + UNKNOWN_FOR_IN_MS;
    }
  }
}
