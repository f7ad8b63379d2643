import type { Logger } from '@slack/bolt';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { InstallationStore } from '#src/core/store.ts';
import type { TokenOwner } from './auth-test.ts';
import { SlackTeam } from './slack-team.ts';

const MAX_TEAMS = 1000;
const MAX_PEOPLE = 20_000;

export interface TeamsOptions {
  /** The one workspace that a bot token was set for; undefined: those that installed the app. */
  readonly only: { readonly owner: TokenOwner; readonly token: string } | undefined;
  readonly installations: InstallationStore;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly boltLogger: Logger;
}

/** The workspaces that the app is installed in. */
export class SlackTeams {
  readonly #options: TeamsOptions;
  readonly #only: SlackTeam | undefined;
  readonly #teams: LRUCache<string, SlackTeam>;
  /** Workspaces that are not ours, as far as they were told of. */
  readonly #strangers = new LRUCache<string, true>({ max: MAX_TEAMS });
  /** Where a person was met last. */
  readonly #homes = new LRUCache<string, string>({ max: MAX_PEOPLE });

  constructor(options: TeamsOptions) {
    this.#options = options;
    this.#only = options.only === undefined ? undefined : this.#team(options.only.owner, options.only.token);
    this.#teams = new LRUCache<string, SlackTeam>({
      max: MAX_TEAMS,
      // Lines that come in together wait for one look-up.
      fetchMethod: (teamId) => this.#installed(teamId),
    });
  }

  /** Undefined where the app is not installed there, or no more. */
  async byId(teamId: string): Promise<SlackTeam | undefined> {
    const team = await this.#find(teamId);
    if (team === undefined && !this.#strangers.has(teamId)) {
      this.#strangers.set(teamId, true);
      this.#options.log.warn(
        'The Slack app is not installed in this workspace; what comes from it is dropped',
        {
          teamId,
        },
      );
    }
    return team;
  }

  /** The workspace in which a person was met last. */
  async ofPerson(personId: string): Promise<SlackTeam | undefined> {
    const teamId = this.#homes.get(personId);
    return this.#only ?? (teamId === undefined ? undefined : this.byId(teamId));
  }

  met(personId: string, team: SlackTeam): void {
    this.#homes.set(personId, team.id);
  }

  /** What was installed anew is read anew. */
  forget(teamId: string): void {
    this.#teams.delete(teamId);
    this.#strangers.delete(teamId);
  }

  /** The app was removed, or its token revoked: nothing of the workspace is kept. */
  async remove(teamId: string): Promise<void> {
    if (this.#only?.id === teamId) {
      this.#options.log.error('The Slack app was removed from its workspace; install it again', { teamId });
    }
    this.forget(teamId);
    await this.#options.installations.remove('slack', teamId);
  }

  /** An app can be installed elsewhere too: what comes from there never acts in the one workspace. */
  async #find(teamId: string): Promise<SlackTeam | undefined> {
    if (this.#only === undefined) return this.#teams.fetch(teamId);
    return this.#only.id === teamId ? this.#only : undefined;
  }

  async #installed(teamId: string): Promise<SlackTeam | undefined> {
    const { installations, log } = this.#options;
    try {
      const found = await installations.byTeam('slack', teamId);
      if (found === undefined) return undefined;
      const { teamName, botUserId, botId, scopes, botToken } = found;
      return this.#team({ teamId, teamName, botUserId, botId, botName: '', scopes }, botToken);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Sealed with another SECRET_KEY: whoever runs us has to know, and the others play on.
      log.error(
        'The token of a Slack workspace cannot be read; let it install the app again',
        { teamId },
        error,
      );
      return undefined;
    }
  }

  #team(owner: TokenOwner, token: string): SlackTeam {
    const { apiUrl, clock, log, boltLogger } = this.#options;
    return new SlackTeam({ owner, token, apiUrl, clock, log, boltLogger });
  }
}
