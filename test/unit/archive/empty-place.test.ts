import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignStore, WaitingStore } from '#src/core/store.ts';
import { notice } from '#src/core/view.ts';
import { addNpc, newNpc } from '../../contract/store-samples.ts';
import { type ArchivePlace, openArchivePlace } from '../../support/archives.ts';

const gina = { kind: 'person', id: 'gina', name: 'Gina' } as const;
const gale = { kind: 'person', id: 'gale', name: 'Gale' } as const;
const room = (channelId: string) =>
  ({ platform: 'discord', workspace: { platformId: 'docks', name: 'Docks' }, channelId }) as const;
const call = {
  ...{ model: 'tide', purpose: 'speak', inputTokens: 10, cachedInputTokens: 4, outputTokens: 2 },
  costInMicroUsd: 1.5,
} as const;
const hidden = (id: string): Parameters<WaitingStore['add']>[0] => ({
  ...{ id, personId: undefined, permission: 'gm', sinceInMs: 1, notice: notice('plain', 'Psst.') },
});

let from: ArchivePlace;
let to: ArchivePlace;
let source: CampaignStore;
let empty: CampaignStore;
beforeEach(async () => {
  [from, to] = await Promise.all([openArchivePlace(), openArchivePlace()]);
  source = await from.campaign();
  await addNpc(source, newNpc('wren'));
  await source.characters.set('p1', 'Mira');
  await source.usage.add(call);
  empty = await to.campaign();
  await empty.changeSettings({ gms: [gina], gmRoom: room('cellar') });
  await empty.characters.set('p1', 'Aldo');
  await empty.characters.set('p2', 'Bea');
  await empty.usage.add(call);
  await empty.usage.add({ ...call, model: 'ebb' });
  await empty.waiting.add(hidden('one'));
  await empty.waiting.add(hidden('two'));
  await empty.waiting.seen('gina', ['one']);
});
afterEach(() => Promise.all([from.remove(), to.remove()]));

const imported = async (withPeople: boolean) => {
  await to.imported(await from.exported(source.campaignId), { withPeople });
  const campaign = await to.campaign();
  expect(campaign.campaignId).toBe(source.campaignId);
  return campaign;
};

describe('a campaign that takes the place of an empty one', () => {
  it('has what people chose in that one, what it cost, and what waits for them', async () => {
    const campaign = await imported(false);
    expect(await campaign.settings()).toMatchObject({ gms: [gina], gmRoom: room('cellar') });
    expect(await campaign.characters.of('p1')).toBe('Aldo');
    expect(await campaign.characters.of('p2')).toBe('Bea');
    const totals = await campaign.usage.totals();
    expect(totals).toMatchObject([
      { model: 'ebb', calls: 1, inputTokens: 10, cachedInputTokens: 4, outputTokens: 2, costInMicroUsd: 1.5 },
      { model: 'tide', calls: 2, inputTokens: 20, cachedInputTokens: 8, outputTokens: 4, costInMicroUsd: 3 },
    ]);
    expect((await campaign.waiting.list('gina')).map(({ id }) => id)).toEqual(['two']);
    expect(await campaign.waiting.list('gale')).toMatchObject([
      { id: 'one', wasSeen: true },
      { id: 'two', wasSeen: false },
    ]);
  });

  it('has its own people where they come along, and those of that one where it has none', async () => {
    await source.changeSettings({ gms: [gale] });
    const campaign = await imported(true);
    expect(await campaign.settings()).toMatchObject({ gms: [gale], gmRoom: room('cellar') });
    expect(await campaign.characters.of('p1')).toBe('Mira');
    expect(await campaign.characters.of('p2')).toBe('Bea');
  });

  it('is led by those of that one where it names nobody', async () => {
    await source.changeSettings({ gms: [], gmRoom: room('attic') });
    const campaign = await imported(true);
    expect(await campaign.settings()).toMatchObject({ gms: [gina], gmRoom: room('attic') });
  });
});
