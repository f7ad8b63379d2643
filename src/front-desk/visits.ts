import { LRUCache } from 'lru-cache';
import type { Permission } from '#src/core/command.ts';
import type { Person } from '#src/core/front.ts';
import { permissionIn } from '#src/core/game-masters.ts';
import type { Store } from '#src/core/store.ts';
import { notice, type Stage } from '#src/core/view.ts';
import type { Visit } from '#src/scene/visit.ts';
import type { HiddenText } from './hidden-text.ts';
import type { Located } from './places.ts';
import { reachingStage } from './reaching-stage.ts';

/** Campaigns that improv was introduced to by this process. */
const MAX_INTRODUCED = 1000;

/** A visit as the desk opens it: what a person finds who comes to a place. */
export interface DeskVisit extends Visit, Located {
  /** What the person may do in this campaign. */
  readonly permission: Permission;
}

/** Opens visits, and sees to it that nothing said to one person alone is lost. */
export class Visits {
  readonly #store: Store;
  readonly #hidden: HiddenText;
  readonly #adminIds: readonly string[];
  readonly #hasModel: boolean;
  /** Campaigns that improv was introduced to, or is being. */
  readonly #introduced = new LRUCache<string, true>({ max: MAX_INTRODUCED });

  constructor(options: {
    readonly store: Store;
    readonly hidden: HiddenText;
    /** The platforms' ids of those who run the bot. */
    readonly adminIds: readonly string[];
    /** Whether any model is configured; without one improv plays. */
    readonly hasModel: boolean;
  }) {
    this.#store = options.store;
    this.#hidden = options.hidden;
    this.#adminIds = options.adminIds;
    this.#hasModel = options.hasModel;
  }

  /** What a person may do in a campaign. */
  permission({ campaign }: Located, person: Person): Permission {
    return permissionIn(campaign.settings, person, this.#adminIds);
  }

  /** @param person who comes; nobody where a place is only looked at. */
  async open(located: Located, stage: Stage, person?: Person): Promise<DeskVisit> {
    const { place, workspace, campaign } = located;
    await this.#hidden.heardFrom(campaign.id, place, stage);
    const visit: DeskVisit = {
      ...located,
      origin: { workspaceId: workspace.id, campaignId: campaign.id },
      store: this.#store.campaign(campaign.id),
      channelId: place.channelId,
      stage:
        person === undefined
          ? stage
          : reachingStage(stage, (hidden) => this.#hidden.keepFor(person, campaign.id, hidden, stage)),
      permission: person === undefined ? 'player' : this.permission(located, person),
      tellGms: (hidden) => this.#hidden.tellGms(campaign.id, hidden),
    };
    if (!campaign.settings.improvIntroduced) await this.#introduceImprov(visit);
    return visit;
  }

  /** The first time improv serves a campaign, it says what it is. */
  async #introduceImprov({ store, stage }: Pick<Visit, 'store' | 'stage'>): Promise<void> {
    const { campaignId } = store;
    if (this.#hasModel || this.#introduced.has(campaignId)) return;
    this.#introduced.set(campaignId, true);
    await store.changeSettings({ improvIntroduced: true });
    await stage.tell(IMPROV_INTRODUCTION, 'everyone');
  }
}

const IMPROV_INTRODUCTION = notice(
  'hint',
  'No language model is connected, so improv plays: our own tables and a small grammar. It drafts a good tavern crowd and speaks in character, but it only catches words and does not understand as a model does; what is secret it never tells.',
  'To connect a model, set CHAT_MODEL and OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) in .env; .env.example shows how, and "npm run doctor" checks it.',
);
