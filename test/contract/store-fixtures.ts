import { test } from 'vitest';
import type { Clock } from '#src/core/clock.ts';
import type { Line } from '#src/core/entities.ts';
import type { Store } from '#src/core/store.ts';
import { newLine, TestClock } from './store-samples.ts';

/** A place for one database that outlives the stores opened on it. */
export interface StorePlace {
  /** Each call is a connection of its own, as another process would have. */
  open(clock: Clock, secretKey?: string): Promise<Store>;
  remove(): Promise<void>;
}

/** `it` with a new place for each test, and in it a table that has a campaign and an open scene. */
export function storeTest(makePlace: () => Promise<StorePlace>) {
  return test
    .extend('clock', () => new TestClock())
    .extend('connect', async ({ clock }, { onCleanup }) => {
      const place = await makePlace();
      const stores: Store[] = [];
      onCleanup(async () => {
        for (const store of stores) await store.close();
        await place.remove();
      });
      return async (secretKey?: string) => {
        const store = await place.open(clock, secretKey);
        stores.push(store);
        return store;
      };
    })
    .extend('store', async ({ connect }) => connect())
    .extend('workspace', async ({ store }) =>
      store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' }),
    )
    .extend('campaign', async ({ store, workspace }) =>
      store.campaign((await store.campaignOf(workspace.id, 'table')).id),
    )
    .extend('scene', async ({ campaign }) => campaign.scenes.open('table'))
    .extend(
      'append',
      ({ campaign, scene }) =>
        async (id: string, change?: Parameters<typeof newLine>[2]) =>
          campaign.lines.append(newLine(id, scene.id, change)),
    )
    .extend(
      'idsOf',
      ({ campaign, scene }) =>
        async (limit: number, witness?: string): Promise<readonly Line['id'][]> => {
          const { lines } = campaign;
          const read =
            witness === undefined
              ? await lines.recent(scene.id, limit)
              : await lines.witnessed(scene.id, witness, limit);
          return read.map((line) => line.id);
        },
    );
}

export type StoreTest = ReturnType<typeof storeTest>;
