import { describe, expect } from 'vitest';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newLine, newNpc } from './store-samples.ts';

const EVENING = 3 * 1440 + 18 * 60;

export function timeContract(it: StoreTest): void {
  describe('in-world time', () => {
    it('is kept once it is set, and until it is cleared', async ({ campaign, clock, connect }) => {
      expect(await campaign.time.now()).toEqual({ atInMs: clock.time, worldMinute: undefined });
      const set = await campaign.time.change((now) => (now === undefined ? EVENING : 0));
      expect(set).toEqual({ before: undefined, after: EVENING });
      const elsewhere = (await connect()).campaign(campaign.campaignId);
      expect((await elsewhere.time.now()).worldMinute).toBe(EVENING);
      expect(await elsewhere.time.change((now) => (now ?? 0) - 5000)).toEqual({
        before: EVENING,
        after: EVENING - 5000,
      });
      await campaign.time.change(() => undefined);
      expect((await elsewhere.time.now()).worldMinute).toBeUndefined();
    });

    it('is not changed where the change cannot be made', async ({ campaign }) => {
      await campaign.time.change(() => EVENING);
      const refusing = campaign.time.change(() => {
        throw new RangeError('no');
      });
      await expect(refusing).rejects.toThrow('no');
      expect((await campaign.time.now()).worldMinute).toBe(EVENING);
    });

    it('is stamped on each line, also before the game’s first day', async ({ campaign, append, scene }) => {
      await addNpc(campaign, newNpc('npc'));
      const witnesses = ['npc'];
      await append('before', { witnesses });
      await campaign.time.change(() => -30);
      expect((await append('then', { witnesses })).line.worldMinute).toBe(-30);
      await campaign.time.change(() => EVENING);
      await append('now', { witnesses });
      for (const lines of [
        await campaign.lines.recent(scene.id, 3),
        await campaign.lines.witnessed(scene.id, 'npc', 3),
      ]) {
        expect(lines.map(({ worldMinute }) => worldMinute)).toEqual([undefined, -30, EVENING]);
        expect(lines[0]).not.toHaveProperty('worldMinute');
      }
    });

    it('stays with a line that is spoken on, edited or delivered again', async ({ campaign, append }) => {
      await campaign.time.change(() => EVENING);
      await append('line', { state: 'speaking' });
      await append('said');
      await campaign.time.change(() => EVENING + 600);
      await campaign.lines.update('line', { text: 'Whole.', state: 'said' });
      await campaign.lines.revise('said', 'Otherwise.');
      expect((await append('said')).isNew).toBe(false);
      for (const id of ['line', 'said']) expect((await campaign.lines.byId(id))?.worldMinute).toBe(EVENING);
    });

    it('is that of memories: of a line, of a summary’s last line, of what a word is in place of', async ({
      campaign,
      append,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      const told = { importance: 1, isPinned: false, by: 'Gale' };
      for (const [index, id] of ['one', 'two', 'three'].entries()) {
        await campaign.time.change(() => EVENING + index);
        await append(id, { text: `${id}.`, witnesses: ['npc'] });
      }
      await append('four', { text: 'four.', witnesses: ['npc'] });
      const sources = ['one', 'two'].map((id) => ({ id, text: `${id}.` }));
      const folded = [{ memoryId: 'sum', text: 'One and two.', importance: 0.5, sources }];
      await campaign.consolidation.settle('npc', { weighed: [], folded, letGo: [] });
      await campaign.time.change(() => EVENING + 600);
      await campaign.memories.tell('npc', { ...told, id: 'word', text: 'A word.', inPlaceOf: undefined });
      await campaign.memories.tell('npc', { ...told, id: 'instead', text: 'Three!', inPlaceOf: 'three' });
      await campaign.memories.tell('npc', { ...told, id: 'again', text: 'Again!', inPlaceOf: 'instead' });
      const units = [
        ...(await campaign.memories.of('npc', { limit: 9 })),
        ...(await campaign.memories.long('npc', { limit: 9 })),
      ];
      expect(Object.fromEntries(units.map(({ id, worldMinute }) => [id, worldMinute]))).toEqual({
        four: EVENING + 2,
        sum: EVENING + 1,
        word: undefined,
        again: EVENING + 2,
      });
    });

    it('is each campaign’s own', async ({ campaign, store, workspace }) => {
      const added = await store.addCampaign(workspace.id, 'Other');
      const other = store.campaign(added?.id ?? '');
      await campaign.time.change(() => EVENING);
      expect((await other.time.now()).worldMinute).toBeUndefined();
      const scene = await other.scenes.open('elsewhere');
      expect((await other.lines.append(newLine('line', scene.id))).line.worldMinute).toBeUndefined();
    });
  });
}
