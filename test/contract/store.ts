import { describe } from 'vitest';
import { type StorePlace, storeTest } from './store-fixtures.ts';
import { installationContract } from './store-installations.ts';
import { campaignsAreStrangers } from './store-isolation.ts';
import { loreContract } from './store-lore.ts';
import { memoryContract } from './store-memories.ts';
import { npcContract } from './store-npcs.ts';
import { peopleContract } from './store-people.ts';
import { processContract } from './store-processes.ts';
import { revisionContract } from './store-revisions.ts';
import { sceneContract } from './store-scenes.ts';
import { tierContract } from './store-tiers.ts';
import { timeContract } from './store-time.ts';
import { workspaceContract } from './store-workspaces.ts';

/** What every implementation of the Store port must do. */
export function storeContract(name: string, makePlace: () => Promise<StorePlace>): void {
  const it = storeTest(makePlace);
  describe(`${name} as a Store`, () => {
    workspaceContract(it);
    npcContract(it);
    sceneContract(it);
    revisionContract(it);
    processContract(it);
    memoryContract(it);
    tierContract(it);
    timeContract(it);
    peopleContract(it);
    installationContract(it);
    loreContract(it);
    campaignsAreStrangers(it);
  });
}
