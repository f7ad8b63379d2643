import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { reviseSheet } from '#src/persona/revise-sheet.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
let npc: Npc;
beforeEach(async () => {
  table = await openTable();
  npc = await table.addNpc('Tilda', { goals: ['a boat'] });
});
afterEach(() => table.close());

const withGoal = (goal: string) =>
  reviseSheet(table.campaign.npcs, npc, {
    reason: 'edited',
    by: 'GM',
    revise: ({ persona }) => ({ ...persona, goals: [...persona.goals, goal] }),
  });
const withName = (name: string) =>
  reviseSheet(table.campaign.npcs, npc, {
    reason: 'edited',
    by: 'GM',
    revise: ({ persona }) => ({ ...persona, name }),
  });

it('loses none of what is changed at the same time', async () => {
  await Promise.all(['1', '2', '3', '4', '5'].map(withGoal));
  const now = await table.campaign.npcs.byId(npc.id);
  expect(now?.version).toBe(6);
  expect(now?.persona.goals.toSorted()).toEqual(['1', '2', '3', '4', '5', 'a boat']);
});

it('makes one version of the same change made twice at once', async () => {
  const [one, other] = await Promise.all([withName('Tilda Marsh'), withName('Tilda Marsh')]);
  expect([one.version, other.version]).toEqual([2, 2]);
  expect(await table.campaign.npcs.versions(npc.id)).toHaveLength(2);
});

it('says that the name is taken, and changes nothing', async () => {
  await table.addNpc('Bram');
  await expect(withName('bram')).rejects.toThrow(/called bram already/u);
  expect(await table.campaign.npcs.versions(npc.id)).toHaveLength(1);
});

it('says that the NPC was discarded meanwhile, also while the version was being made', async () => {
  const { npcs } = table.campaign;
  const discarding = reviseSheet(npcs, npc, {
    reason: 'edited',
    by: 'GM',
    revise: ({ persona }) => {
      // It is queued before the version that this makes.
      void npcs.setStatus(npc.id, 'discarded');
      return persona;
    },
  });
  await expect(discarding).rejects.toThrow(/Tilda was discarded meanwhile.*\/npc restore npc:Tilda/u);
  await expect(withGoal('6')).rejects.toThrow(Refusal);
  expect(await npcs.versions(npc.id)).toHaveLength(1);
});
