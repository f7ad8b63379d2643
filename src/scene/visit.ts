import type { Origin } from '#src/core/model.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { Notice, Stage } from '#src/core/view.ts';

/** One channel of one campaign, as a visitor finds it. */
export interface Visit {
  readonly store: CampaignStore;
  readonly origin: Origin;
  readonly channelId: string;
  readonly stage: Stage;
  /** Tells the campaign's game masters and nobody else, now or when one of them looks. Never rejects. */
  tellGms(notice: Notice): Promise<void>;
}
