import { describe, expect } from 'vitest';
import type { CommittedLine, Store } from '#src/core/store.ts';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newLine, newNpc } from './store-samples.ts';

const LEASE_IN_MS = 30_000;

/** What is left half spoken by a process that is gone, and by one that is not. */
export function processContract(it: StoreTest): void {
  describe('lines that are being spoken', () => {
    const half = { text: 'So I told', state: 'speaking' } as const;
    const recoveredBy = async (store: Store) => (await store.recoverLines()).map(({ line }) => line.id);

    const test = it.extend('speakAs', ({ campaign, scene }) => async (store: Store, id: string) => {
      await store.campaign(campaign.campaignId).lines.append(newLine(id, scene.id, half));
    });

    test('are ended by anybody, and marked by a process that joins their platform', async ({
      connect,
      store,
      workspace,
      campaign,
      scene,
    }) => {
      const gone = await connect();
      const theirs = gone.campaign(campaign.campaignId).lines;
      await theirs.append(newLine('half', scene.id, half));
      await theirs.addPost('half', 'message');
      await gone.close();
      const told: string[] = [];
      store.onLine(({ line }) => told.push(`${line.id} ${line.state}`));
      const [elsewhere] = await store.recoverLines(['discord', 'slack']);
      expect(elsewhere).toMatchObject({ line: { id: 'half', state: 'cut' }, messageIds: [] });
      expect(await store.recoverLines(['slack'])).toEqual([]);
      expect(told).toEqual(['half cut']);
      const second = await connect();
      expect(await second.recoverLines([workspace.platform])).toMatchObject([{ messageIds: ['message'] }]);
      expect(await store.recoverLines()).toEqual([]);
    });

    test('are cut, or failed where nothing stood, once their process is gone', async ({
      connect,
      store,
      workspace,
      campaign,
      scene,
      append,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      await append('whole');
      await append('stopped', { state: 'stopped' });
      const gone = await connect();
      const theirs = gone.campaign(campaign.campaignId).lines;
      await theirs.append(newLine('half', scene.id, { ...half, witnesses: ['npc'] }));
      await theirs.append(newLine('none', scene.id, { text: '', state: 'speaking' }));
      for (const message of ['z message', 'a message']) await theirs.addPost('half', message);
      await theirs.append(newLine('ended', scene.id, half));
      await theirs.update('ended', { text: 'So I told you.', state: 'said' });
      const told: CommittedLine[] = [];
      store.onLine((committed) => told.push(committed));
      await gone.close();

      const recovered = await store.recoverLines();
      const [one, other] = recovered.toSorted((a, b) => (a.line.id < b.line.id ? -1 : 1));
      const where = { campaignId: campaign.campaignId, workspace, channelId: 'table' };
      const cut = await campaign.lines.byId('half');
      const failed = await campaign.lines.byId('none');
      expect(recovered).toHaveLength(2);
      expect(one).toEqual({ ...where, line: cut, messageIds: ['z message', 'a message'] });
      expect(other).toEqual({ ...where, line: failed, messageIds: [] });
      expect(cut).toMatchObject({ text: 'So I told', state: 'cut' });
      expect(failed).toMatchObject({ text: '', state: 'failed' });
      expect(told.map(({ line, witnesses }) => [line.id, line.state, witnesses]).toSorted()).toEqual([
        ['half', 'cut', ['npc']],
        ['none', 'failed', []],
      ]);
      expect(await store.recoverLines()).toEqual([]);
      for (const [id, state] of [
        ['whole', 'said'],
        ['stopped', 'stopped'],
        ['ended', 'said'],
      ] as const)
        expect(await campaign.lines.byId(id)).toMatchObject({ state });
    });

    test('are marked by one process after another, until one has', async ({
      clock,
      connect,
      store,
      campaign,
      scene,
      speakAs,
    }) => {
      const begin = async (id: string) => {
        const gone = await connect();
        await speakAs(gone, id);
        await gone.campaign(campaign.campaignId).lines.addPost(id, `message of ${id}`);
        await gone.close();
      };
      await begin('one');
      const second = await connect();
      const [first] = await second.recoverLines();
      expect(first).toMatchObject({ line: { id: 'one', state: 'cut' }, messageIds: ['message of one'] });
      expect([...(await recoveredBy(second)), ...(await recoveredBy(store))]).toEqual([]);
      await second.close();
      expect(await store.recoverLines()).toEqual([first]);
      await store.close();

      const third = await connect();
      await begin('two');
      await begin('three');
      expect((await recoveredBy(third)).toSorted()).toEqual(['one', 'three', 'two']);
      const { lines } = third.campaign(campaign.campaignId);
      await lines.marked('one');
      await lines.marked('nothing');
      await lines.append(newLine('ours', scene.id, half));
      await lines.marked('ours');
      clock.time += LEASE_IN_MS + 1;
      const fourth = await connect();
      expect((await recoveredBy(fourth)).toSorted()).toEqual(['ours', 'three', 'two']);
      // Asked for again meanwhile, or said after all: nothing is left to be marked.
      await lines.update('three', { text: 'So I told you.', state: 'said' });
      await fourth.close();
      expect(await recoveredBy(await connect())).toEqual(['two']);
    });

    test('are left alone while their process lives', async ({ clock, connect, store, campaign, speakAs }) => {
      const other = await connect();
      await speakAs(store, 'ours');
      await speakAs(other, 'theirs');
      expect([...(await recoveredBy(store)), ...(await recoveredBy(other))]).toEqual([]);
      for (let renewals = 0; renewals < 5; renewals += 1) {
        clock.time += LEASE_IN_MS - 1;
        await other.keepAlive();
        expect(await recoveredBy(store)).toEqual([]);
      }
      expect((await campaign.lines.byId('theirs'))?.state).toBe('speaking');
      expect((await campaign.lines.byId('ours'))?.state).toBe('speaking');
    });

    test('are cut once nothing was heard of their process for 30 seconds', async ({
      clock,
      connect,
      store,
      campaign,
      speakAs,
    }) => {
      const silent = await connect();
      await silent.keepAlive();
      clock.time += 20_000;
      // Whoever begins to speak lives.
      await speakAs(silent, 'theirs');
      clock.time += LEASE_IN_MS;
      expect(await recoveredBy(store)).toEqual([]);
      clock.time += 1;
      expect(await recoveredBy(store)).toEqual(['theirs']);

      // It was only stalled: what it says from now on stands, and it is not cut off again.
      await silent.campaign(campaign.campaignId).lines.update('theirs', half);
      expect(await recoveredBy(silent)).toEqual([]);
      await silent.keepAlive();
      expect(await recoveredBy(store)).toEqual([]);
      expect((await campaign.lines.byId('theirs'))?.state).toBe('speaking');
      await silent.close();
      expect(await recoveredBy(store)).toEqual(['theirs']);
    });

    test('are taken for cut by one process alone', async ({ connect, store, speakAs }) => {
      const gone = await connect();
      for (let line = 0; line < 10; line += 1) await speakAs(gone, `line ${line}`);
      await gone.close();
      const others = [store, await connect(), await connect()];
      const recovered = await Promise.all(others.map(recoveredBy));
      expect(recovered.flat().toSorted()).toEqual(Array.from({ length: 10 }, (_, line) => `line ${line}`));
    });
  });
}
