import { describe, expect } from 'vitest';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newLine, newNpc } from './store-samples.ts';

export function workspaceContract(it: StoreTest): void {
  describe('workspaces and campaigns', () => {
    const ref = { platform: 'discord', platformId: 'guild-1', name: 'Guild' } as const;

    it('makes a workspace once, with one default campaign, however many ask at once', async ({ store }) => {
      const opened = await Promise.all(Array.from({ length: 20 }, () => store.openWorkspace(ref)));
      expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
      expect(opened[0]).toMatchObject(ref);
      const campaigns = await store.campaigns(opened[0]?.id ?? '');
      expect(campaigns.map(({ isDefault }) => isDefault)).toEqual([true]);
    });

    it('follows the name a workspace has on its platform', async ({ store }) => {
      const { id } = await store.openWorkspace(ref);
      expect(await store.openWorkspace({ ...ref, name: 'Guild Hall' })).toEqual({
        id,
        ...ref,
        name: 'Guild Hall',
      });
      expect((await store.openWorkspace({ ...ref, name: 'Guild Hall' })).name).toBe('Guild Hall');
    });

    it('tells platforms apart that use the same id', async ({ store }) => {
      const other = await store.openWorkspace({ ...ref, platform: 'slack' });
      expect((await store.openWorkspace(ref)).id).not.toBe(other.id);
    });

    it('refuses a second campaign of a name, compared without case', async ({ store, workspace }) => {
      const added = await store.addCampaign(workspace.id, 'Salt  Docks');
      expect(added).toMatchObject({ name: 'Salt  Docks', isDefault: false, workspaceId: workspace.id });
      expect(await store.addCampaign(workspace.id, 'SALT docks ')).toBeUndefined();
      expect(await store.campaigns(workspace.id)).toHaveLength(2);
    });

    it('lists the default campaign first, then by name', async ({ store, workspace }) => {
      for (const title of ['zenith', 'Émeraude', 'Frost']) await store.addCampaign(workspace.id, title);
      const [first, ...others] = await store.campaigns(workspace.id);
      expect(first?.isDefault).toBe(true);
      expect(others.map((one) => one.name)).toEqual(['Émeraude', 'Frost', 'zenith']);
    });

    it('binds a channel, and binds it anew', async ({ store, workspace, campaign }) => {
      const second = await store.addCampaign(workspace.id, 'Second');
      const third = await store.addCampaign(workspace.id, 'Third');
      expect(await store.bindChannel(workspace.id, 'den', second?.id ?? '')).toBe(true);
      expect((await store.campaignOf(workspace.id, 'den')).id).toBe(second?.id);
      expect(await store.bindChannel(workspace.id, 'den', third?.id ?? '')).toBe(true);
      expect((await store.campaignOf(workspace.id, 'den')).id).toBe(third?.id);
      expect((await store.campaignOf(workspace.id, 'table')).id).toBe(campaign.campaignId);
    });

    it('binds no channel to a campaign of another workspace, and reads no other workspace’s binding', async ({
      store,
      workspace,
      campaign,
    }) => {
      const other = await store.openWorkspace(ref);
      const foreign = await store.addCampaign(other.id, 'Foreign');
      expect(await store.bindChannel(workspace.id, 'table', foreign?.id ?? '')).toBe(false);
      await store.bindChannel(other.id, 'table', foreign?.id ?? '');
      expect((await store.campaignOf(workspace.id, 'table')).id).toBe(campaign.campaignId);
      expect((await store.campaigns(workspace.id)).map(({ id }) => id)).toEqual([campaign.campaignId]);
    });

    it('plays in a thread what its channel is bound to, unless it is bound itself', async ({
      store,
      workspace,
      campaign,
    }) => {
      const second = await store.addCampaign(workspace.id, 'Second');
      const third = await store.addCampaign(workspace.id, 'Third');
      const bound = async (channelId: string, parentId?: string) =>
        (await store.campaignOf(workspace.id, channelId, parentId)).id;
      expect(await bound('thread', 'den')).toBe(campaign.campaignId);
      await store.bindChannel(workspace.id, 'den', second?.id ?? '');
      expect(await bound('thread', 'den')).toBe(second?.id);
      expect(await bound('thread')).toBe(campaign.campaignId);
      for (const thread of ['a thread', 'z thread']) {
        await store.bindChannel(workspace.id, thread, third?.id ?? '');
        expect(await bound(thread, 'den')).toBe(third?.id);
      }
      const other = await store.openWorkspace(ref);
      expect((await store.campaignOf(other.id, 'thread', 'den')).workspaceId).toBe(other.id);
    });

    it('knows the workspace of a campaign', async ({ store, workspace, campaign }) => {
      const other = await store.openWorkspace(ref);
      const foreign = await store.addCampaign(other.id, 'Foreign');
      expect(await store.workspaceOf(campaign.campaignId)).toEqual(workspace);
      expect(await store.workspaceOf(foreign?.id ?? '')).toEqual(other);
      expect(await store.workspaceOf('nowhere')).toBeUndefined();
    });

    const gale = { kind: 'person', id: 'person-1', name: 'Gale' } as const;
    const initial = {
      improvFallback: false,
      improvIntroduced: false,
      gms: [],
      gmRoom: undefined,
      proxies: false,
    };

    it('keeps settings, and changes only those named', async ({ store, workspace, campaign }) => {
      expect(await campaign.settings()).toEqual(initial);
      await Promise.all([
        campaign.changeSettings({ improvFallback: true }),
        campaign.changeSettings({ improvIntroduced: true }),
      ]);
      const gmRoom = {
        platform: 'discord',
        workspace: { platformId: 'guild-1', name: 'Guild' },
        channelId: 'thread',
        parentId: 'den',
      } as const;
      const { parentId, ...withoutParent } = gmRoom;
      const keeper = { kind: 'role', id: 'role-1', name: parentId } as const;
      const changed = { ...initial, improvFallback: true, improvIntroduced: true, gmRoom };
      expect(await campaign.changeSettings({ gmRoom })).toEqual(changed);
      await campaign.changeSettings({ gms: [gale, keeper], proxies: true, gmRoom: withoutParent });
      const all = { ...changed, gms: [gale, keeper], proxies: true, gmRoom: withoutParent };
      expect(await campaign.settings()).toEqual(all);
      expect((await store.campaignOf(workspace.id, 'table')).settings).toEqual(all);
      await campaign.changeSettings({ gmRoom: undefined });
      expect(await campaign.settings()).toEqual({ ...all, gmRoom: undefined });
    });

    it('changes settings from what they are, whoever else changes them', async ({ connect, campaign }) => {
      const theirs = (await connect()).campaign(campaign.campaignId);
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? campaign : theirs).changeSettings(({ gms }) => ({
            gms: [...gms, { ...gale, id: `${index}` }],
          })),
        ),
      );
      expect((await campaign.settings()).gms).toHaveLength(20);
      const refused = campaign.changeSettings(() => {
        throw new Error('no more');
      });
      await expect(refused).rejects.toThrow('no more');
      expect((await campaign.settings()).gms).toHaveLength(20);
    });

    it('rejects calls for a workspace or campaign that is not there', async ({ store }) => {
      await expect(store.campaignOf('nowhere', 'table')).rejects.toThrow('nowhere');
      await expect(store.campaign('nowhere').settings()).rejects.toThrow('nowhere');
      await expect(store.campaign('nowhere').npcs.add(newNpc('npc'))).rejects.toThrow();
    });
  });

  it('sums usage by model', async ({ clock, campaign }) => {
    const call = { purpose: 'speak', cachedInputTokens: 2, outputTokens: 3 };
    await campaign.usage.add({ model: 'small', inputTokens: 10, costInMicroUsd: 0.25, ...call });
    await campaign.usage.add({ model: 'big', inputTokens: 100, costInMicroUsd: 7, ...call });
    await campaign.usage.add({ model: 'big', inputTokens: 100, costInMicroUsd: 7, ...call });
    await campaign.usage.add({ model: 'big', inputTokens: 1, costInMicroUsd: 1, ...call, purpose: 'plan' });
    clock.time += 3 * 86_400_000;
    await campaign.usage.add({ model: 'small', inputTokens: 10, costInMicroUsd: 0.5, ...call });
    expect(await campaign.usage.totals()).toEqual([
      {
        model: 'big',
        calls: 3,
        inputTokens: 201,
        cachedInputTokens: 6,
        outputTokens: 9,
        costInMicroUsd: 15,
      },
      {
        model: 'small',
        calls: 2,
        inputTokens: 20,
        cachedInputTokens: 4,
        outputTokens: 6,
        costInMicroUsd: 0.75,
      },
    ]);
  });

  describe('over time and processes', () => {
    it('is all there when it is opened again', async ({
      connect,
      store,
      workspace,
      campaign,
      scene,
      append,
    }) => {
      const npc = await addNpc(campaign, newNpc('npc', 'Tilda', { status: 'kept' }));
      await campaign.scenes.enter(scene.id, 'npc');
      const { line } = await append('line', { witnesses: ['npc'] });
      await store.close();
      const reopened = await connect();
      expect(
        await reopened.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' }),
      ).toEqual(workspace);
      const again = reopened.campaign(campaign.campaignId);
      expect(await again.npcs.byName('tilda')).toEqual(npc);
      expect(await again.scenes.open('table')).toEqual(scene);
      expect(await again.scenes.cast(scene.id)).toEqual(['npc']);
      expect(await again.lines.recent(scene.id, 5)).toEqual([line]);
      expect(await again.lines.witnesses(line.id)).toEqual(['npc']);
    });

    it('lets two connections write at once', async ({ connect, campaign, scene }) => {
      const other = await connect();
      const theirs = other.campaign(campaign.campaignId);
      const results = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          (index % 2 ? campaign : theirs).lines.append(newLine(`line ${index % 40}`, scene.id)),
        ),
      );
      expect(results.filter(({ isNew }) => isNew)).toHaveLength(40);
      const lines = await campaign.lines.recent(scene.id, 100);
      expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    });

    it('finishes what was asked before it closes, and closes once', async ({
      connect,
      store,
      campaign,
      append,
    }) => {
      const appended = append('last');
      await Promise.all([store.close(), store.close()]);
      expect((await appended).isNew).toBe(true);
      const reopened = await connect();
      expect(await reopened.campaign(campaign.campaignId).lines.byId('last')).toBeDefined();
    });
  });
}
