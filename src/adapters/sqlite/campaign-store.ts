import type { Clock } from '#src/core/clock.ts';
import type { MemoryChange } from '#src/core/memory-store.ts';
import type { CampaignStore, CommittedLine } from '#src/core/store.ts';
import { castStore } from './casts.ts';
import { characterStore } from './characters.ts';
import { consolidationStore } from './consolidation.ts';
import { lineStore } from './lines.ts';
import { loreStore } from './lore.ts';
import { memoryStore } from './memories.ts';
import type { News } from './news.ts';
import { npcStore } from './npcs.ts';
import type { Processes } from './processes.ts';
import { sceneStore } from './scenes.ts';
import { settingsJson, settingsOf } from './settings.ts';
import type { Database } from './tables.ts';
import { usageStore } from './usage.ts';
import { waitingStore } from './waiting.ts';
import { timeStore } from './world-time.ts';

export function campaignStore(
  db: Database,
  clock: Clock,
  campaignId: string,
  inProcess: {
    readonly processes: Processes;
    readonly news: News;
    readonly onCommitted: (committed: CommittedLine) => void;
    readonly onMemories: (change: MemoryChange) => void;
  },
): CampaignStore {
  const { processes, news, onCommitted, onMemories } = inProcess;
  const stored = async (database: Database) => {
    const row = await database
      .selectFrom('campaigns')
      .select(['id', 'settings'])
      .where('id', '=', campaignId)
      .executeTakeFirst();
    if (row === undefined) throw new Error(`There is no campaign ${campaignId}.`);
    return row;
  };

  return {
    campaignId,
    settings: async () => settingsOf(await stored(db)),
    changeSettings: async (change) =>
      db.transaction().execute(async (transaction) => {
        const row = await stored(transaction);
        const now = settingsOf(row);
        const changed = { ...now, ...(typeof change === 'function' ? change(now) : change) };
        await transaction
          .updateTable('campaigns')
          .set({ settings: settingsJson(row, changed) })
          .where('id', '=', campaignId)
          .execute();
        return changed;
      }),
    time: timeStore(db, clock, campaignId),
    npcs: npcStore(db, clock, campaignId),
    casts: castStore(db, clock, campaignId),
    scenes: sceneStore(db, clock, campaignId),
    lines: lineStore(db, clock, campaignId, processes, onCommitted, onMemories),
    memories: memoryStore(db, clock, campaignId, news, onMemories),
    consolidation: consolidationStore(db, campaignId, onMemories),
    usage: usageStore(db, clock, campaignId),
    characters: characterStore(db, campaignId),
    waiting: waitingStore(db, campaignId),
    lore: loreStore(db, clock, campaignId),
  };
}
