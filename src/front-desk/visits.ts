import type { Permission } from '#src/core/command.ts';
import { AskerUnreachable } from '#src/core/errors.ts';
import type { Person } from '#src/core/front.ts';
import { permissionIn } from '#src/core/game-masters.ts';
import type { Store } from '#src/core/store.ts';
import type { Notice, Stage } from '#src/core/view.ts';
import type { Visit } from '#src/scene/visit.ts';
import type { HiddenText } from './hidden-text.ts';
import type { ImprovIntroduction } from './improv-introduction.ts';
import type { Located } from './places.ts';
import { reachingStage } from './reaching-stage.ts';

/** A visit as the desk opens it: what a person finds who comes to a place. */
export interface DeskVisit extends Visit, Located {
  /** What the person may do in this campaign. */
  readonly permission: Permission;
  /** Shows it to the asker alone; false where that cannot be done any more, and it is kept nowhere then. */
  showAsker(notice: Notice): Promise<boolean>;
}

/** Opens visits, and sees to it that nothing said to one person alone is lost. */
export class Visits {
  readonly #store: Store;
  readonly #hidden: HiddenText;
  readonly #adminIds: readonly string[];
  readonly #improv: ImprovIntroduction;

  constructor(options: {
    readonly store: Store;
    readonly hidden: HiddenText;
    /** The platforms' ids of those who run the bot. */
    readonly adminIds: readonly string[];
    readonly improv: ImprovIntroduction;
  }) {
    this.#store = options.store;
    this.#hidden = options.hidden;
    this.#adminIds = options.adminIds;
    this.#improv = options.improv;
  }

  /** What a person may do in a campaign. */
  permission({ campaign }: Located, person: Person): Permission {
    return permissionIn(campaign.settings, person, this.#adminIds);
  }

  /** @param person who comes; nobody where a place is only looked at. */
  async open(located: Located, stage: Stage, person?: Person): Promise<DeskVisit> {
    const { place, workspace, campaign } = located;
    await this.#hidden.heardFrom(campaign.id, place, stage);
    const permission = person === undefined ? 'player' : this.permission(located, person);
    const visit: DeskVisit = {
      ...located,
      origin: { workspaceId: workspace.id, campaignId: campaign.id },
      store: this.#store.campaign(campaign.id),
      channelId: place.channelId,
      stage:
        person === undefined
          ? stage
          : reachingStage(stage, (hidden) =>
              this.#hidden.keepFor({ ...person, permission }, campaign.id, hidden, stage),
            ),
      showAsker: async (hidden) => {
        try {
          await stage.tell(hidden, 'asker');
          return true;
        } catch (error) {
          if (error instanceof AskerUnreachable) return false;
          throw error;
        }
      },
      permission,
      tellGms: (hidden) => this.#hidden.tellGms(campaign.id, hidden),
    };
    await this.#improv.atTheTable(visit);
    return visit;
  }
}
