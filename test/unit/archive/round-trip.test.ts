import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArchivePlace, linesIn, openArchivePlace } from '../../support/archives.ts';
import { anyHistory, live } from '../../support/random-campaign.ts';

let from: ArchivePlace;
let to: ArchivePlace;
beforeAll(async () => {
  [from, to] = await Promise.all([openArchivePlace(), openArchivePlace()]);
});
afterAll(() => Promise.all([from.remove(), to.remove()]));

describe('a campaign that is exported and imported', () => {
  it('is the same in another database, whatever happened in it', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        runs += 1;
        // All of them have NPCs, scenes and lines of the same ids.
        const campaign = await from.campaign(`Campaign ${runs}`);
        await live(campaign, from.clock, history);
        const file = await from.exported(campaign.campaignId, `from ${runs}`);
        expect(await to.imported(file, { withPeople: true })).toMatchObject({ foundWritten: 0 });
        const again = await to.exported(campaign.campaignId, `to ${runs}`);
        expect(await linesIn(again)).toEqual(await linesIn(file));
        const moved = to.store.campaign(campaign.campaignId);
        expect(await moved.lore.passages()).toEqual(await campaign.lore.passages());
        for (const npc of ['wren', 'oda', 'brum']) {
          const options = { limit: 1_000 };
          expect(await moved.memories.counts(npc)).toEqual(await campaign.memories.counts(npc));
          expect(await moved.memories.of(npc, options)).toEqual(await campaign.memories.of(npc, options));
          expect(await moved.memories.long(npc, options)).toEqual(await campaign.memories.long(npc, options));
          expect(await moved.npcs.versions(npc)).toEqual(await campaign.npcs.versions(npc));
        }
      }),
      { numRuns: 40 },
    );
  });
});
