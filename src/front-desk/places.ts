import { LRUCache } from 'lru-cache';
import type { Campaign, Workspace } from '#src/core/entities.ts';
import type { Place } from '#src/core/front.ts';
import type { Store } from '#src/core/store.ts';

/** Workspaces kept in mind, so that a line does not begin with looking its workspace up. */
const MAX_WORKSPACES = 1000;

/** A place, and what is played there. */
export interface Located {
  readonly place: Place;
  readonly workspace: Workspace;
  readonly campaign: Campaign;
}

/** Finds the workspace that a place belongs to, and the campaign that is played there. */
export class Places {
  readonly #store: Store;
  readonly #workspaces = new LRUCache<string, Workspace>({ max: MAX_WORKSPACES });

  constructor(store: Store) {
    this.#store = store;
  }

  async workspaceOf({ platform, workspace: { platformId, name } }: Place): Promise<Workspace> {
    const key = `${platform}\n${platformId}`;
    const workspace =
      this.#workspaces.get(key) ?? (await this.#store.openWorkspace({ platform, platformId, name }));
    this.#workspaces.set(key, workspace);
    return workspace;
  }

  async locate(place: Place): Promise<Located> {
    const workspace = await this.workspaceOf(place);
    const campaign = await this.#store.campaignOf(workspace.id, place.channelId, place.parentId);
    return { place, workspace, campaign };
  }
}

/** Ids of what comes in derive from the platform's own, so that a second delivery is the same line. */
export function idOf(place: Place, platformId: string): string {
  return `${place.platform}:${place.workspace.platformId}:${place.channelId}:${platformId}`;
}
