import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '#src/core/clock.ts';
import type { Scene, Workspace } from '#src/core/entities.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { campaignsAreStrangers } from './store-isolation.ts';
import {
  addNpc,
  anyLocks,
  anyPersona,
  castRequest,
  newLine,
  newNpc,
  persona,
  TestClock,
} from './store-samples.ts';

/** A place for one database that outlives the stores opened on it. */
export interface StorePlace {
  /** Each call is a connection of its own, as another process would have. */
  open(clock: Clock): Promise<Store>;
  remove(): Promise<void>;
}

/** What every implementation of the Store port must do. */
export function storeContract(name: string, makePlace: () => Promise<StorePlace>): void {
  describe(`${name} as a Store`, () => {
    let clock: TestClock;
    let place: StorePlace;
    let store: Store;
    let workspace: Workspace;
    let campaign: CampaignStore;
    let scene: Scene;

    beforeEach(async () => {
      clock = new TestClock();
      place = await makePlace();
      store = await place.open(clock);
      workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' });
      campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
      scene = await campaign.scenes.open('table');
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    const append = async (id: string, change: Partial<Parameters<typeof newLine>[2]> = {}) =>
      campaign.lines.append(newLine(id, scene.id, change));
    const textsOf = async (filter: Parameters<CampaignStore['lines']['recent']>[1]) =>
      (await campaign.lines.recent(scene.id, filter)).map((line) => line.id);

    describe('workspaces and campaigns', () => {
      const ref = { platform: 'discord', platformId: 'guild-1', name: 'Guild' } as const;

      it('makes a workspace once, with one default campaign, however many ask at once', async () => {
        const opened = await Promise.all(Array.from({ length: 20 }, () => store.openWorkspace(ref)));
        expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
        expect(opened[0]).toMatchObject(ref);
        const campaigns = await store.campaigns(opened[0]?.id ?? '');
        expect(campaigns.map(({ isDefault }) => isDefault)).toEqual([true]);
      });

      it('follows the name a workspace has on its platform', async () => {
        const { id } = await store.openWorkspace(ref);
        expect(await store.openWorkspace({ ...ref, name: 'Guild Hall' })).toEqual({
          id,
          ...ref,
          name: 'Guild Hall',
        });
        expect((await store.openWorkspace({ ...ref, name: 'Guild Hall' })).name).toBe('Guild Hall');
      });

      it('tells platforms apart that use the same id', async () => {
        const other = await store.openWorkspace({ ...ref, platform: 'slack' });
        expect((await store.openWorkspace(ref)).id).not.toBe(other.id);
      });

      it('refuses a second campaign of a name, compared without case', async () => {
        const added = await store.addCampaign(workspace.id, 'Salt  Docks');
        expect(added).toMatchObject({ name: 'Salt  Docks', isDefault: false, workspaceId: workspace.id });
        expect(await store.addCampaign(workspace.id, 'SALT docks ')).toBeUndefined();
        expect(await store.campaigns(workspace.id)).toHaveLength(2);
      });

      it('lists the default campaign first, then by name', async () => {
        for (const title of ['zenith', 'Émeraude', 'Frost']) await store.addCampaign(workspace.id, title);
        const [first, ...others] = await store.campaigns(workspace.id);
        expect(first?.isDefault).toBe(true);
        expect(others.map((one) => one.name)).toEqual(['Émeraude', 'Frost', 'zenith']);
      });

      it('binds a channel, and binds it anew', async () => {
        const second = await store.addCampaign(workspace.id, 'Second');
        const third = await store.addCampaign(workspace.id, 'Third');
        expect(await store.bindChannel(workspace.id, 'den', second?.id ?? '')).toBe(true);
        expect((await store.campaignOf(workspace.id, 'den')).id).toBe(second?.id);
        expect(await store.bindChannel(workspace.id, 'den', third?.id ?? '')).toBe(true);
        expect((await store.campaignOf(workspace.id, 'den')).id).toBe(third?.id);
        expect((await store.campaignOf(workspace.id, 'table')).id).toBe(campaign.campaignId);
      });

      it('binds no channel to a campaign of another workspace, and reads no other workspace’s binding', async () => {
        const other = await store.openWorkspace(ref);
        const foreign = await store.addCampaign(other.id, 'Foreign');
        expect(await store.bindChannel(workspace.id, 'table', foreign?.id ?? '')).toBe(false);
        await store.bindChannel(other.id, 'table', foreign?.id ?? '');
        expect((await store.campaignOf(workspace.id, 'table')).id).toBe(campaign.campaignId);
        expect((await store.campaigns(workspace.id)).map(({ id }) => id)).toEqual([campaign.campaignId]);
      });

      it('keeps settings, and changes only those named', async () => {
        expect(await campaign.settings()).toEqual({ improvFallback: false, improvIntroduced: false });
        await Promise.all([
          campaign.changeSettings({ improvFallback: true }),
          campaign.changeSettings({ improvIntroduced: true }),
        ]);
        const both = { improvFallback: true, improvIntroduced: true };
        expect(await campaign.settings()).toEqual(both);
        expect((await store.campaignOf(workspace.id, 'table')).settings).toEqual(both);
      });

      it('rejects calls for a workspace or campaign that is not there', async () => {
        await expect(store.campaignOf('nowhere', 'table')).rejects.toThrow('nowhere');
        await expect(store.campaign('nowhere').settings()).rejects.toThrow('nowhere');
        await expect(store.campaign('nowhere').npcs.add(newNpc('npc'))).rejects.toThrow();
      });
    });

    describe('NPCs', () => {
      it('gives back what was added', async () => {
        const change = { castId: 'cast-1', sourceFile: 'tilda.yaml', status: 'kept' } as const;
        const added = await addNpc(campaign, newNpc('npc-1', 'Tilda Marsh', change));
        expect(added).toEqual({
          id: 'npc-1',
          campaignId: campaign.campaignId,
          persona: persona('Tilda Marsh'),
          version: 1,
          locks: [],
          createdAtInMs: clock.time,
          ...change,
        });
        expect(await campaign.npcs.byId('npc-1')).toEqual(added);
        expect(await campaign.npcs.byName('  tilda  MARSH ')).toEqual(added);
        expect(await campaign.npcs.byName('tilda')).toBeUndefined();
        expect(await campaign.npcs.byId('npc-2')).toBeUndefined();
      });

      it('keeps a persona exactly, whatever it holds', async () => {
        let count = 0;
        await fc.assert(
          fc.asyncProperty(anyPersona, anyLocks, async (sheet, locks) => {
            const id = `npc-${++count}`;
            await addNpc(campaign, newNpc(id, '', { persona: sheet }));
            await campaign.npcs.setLocks(id, locks);
            const stored = await campaign.npcs.byId(id);
            expect(stored?.persona).toEqual(sheet);
            expect(JSON.stringify(stored?.persona)).toBe(JSON.stringify(sheet));
            expect(stored?.locks).toEqual(locks);
            expect((await campaign.npcs.versions(id)).map((version) => version.persona)).toEqual([sheet]);
            await campaign.npcs.setStatus(id, 'discarded');
          }),
        );
      });

      it('lists by name without case, discarded ones only where asked for', async () => {
        for (const one of ['zora', 'Élodie', 'Bram', 'anselm', 'Gone'])
          await addNpc(campaign, newNpc(`id of ${one}`, one));
        await campaign.npcs.setStatus('id of Gone', 'discarded');
        await campaign.npcs.setStatus('id of Bram', 'kept');
        const names = async (...statuses: Parameters<CampaignStore['npcs']['list']>) =>
          (await campaign.npcs.list(...statuses)).map((npc) => npc.persona.name);
        expect(await names()).toEqual(['anselm', 'Bram', 'Élodie', 'zora']);
        expect(await names(['kept'])).toEqual(['Bram']);
        expect(await names(['discarded', 'kept'])).toEqual(['Bram', 'Gone']);
        expect(await names([])).toEqual([]);
      });

      it('lets one of many have a name', async () => {
        const added = await Promise.all(
          Array.from({ length: 10 }, (_, index) => campaign.npcs.add(newNpc(`npc-${index}`, 'Tilda'))),
        );
        expect(added.filter((npc) => npc !== undefined)).toHaveLength(1);
        expect(await campaign.npcs.add(newNpc('npc-x', ' TILDA '))).toBeUndefined();
        expect(await campaign.npcs.byId('npc-x')).toBeUndefined();
        expect(await campaign.npcs.list(['draft', 'kept', 'discarded'])).toHaveLength(1);
      });

      it('frees a name with its discarded NPC, who does not take it back from another', async () => {
        await addNpc(campaign, newNpc('first', 'Tilda'));
        expect((await campaign.npcs.setStatus('first', 'discarded'))?.status).toBe('discarded');
        expect(await campaign.npcs.byName('Tilda')).toBeUndefined();
        await addNpc(campaign, newNpc('second', 'tilda'));
        expect(await campaign.npcs.setStatus('first', 'draft')).toBeUndefined();
        expect(await campaign.npcs.setStatus('first', 'discarded')).toMatchObject({ status: 'discarded' });
        expect((await campaign.npcs.byId('first'))?.status).toBe('discarded');
        await campaign.npcs.setStatus('second', 'discarded');
        expect((await campaign.npcs.setStatus('first', 'kept'))?.status).toBe('kept');
        expect((await campaign.npcs.byName('Tilda'))?.id).toBe('first');
        expect(await campaign.npcs.setStatus('nobody', 'kept')).toBeUndefined();
      });

      it('adds versions, newest first, and restores by adding', async () => {
        await addNpc(campaign, newNpc('npc', 'Tilda', { sourceFile: 'tilda.yaml' }));
        clock.time += 5;
        const edit = {
          persona: persona('Tilda Marsh'),
          reason: 'edited',
          by: 'Robin',
          follow: true,
        } as const;
        expect(await campaign.npcs.addVersion('npc', edit)).toMatchObject({
          version: 2,
          persona: persona('Tilda Marsh'),
          sourceFile: 'tilda.yaml',
        });
        expect(await campaign.npcs.byName('Tilda')).toBeUndefined();
        expect((await campaign.npcs.byName('tilda marsh'))?.version).toBe(2);
        clock.time += 5;
        const restored = await campaign.npcs.addVersion('npc', {
          persona: persona('Tilda'),
          reason: 'restored',
          by: 'Gale',
          follow: false,
        });
        expect(restored).toMatchObject({ version: 3, sourceFile: undefined, createdAtInMs: clock.time - 10 });
        expect(await campaign.npcs.byId('npc')).toEqual(restored);
        const versions = await campaign.npcs.versions('npc');
        expect(versions.map((one) => [one.version, one.reason, one.by, one.createdAtInMs])).toEqual([
          [3, 'restored', 'Gale', clock.time],
          [2, 'edited', 'Robin', clock.time - 5],
          [1, 'drafted', 'Gale', clock.time - 10],
        ]);
        expect(versions.map((one) => one.persona.name)).toEqual(['Tilda', 'Tilda Marsh', 'Tilda']);
        expect(await campaign.npcs.versions('nobody')).toEqual([]);
      });

      it('numbers versions without gap when many are added at once', async () => {
        await addNpc(campaign, newNpc('npc', 'Tilda'));
        const add = async () =>
          campaign.npcs.addVersion('npc', {
            persona: persona('Tilda'),
            reason: 'edited',
            by: 'Gale',
            follow: true,
          });
        await Promise.all(Array.from({ length: 10 }, add));
        const versions = (await campaign.npcs.versions('npc')).map(({ version }) => version);
        expect(versions).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      });

      it('changes nothing where the new name is taken or the NPC is gone', async () => {
        await addNpc(campaign, newNpc('npc', 'Tilda'));
        await addNpc(campaign, newNpc('other', 'Bram'));
        await addNpc(campaign, newNpc('gone', 'Ysolde'));
        await campaign.npcs.setStatus('gone', 'discarded');
        const change = { reason: 'edited', by: 'Gale', follow: false } as const;
        expect(
          await campaign.npcs.addVersion('npc', { persona: persona('bram'), ...change }),
        ).toBeUndefined();
        for (const id of ['gone', 'nobody']) {
          expect(await campaign.npcs.addVersion(id, { persona: persona('New'), ...change })).toBeUndefined();
          expect(await campaign.npcs.setLocks(id, ['voice'])).toBeUndefined();
        }
        expect(await campaign.npcs.byId('npc')).toMatchObject({ version: 1, persona: persona('Tilda') });
        expect(await campaign.npcs.versions('gone')).toHaveLength(1);
        expect((await campaign.npcs.byId('gone'))?.locks).toEqual([]);
      });

      it('lets drafts leave by the age of the NPC, softly', async () => {
        const start = clock.time;
        await addNpc(campaign, newNpc('old', 'Old'));
        await addNpc(campaign, newNpc('kept', 'Kept', { status: 'kept' }));
        clock.time = start + 10;
        await addNpc(campaign, newNpc('young', 'Young'));
        await campaign.npcs.addVersion('old', {
          persona: persona('Old'),
          reason: 'edited',
          by: 'Gale',
          follow: true,
        });
        expect(await store.expireDrafts(start)).toBe(0);
        expect(await store.expireDrafts(start + 10)).toBe(1);
        expect(await store.expireDrafts(start + 10)).toBe(0);
        expect((await campaign.npcs.list()).map(({ id }) => id)).toEqual(['kept', 'young']);
        expect(await campaign.npcs.byId('old')).toMatchObject({ status: 'discarded', version: 2 });
        expect(await campaign.npcs.versions('old')).toHaveLength(2);
        await addNpc(campaign, newNpc('new', 'Old'));
      });
    });

    describe('casts', () => {
      it('gives back what was added, the newest first', async () => {
        expect(await campaign.casts.latest()).toBeUndefined();
        const members = [
          { name: 'Tilda', role: 'ferrier', hook: 'Hums.', ties: [{ to: 'Bram', tie: 'owes him' }] },
        ];
        const request = { ...castRequest, level: 4, tone: 'grim', system: '5e' } as const;
        const first = await campaign.casts.add({ id: 'z', request, members });
        expect(first).toEqual({
          id: 'z',
          campaignId: campaign.campaignId,
          request,
          members,
          createdAtInMs: clock.time,
        });
        expect(await campaign.casts.byId('z')).toStrictEqual(first);
        // Of the same millisecond, and a smaller id.
        const second = await campaign.casts.add({ id: 'a', request: castRequest, members: [] });
        expect(await campaign.casts.latest()).toStrictEqual(second);
        expect(second.request).toStrictEqual(castRequest);
        expect(await campaign.casts.byId('nobody')).toBeUndefined();
      });
    });

    describe('scenes', () => {
      it('has one open scene in a channel, however many open it at once', async () => {
        const opened = await Promise.all(Array.from({ length: 10 }, () => campaign.scenes.open('den')));
        expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
        expect(opened[0]).toEqual({
          id: opened[0]?.id,
          campaignId: campaign.campaignId,
          channelId: 'den',
          startedAtInMs: clock.time,
          endedAtInMs: undefined,
        });
        expect(await campaign.scenes.current('den')).toEqual(opened[0]);
        expect(opened[0]?.id).not.toBe(scene.id);
      });

      it('opens another one once it ended', async () => {
        await campaign.scenes.end(scene.id);
        expect(await campaign.scenes.current('table')).toBeUndefined();
        expect((await campaign.scenes.open('table')).id).not.toBe(scene.id);
      });

      it('keeps who is on stage in the order of their entrance', async () => {
        for (const id of ['c', 'a', 'b']) {
          await addNpc(campaign, newNpc(id));
          expect(await campaign.scenes.enter(scene.id, id)).toBe(true);
        }
        expect(await campaign.scenes.enter(scene.id, 'a')).toBe(false);
        expect(await campaign.scenes.cast(scene.id)).toEqual(['c', 'a', 'b']);
        expect(await campaign.scenes.leave(scene.id, 'c')).toBe(true);
        expect(await campaign.scenes.leave(scene.id, 'c')).toBe(false);
        await campaign.scenes.enter(scene.id, 'c');
        expect(await campaign.scenes.cast(scene.id)).toEqual(['a', 'b', 'c']);
      });

      it('lets nobody in who is not of the campaign', async () => {
        await addNpc(campaign, newNpc('npc'));
        expect(await campaign.scenes.enter(scene.id, 'nobody')).toBe(false);
        expect(await campaign.scenes.enter('nowhere', 'npc')).toBe(false);
        expect(await campaign.scenes.cast(scene.id)).toEqual([]);
      });
    });

    describe('lines', () => {
      it('gives back what was appended', async () => {
        await addNpc(campaign, newNpc('b'));
        await addNpc(campaign, newNpc('a'));
        const text = 'Böse\u0000 Gänse 🦢\n„so“';
        const speaker = { kind: 'npc', id: 'a', name: 'Änne' } as const;
        const said = {
          text,
          speaker,
          replyTo: 'before',
          state: 'speaking',
          witnesses: ['b', 'a', 'b'],
        } as const;
        const { line, isNew } = await append('line', said);
        expect(isNew).toBe(true);
        expect(line).toEqual({
          id: 'line',
          sceneId: scene.id,
          seq: 1,
          speaker,
          kind: 'speech',
          text,
          state: 'speaking',
          replyTo: 'before',
          createdAtInMs: clock.time,
        });
        expect(await campaign.lines.byId('line')).toEqual(line);
        expect([...(await campaign.lines.witnesses('line'))].sort()).toEqual(['a', 'b']);
        expect(await campaign.lines.byId('nothing')).toBeUndefined();
        expect(await campaign.lines.witnesses('nothing')).toEqual([]);
      });

      it('takes the same id for the same line', async () => {
        await addNpc(campaign, newNpc('npc'));
        const first = await append('line', { text: 'first' });
        const again = await append('line', { text: 'second', state: 'cut', witnesses: ['npc'] });
        expect(again).toEqual({ line: first.line, isNew: false });
        expect(await campaign.lines.witnesses('line')).toEqual([]);
        expect((await append('next')).line.seq).toBe(2);
      });

      it('takes the same id for the same line when it comes many times at once', async () => {
        const results = await Promise.all(Array.from({ length: 50 }, () => append('line')));
        expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
        expect(new Set(results.map(({ line }) => line.seq))).toEqual(new Set([1]));
        expect(await textsOf({ limit: 100 })).toEqual(['line']);
      });

      it('numbers the lines of each scene without gap, whatever comes at once', async () => {
        const anyAppend = fc.tuple(
          fc.constantFrom('one', 'two'),
          fc.nat(8),
          fc.constantFrom('npc', 'nobody', undefined),
        );
        let run = 0;
        await addNpc(campaign, newNpc('npc'));
        await fc.assert(
          fc.asyncProperty(fc.array(anyAppend, { maxLength: 25 }), async (appends) => {
            run += 1;
            const scenes = {
              one: await campaign.scenes.open(`one ${run}`),
              two: await campaign.scenes.open(`two ${run}`),
            };
            // Two connections, and appends that fail half-way: an unknown witness.
            await Promise.allSettled(
              appends.map(([where, id, witness]) =>
                campaign.lines.append(
                  newLine(`${run} ${where} ${id}`, scenes[where].id, {
                    witnesses: witness === undefined ? [] : [witness],
                  }),
                ),
              ),
            );
            for (const { id } of Object.values(scenes)) {
              const lines = await campaign.lines.recent(id, { limit: 100 });
              expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
            }
          }),
          { numRuns: 40 },
        );
      });

      it('refuses witnesses and scenes that are not of the campaign, whole', async () => {
        await expect(append('line', { witnesses: ['nobody'] })).rejects.toThrow();
        await expect(campaign.lines.append(newLine('line', 'nowhere'))).rejects.toThrow('nowhere');
        expect(await campaign.lines.byId('line')).toBeUndefined();
        expect((await append('line')).line.seq).toBe(1);
      });

      it('refuses witnesses of an out-of-character line', async () => {
        await addNpc(campaign, newNpc('npc'));
        await expect(append('ooc', { kind: 'ooc', witnesses: ['npc'] })).rejects.toThrow('out of character');
        expect((await append('ooc', { kind: 'ooc' })).line.kind).toBe('ooc');
      });

      it('updates text and state alone', async () => {
        const { line } = await append('line', { text: '', state: 'speaking' });
        await append('other');
        await campaign.lines.update('line', { text: 'so far', state: 'speaking' });
        await campaign.lines.update('line', { text: 'so far so good', state: 'said' });
        expect(await campaign.lines.byId('line')).toEqual({ ...line, text: 'so far so good', state: 'said' });
        expect((await campaign.lines.byId('other'))?.text).toBe('What other says.');
        await campaign.lines.update('nothing', { text: 'x', state: 'said' });
        expect(await campaign.lines.byId('nothing')).toBeUndefined();
      });

      it('reads the newest lines in their order, before a place, and what one NPC witnessed', async () => {
        await addNpc(campaign, newNpc('npc'));
        await addNpc(campaign, newNpc('late'));
        for (let count = 1; count <= 10; count++)
          await append(`${count}`, {
            witnesses: [...(count % 2 ? ['npc'] : []), ...(count > 8 ? ['late'] : [])],
          });
        await campaign.lines.update('5', { text: '', state: 'failed' });
        expect(await textsOf({ limit: 3 })).toEqual(['8', '9', '10']);
        expect(await textsOf({ limit: 3, beforeSeq: 8 })).toEqual(['4', '6', '7']);
        expect(await textsOf({ limit: 3, witness: 'npc' })).toEqual(['3', '7', '9']);
        expect(await textsOf({ limit: 2, witness: 'npc', beforeSeq: 9 })).toEqual(['3', '7']);
        expect(await textsOf({ limit: 100, witness: 'late' })).toEqual(['9', '10']);
        expect(await textsOf({ limit: 100, witness: 'nobody' })).toEqual([]);
        expect(await textsOf({ limit: 0 })).toEqual([]);
        expect(await textsOf({ limit: -1 })).toEqual([]);
        expect(await textsOf({ limit: 1000 })).toHaveLength(9);
      });

      it('finds the newest try at an answer', async () => {
        await append('question');
        expect(await campaign.lines.replyTo('question')).toBeUndefined();
        await append('z-first try', { replyTo: 'question', state: 'failed' });
        await append('a-second try', { replyTo: 'question' });
        expect((await campaign.lines.replyTo('question'))?.id).toBe('a-second try');
        clock.time += 1;
        const next = await campaign.scenes.open('elsewhere');
        await campaign.lines.append(newLine('third', next.id, { replyTo: 'question' }));
        expect((await campaign.lines.replyTo('question'))?.id).toBe('third');
      });

      it('marks what was being spoken as cut, or as failed where nothing stood', async () => {
        await append('half', { text: 'So I told', state: 'speaking' });
        await append('none', { text: '', state: 'speaking' });
        await append('whole');
        await append('stopped', { state: 'stopped' });
        expect(await store.recoverLines()).toBe(2);
        expect(await store.recoverLines()).toBe(0);
        const states = await Promise.all(
          ['half', 'none', 'whole', 'stopped'].map(async (id) => (await campaign.lines.byId(id))?.state),
        );
        expect(states).toEqual(['cut', 'failed', 'said', 'stopped']);
        expect((await campaign.lines.byId('half'))?.text).toBe('So I told');
      });
    });

    it('sums usage by model', async () => {
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

    describe('between campaigns', () => {
      campaignsAreStrangers(async () => ({ store, clock }));
    });

    describe('over time and processes', () => {
      it('is all there when it is opened again', async () => {
        const npc = await addNpc(campaign, newNpc('npc', 'Tilda', { status: 'kept' }));
        await campaign.scenes.enter(scene.id, 'npc');
        const { line } = await append('line', { witnesses: ['npc'] });
        await store.close();
        store = await place.open(clock);
        expect(
          await store.openWorkspace({ platform: 'terminal', platformId: 'local', name: 'Table' }),
        ).toEqual(workspace);
        const again = store.campaign(campaign.campaignId);
        expect(await again.npcs.byName('tilda')).toEqual(npc);
        expect(await again.scenes.open('table')).toEqual(scene);
        expect(await again.scenes.cast(scene.id)).toEqual(['npc']);
        expect(await again.lines.recent(scene.id, { limit: 5, witness: 'npc' })).toEqual([line]);
      });

      it('lets two connections write at once', async () => {
        const other = await place.open(clock);
        const theirs = other.campaign(campaign.campaignId);
        const results = await Promise.all(
          Array.from({ length: 60 }, (_, index) =>
            (index % 2 ? campaign : theirs).lines.append(newLine(`line ${index % 40}`, scene.id)),
          ),
        );
        await other.close();
        expect(results.filter(({ isNew }) => isNew)).toHaveLength(40);
        const lines = await campaign.lines.recent(scene.id, { limit: 100 });
        expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
      });

      it('finishes what was asked before it closes, and closes once', async () => {
        const appended = append('last');
        await Promise.all([store.close(), store.close()]);
        expect((await appended).isNew).toBe(true);
        store = await place.open(clock);
        expect(await store.campaign(campaign.campaignId).lines.byId('last')).toBeDefined();
      });
    });
  });
}
