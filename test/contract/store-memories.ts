import { describe, expect } from 'vitest';
import { memoryOf } from '#src/core/memory.ts';
import type { CommittedLine } from '#src/core/store.ts';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newLine, newNpc } from './store-samples.ts';

export function memoryContract(it: StoreTest): void {
  describe('memories', () => {
    const npc = { witnesses: ['npc'] };

    it('are what a witness saw said, in every scene, newest first', async ({
      clock,
      campaign,
      scene,
      append,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      await addNpc(campaign, newNpc('late'));
      const { line } = await append('one', { ...npc, text: 'The bell rang twice.' });
      clock.time += 1000;
      const den = await campaign.scenes.open('den');
      await campaign.lines.append(newLine('two', den.id, npc));
      await append('unseen');
      clock.time += 1000;
      await append('three', { witnesses: ['late', 'npc'] });
      await append('four', npc);
      const ids = async (npcId: string, limit = 10) =>
        (await campaign.memories.of(npcId, { limit })).map(({ id }) => id);
      expect(await ids('npc')).toEqual(['four', 'three', 'two', 'one']);
      expect(await ids('npc', 2)).toEqual(['four', 'three']);
      expect(await ids('late')).toEqual(['three']);
      expect(await ids('nobody')).toEqual([]);
      expect(await ids('npc', -1)).toEqual([]);
      expect((await campaign.memories.of('npc', { limit: 10 })).at(-1)).toEqual({
        id: 'one',
        speaker: 'Wren',
        text: 'The bell rang twice.',
        session: scene.id,
        seq: 1,
        saidAtInMs: line.createdAtInMs,
      });
      expect((await campaign.memories.all({ limit: 10 })).map(({ id }) => id)).toEqual([
        'four',
        'three',
        'two',
        'one',
      ]);
      expect(await campaign.memories.all({ limit: 1 })).toHaveLength(1);
    });

    it('are what stands: as far as it was shown, and nothing that failed or is under way', async ({
      connect,
      store,
      campaign,
      scene,
      append,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      for (const state of ['said', 'stopped', 'cut', 'failed', 'speaking'] as const)
        await append(state, { ...npc, state, replyTo: undefined });
      await append('empty', { ...npc, text: '' });
      await append('aside', { kind: 'ooc' });
      const ids = async () => (await campaign.memories.of('npc', { limit: 10 })).map(({ id }) => id).sort();
      expect(await ids()).toEqual(['cut', 'said', 'stopped']);
      // What does not stand takes no memory's place.
      expect(await campaign.memories.of('npc', { limit: 3 })).toHaveLength(3);
      expect(await campaign.memories.all({ limit: 3 })).toHaveLength(3);
      await campaign.lines.update('speaking', { text: 'So far', state: 'cut' });
      await campaign.lines.update('said', { text: '', state: 'failed' });
      expect(await ids()).toEqual(['cut', 'speaking', 'stopped']);
      expect((await campaign.memories.all({ limit: 10 })).find(({ id }) => id === 'speaking')?.text).toBe(
        'So far',
      );
      const gone = await connect();
      await gone
        .campaign(campaign.campaignId)
        .lines.append(newLine('half', scene.id, { ...npc, text: 'I was about', state: 'speaking' }));
      await gone.close();
      await store.recoverLines();
      expect(await ids()).toEqual(['cut', 'half', 'speaking', 'stopped']);
    });

    it('are one, however often a line is delivered', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      await addNpc(campaign, newNpc('late'));
      await Promise.all(Array.from({ length: 20 }, () => append('line', { witnesses: ['npc', 'npc'] })));
      await append('line', { witnesses: ['late'], text: 'Something else.' });
      expect(await campaign.memories.of('npc', { limit: 10 })).toHaveLength(1);
      expect(await campaign.memories.all({ limit: 10 })).toHaveLength(1);
      expect(await campaign.memories.of('late', { limit: 10 })).toEqual([]);
    });

    it('say who holds them, and how often they came to whose mind', async ({ clock, campaign, append }) => {
      await addNpc(campaign, newNpc('a'));
      await addNpc(campaign, newNpc('b'));
      await append('both', { witnesses: ['b', 'a'] });
      await append('one', { witnesses: ['b'] });
      await append('gone', { witnesses: ['b'], text: '', state: 'failed' });
      await campaign.memories.used('b', ['both', 'nothing']);
      clock.time += 1000;
      await campaign.memories.used('b', ['both', 'one']);
      await campaign.memories.used('a', ['one']);
      await campaign.memories.used('a', []);
      const lastUsedAtInMs = clock.time;
      expect(await campaign.memories.holders(['both', 'one', 'gone', 'nothing'])).toEqual(
        new Map([
          [
            'both',
            [
              { npcId: 'a', uses: 0, lastUsedAtInMs: undefined },
              { npcId: 'b', uses: 2, lastUsedAtInMs },
            ],
          ],
          ['one', [{ npcId: 'b', uses: 1, lastUsedAtInMs }]],
        ]),
      );
      expect(await campaign.memories.holders([])).toEqual(new Map());
    });

    it('are told of when their line is committed, and when it has changed', async ({
      store,
      campaign,
      append,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      const told: CommittedLine[] = [];
      store.onLine((committed) => told.push(committed));
      await append('line', npc);
      await append('line', { ...npc, text: 'again' });
      await append('reply', { ...npc, text: '', state: 'speaking' });
      await campaign.lines.update('reply', { text: 'So', state: 'speaking' });
      await campaign.lines.update('reply', { text: 'So be it.', state: 'said' });
      await campaign.lines.update('nothing', { text: 'x', state: 'said' });
      await expect(append('refused', { witnesses: ['nobody'] })).rejects.toThrow();
      expect(told.map(({ campaignId, line, witnesses }) => [campaignId, line.text, witnesses])).toEqual([
        [campaign.campaignId, 'What line says.', ['npc']],
        [campaign.campaignId, 'So be it.', ['npc']],
      ]);
      const { line } = told[1] ?? {};
      expect(line).toEqual(await campaign.lines.byId('reply'));
      expect(line && memoryOf(line)).toEqual((await campaign.memories.of('npc', { limit: 1 }))[0]);
    });

    it('name nobody for what the game master narrates', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      await append('line', { ...npc, speaker: { kind: 'gm', id: 'gm', name: 'Gale' } });
      expect(await campaign.memories.of('npc', { limit: 1 })).toMatchObject([{ speaker: '' }]);
    });
  });
}
