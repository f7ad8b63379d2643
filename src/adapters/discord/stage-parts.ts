import type { EditPacer } from '#src/chat/edit-pacer.ts';
import type { AvatarAddress } from '#src/core/adapter.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { ActionCodes } from './action-codes.ts';
import type { DiscordApi } from './discord-api.ts';
import type { NpcWebhooks } from './webhooks.ts';

/** What every stage works with; one of each per process. */
export interface StageParts {
  readonly api: DiscordApi;
  readonly pacer: EditPacer;
  readonly webhooks: NpcWebhooks;
  readonly codes: ActionCodes;
  readonly avatarOf: AvatarAddress;
  readonly clock: Clock;
  readonly log: Log;
  /** Says something unless it was said before; it was not where `say` rejects. */
  readonly once: (key: string, say: () => Promise<void>) => Promise<void>;
}
