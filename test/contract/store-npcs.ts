import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { Persona } from '#src/core/persona.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, anyLocks, anyPersona, castRequest, newNpc, persona } from './store-samples.ts';

export function npcContract(it: StoreTest): void {
  describe('NPCs', () => {
    it('gives back what was added', async ({ clock, campaign }) => {
      const change = {
        cast: { id: 'cast-1', member: 'Tilda' },
        sourceFile: 'tilda.yaml',
        status: 'kept',
      } as const;
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

    it('keeps a persona exactly, whatever it holds', async ({ campaign }) => {
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

    it('lists by name without case, discarded ones only where asked for', async ({ campaign }) => {
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

    it('names who lives, as they are called now', async ({ clock, campaign }) => {
      expect(await campaign.npcs.names()).toEqual([]);
      for (const id of ['npc', 'kept', 'gone']) await addNpc(campaign, newNpc(id, `The ${id}`));
      await campaign.npcs.setStatus('kept', 'kept');
      await campaign.npcs.setStatus('gone', 'discarded');
      clock.time += 1;
      await addNpc(campaign, newNpc('newest', 'The newest'));
      const renamed = { ...persona(' Ada  Quill'), aliases: ['Inky', 'the Scribe'] };
      await campaign.npcs.addVersion('npc', edit(1, renamed));
      expect(await campaign.npcs.names()).toEqual([
        { id: 'newest', name: 'The newest', aliases: [] },
        { id: 'kept', name: 'The kept', aliases: [] },
        { id: 'npc', name: ' Ada  Quill', aliases: ['Inky', 'the Scribe'] },
      ]);
      await campaign.npcs.setStatus('gone', 'kept');
      expect(await campaign.npcs.names()).toHaveLength(4);
    });

    it('finds who was drafted with a cast, whatever became of them', async ({ campaign }) => {
      for (const [npc, id] of Object.entries({ a: 'one', b: 'one', c: 'another' }))
        await addNpc(campaign, newNpc(npc, npc, { cast: { id, member: `Old ${npc}` } }));
      await addNpc(campaign, newNpc('d'));
      await campaign.npcs.setStatus('a', 'discarded');
      await campaign.npcs.addVersion('b', edit(1, persona('Renamed')));
      const found = (await campaign.npcs.ofCast('one')).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(found.map(({ id, cast, status }) => [id, cast?.member, status])).toEqual([
        ['a', 'Old a', 'discarded'],
        ['b', 'Old b', 'draft'],
      ]);
      expect(await campaign.npcs.ofCast('nobody')).toEqual([]);
    });

    it('lets one of many have a name', async ({ campaign }) => {
      const added = await Promise.all(
        Array.from({ length: 10 }, (_, index) => campaign.npcs.add(newNpc(`npc-${index}`, 'Tilda'))),
      );
      expect(added.filter((npc) => npc !== undefined)).toHaveLength(1);
      expect(await campaign.npcs.add(newNpc('npc-x', ' TILDA '))).toBeUndefined();
      expect(await campaign.npcs.byId('npc-x')).toBeUndefined();
      expect(await campaign.npcs.list(['draft', 'kept', 'discarded'])).toHaveLength(1);
    });

    it('frees a name with its discarded NPC, who does not take it back from another', async ({
      campaign,
    }) => {
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

    it('adds versions, newest first, and restores by adding', async ({ clock, campaign }) => {
      await addNpc(campaign, newNpc('npc', 'Tilda', { sourceFile: 'tilda.yaml' }));
      clock.time += 5;
      const byRobin = { ...edit(1, persona('Tilda Marsh')), by: 'Robin', follow: true };
      expect(await campaign.npcs.addVersion('npc', byRobin)).toMatchObject({
        version: 2,
        persona: persona('Tilda Marsh'),
        sourceFile: 'tilda.yaml',
      });
      expect(await campaign.npcs.byName('Tilda')).toBeUndefined();
      expect((await campaign.npcs.byName('tilda marsh'))?.version).toBe(2);
      clock.time += 5;
      const restored = await campaign.npcs.addVersion('npc', {
        ...edit(2, persona('Tilda')),
        reason: 'restored',
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

    it('adds one version to each base, however many come at once', async ({ campaign, store, connect }) => {
      await addNpc(campaign, newNpc('npc', 'Tilda'));
      const other = (await connect()).campaign(campaign.campaignId);
      expect(other).not.toBe(store);
      const added = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? campaign : other).npcs.addVersion('npc', edit(1, persona(`Tilda ${index}`))),
        ),
      );
      expect(added.filter((result) => result === 'changed')).toHaveLength(9);
      const [won] = added.filter((result) => typeof result === 'object');
      expect(await campaign.npcs.byId('npc')).toEqual(won);
      expect((await campaign.npcs.versions('npc')).map(({ version }) => version)).toEqual([2, 1]);
      expect(await campaign.npcs.addVersion('npc', edit(3, persona('Tilda')))).toBe('changed');
      expect(await campaign.npcs.addVersion('npc', edit(2, persona('Tilda')))).toMatchObject({ version: 3 });
    });

    it('changes nothing where the new name is taken or the NPC is gone', async ({ campaign }) => {
      await addNpc(campaign, newNpc('npc', 'Tilda'));
      await addNpc(campaign, newNpc('other', 'Bram'));
      await addNpc(campaign, newNpc('gone', 'Ysolde'));
      await campaign.npcs.setStatus('gone', 'discarded');
      expect(await campaign.npcs.addVersion('npc', edit(1, persona('bram')))).toBe('name taken');
      for (const id of ['gone', 'nobody']) {
        expect(await campaign.npcs.addVersion(id, edit(1, persona('New')))).toBe('gone');
        expect(await campaign.npcs.setLocks(id, ['voice'])).toBeUndefined();
      }
      expect(await campaign.npcs.byId('npc')).toMatchObject({ version: 1, persona: persona('Tilda') });
      expect(await campaign.npcs.versions('gone')).toHaveLength(1);
      expect((await campaign.npcs.byId('gone'))?.locks).toEqual([]);
    });

    it('lets drafts leave by the age of the NPC, softly', async ({ clock, store, campaign }) => {
      const start = clock.time;
      await addNpc(campaign, newNpc('old', 'Old'));
      await addNpc(campaign, newNpc('kept', 'Kept', { status: 'kept' }));
      clock.time = start + 10;
      await addNpc(campaign, newNpc('young', 'Young'));
      await campaign.npcs.addVersion('old', edit(1, persona('Old')));
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
    it('gives back what was added, the newest first', async ({ clock, campaign }) => {
      expect(await campaign.casts.recent(5)).toEqual([]);
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
        isStopped: false,
        createdAtInMs: clock.time,
      });
      expect(await campaign.casts.byId('z')).toStrictEqual(first);
      // Of the same millisecond, and a smaller id.
      const second = await campaign.casts.add({ id: 'a', request: castRequest, members: [] });
      expect(await campaign.casts.recent(5)).toStrictEqual([second, first]);
      expect(await campaign.casts.recent(1)).toStrictEqual([second]);
      expect(second.request).toStrictEqual(castRequest);
      expect(await campaign.casts.byId('nobody')).toBeUndefined();
    });

    it('remembers which were stopped', async ({ campaign }) => {
      const stopped = await campaign.casts.add({ id: 'stopped', request: castRequest, members: [] });
      const other = await campaign.casts.add({ id: 'other', request: castRequest, members: [] });
      await campaign.casts.markStopped('stopped');
      await campaign.casts.markStopped('nobody');
      expect(await campaign.casts.recent(5)).toEqual([other, { ...stopped, isStopped: true }]);
    });
  });
}

function edit(base: number, sheet: Persona) {
  return { base, persona: sheet, reason: 'edited', by: 'Gale', follow: false } as const;
}
