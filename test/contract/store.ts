import { describe } from 'vitest';
import { type StorePlace, storeTest } from './store-fixtures.ts';
import { campaignsAreStrangers } from './store-isolation.ts';
import { memoryContract } from './store-memories.ts';
import { npcContract } from './store-npcs.ts';
import { sceneContract } from './store-scenes.ts';
import { workspaceContract } from './store-workspaces.ts';

/** What every implementation of the Store port must do. */
export function storeContract(name: string, makePlace: () => Promise<StorePlace>): void {
  const it = storeTest(makePlace);
  describe(`${name} as a Store`, () => {
    workspaceContract(it);
    npcContract(it);
    sceneContract(it);
    memoryContract(it);
    campaignsAreStrangers(it);
  });
}
