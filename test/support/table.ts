import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { type Clock, systemClock } from '#src/core/clock.ts';
import type { Npc, Speaker } from '#src/core/entities.ts';
import type { Persona } from '#src/core/persona.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import type { Visit } from '#src/scene/visit.ts';
import { personaOf } from './personas.ts';
import { RecordingStage } from './recording-stage.ts';

/** A table in memory: a real store, one campaign, one channel, a stage that remembers. */
export interface Table {
  readonly store: Store;
  readonly campaign: CampaignStore;
  readonly stage: RecordingStage;
  readonly visit: Visit;
  addNpc(name: string, parts?: Partial<Persona>, status?: 'draft' | 'kept'): Promise<Npc>;
  close(): Promise<void>;
}

export const mira: Speaker = { kind: 'character', id: 'player-1', name: 'Mira' };
export const gm: Speaker = { kind: 'gm', id: 'gm', name: 'GM' };

export async function openTable({ clock = systemClock }: { readonly clock?: Clock } = {}): Promise<Table> {
  const store = await openSqliteStore({ file: ':memory:', clock });
  const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Local' });
  const { id: campaignId } = await store.campaignOf(workspace.id, 'table');
  const campaign = store.campaign(campaignId);
  const stage = new RecordingStage();
  const origin = { workspaceId: workspace.id, campaignId };
  let npcs = 0;
  return {
    store,
    campaign,
    stage,
    visit: {
      ...{ store: campaign, origin, channelId: 'table', stage },
      tellGms: async (notice) => {
        stage.notices.push({ notice, audience: 'gms' });
      },
    },
    async addNpc(name, parts = {}, status = 'kept') {
      npcs += 1;
      const npc = await campaign.npcs.add({
        id: `npc-${npcs}`,
        persona: personaOf(name, parts),
        status,
        cast: undefined,
        sourceFile: undefined,
        reason: 'drafted',
        by: 'test',
      });
      if (npc === undefined) throw new Error(`the name ${name} is taken`);
      return npc;
    },
    close: () => store.close(),
  };
}
