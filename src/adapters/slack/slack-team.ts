import type { Logger } from '@slack/bolt';
import { EditPacer, type PaceLimit } from '#src/chat/edit-pacer.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { TokenOwner } from './auth-test.ts';
import { People } from './people.ts';
import { SlackApi } from './slack-api.ts';
import { SlackFiles } from './slack-files.ts';
import { UserGroups } from './user-groups.ts';

/**
 * Slack lets all conversations of a workspace share 50 edits a minute, and a channel have one post a second, with short
 * bursts.
 */
const PACE_LIMITS: readonly PaceLimit[] = [
  { counts: 'edits', per: 'all', limit: 50, windowInMs: 60_000 },
  { counts: 'posts', per: 'channel', limit: 4, windowInMs: 4000 },
];

export interface TeamOptions {
  readonly owner: TokenOwner;
  readonly token: string;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly boltLogger: Logger;
}

/** One workspace that the app is installed in. */
export class SlackTeam {
  readonly id: string;
  readonly name: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly token: string;
  readonly api: SlackApi;
  readonly files: SlackFiles;
  readonly people: People;
  readonly groups: UserGroups;
  readonly pacer: EditPacer;
  readonly clock: Clock;
  readonly log: Log;
  /** NPCs may speak under their own name and face. */
  canShowFaces: boolean;
  /** Whether replies in threads are streamed; `untried` until Slack has shown that faces survive it. */
  streaming: 'untried' | 'works' | 'refused' = 'untried';

  constructor({ owner, token, apiUrl, clock, log, boltLogger }: TeamOptions) {
    this.id = owner.teamId;
    this.name = owner.teamName;
    this.botUserId = owner.botUserId;
    this.botId = owner.botId;
    this.token = token;
    this.clock = clock;
    this.log = log;
    this.api = new SlackApi(token, apiUrl, { logger: boltLogger });
    this.files = new SlackFiles({ api: this.api, token, apiUrl, scopes: owner.scopes, log });
    this.people = new People(this.api, log, () => clock.now());
    this.groups = new UserGroups(this.api, log, () => clock.now());
    this.pacer = new EditPacer({ clock, limits: PACE_LIMITS });
    this.canShowFaces = owner.scopes.length === 0 || owner.scopes.includes('chat:write.customize');
  }
}
