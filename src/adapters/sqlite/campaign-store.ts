import type { Clock } from '#src/core/clock.ts';
import type { CampaignSettings } from '#src/core/entities.ts';
import type { CampaignStore, CommittedLine } from '#src/core/store.ts';
import { castStore } from './casts.ts';
import { isSettings, readJson } from './json.ts';
import { lineStore } from './lines.ts';
import { memoryStore } from './memories.ts';
import { npcStore } from './npcs.ts';
import { sceneStore } from './scenes.ts';
import type { Database } from './tables.ts';
import { usageStore } from './usage.ts';

const INITIAL_SETTINGS: CampaignSettings = { improvFallback: false, improvIntroduced: false };

export function campaignStore(
  db: Database,
  clock: Clock,
  campaignId: string,
  onCommitted: (committed: CommittedLine) => void,
): CampaignStore {
  const settings = async (database: Database) => {
    const row = await database
      .selectFrom('campaigns')
      .select(['id', 'settings'])
      .where('id', '=', campaignId)
      .executeTakeFirst();
    if (row === undefined) throw new Error(`There is no campaign ${campaignId}.`);
    return settingsOf(row);
  };

  return {
    campaignId,
    settings: async () => settings(db),
    changeSettings: async (change) =>
      db.transaction().execute(async (transaction) => {
        const changed = { ...(await settings(transaction)), ...change };
        await transaction
          .updateTable('campaigns')
          .set({ settings: JSON.stringify(changed) })
          .where('id', '=', campaignId)
          .execute();
        return changed;
      }),
    npcs: npcStore(db, clock, campaignId),
    casts: castStore(db, clock, campaignId),
    scenes: sceneStore(db, clock, campaignId),
    lines: lineStore(db, clock, campaignId, onCommitted),
    memories: memoryStore(db, clock, campaignId),
    usage: usageStore(db, clock, campaignId),
  };
}

/** Settings that came after a campaign was made have their initial value in it. */
export function settingsOf(row: { readonly id: string; readonly settings: string }): CampaignSettings {
  return { ...INITIAL_SETTINGS, ...readJson(row.settings, isSettings, 'campaigns', row.id) };
}
