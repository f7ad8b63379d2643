import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newLine, newNpc, persona } from './store-samples.ts';

export function sceneContract(it: StoreTest): void {
  describe('scenes', () => {
    it('has one scene in a channel, however many open it at once', async ({ clock, campaign, scene }) => {
      const opened = await Promise.all(Array.from({ length: 10 }, () => campaign.scenes.open('den')));
      expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
      expect(opened[0]).toEqual({
        id: opened[0]?.id,
        campaignId: campaign.campaignId,
        channelId: 'den',
        startedAtInMs: clock.time,
      });
      expect(await campaign.scenes.current('den')).toEqual(opened[0]);
      expect(opened[0]?.id).not.toBe(scene.id);
    });

    it('keeps who is on stage in the order of their entrance', async ({ campaign, scene }) => {
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

    it('gives those on stage in a channel with their sheets', async ({ campaign, scene }) => {
      const den = await campaign.scenes.open('den');
      for (const id of ['b', 'a', 'elsewhere', 'nowhere']) await addNpc(campaign, newNpc(id));
      for (const id of ['b', 'a']) await campaign.scenes.enter(scene.id, id);
      await campaign.scenes.enter(den.id, 'elsewhere');
      const change = { base: 1, persona: persona('Bram'), reason: 'edited', by: 'GM', follow: true } as const;
      await campaign.npcs.addVersion('a', change);
      const both = [await campaign.npcs.byId('b'), await campaign.npcs.byId('a')];
      expect(await campaign.npcs.onStage('table')).toEqual(both);
      await campaign.npcs.setStatus('b', 'discarded');
      expect(await campaign.npcs.onStage('table')).toEqual(both.slice(1));
      expect(await campaign.npcs.onStage('nowhere')).toEqual([]);
    });

    it('takes who is discarded off every stage, for good', async ({ clock, store, campaign, scene }) => {
      const other = await campaign.scenes.open('den');
      await addNpc(campaign, newNpc('stays', 'Stays', { status: 'kept' }));
      await addNpc(campaign, newNpc('leaves'));
      await addNpc(campaign, newNpc('expires'));
      for (const { id } of [scene, other])
        for (const npc of ['stays', 'leaves', 'expires']) await campaign.scenes.enter(id, npc);
      await campaign.npcs.setStatus('leaves', 'discarded');
      expect(await campaign.scenes.cast(other.id)).toEqual(['stays', 'expires']);
      expect(await store.expireDrafts(clock.time + 1)).toBe(1);
      expect(await campaign.scenes.enter(scene.id, 'leaves')).toBe(false);
      for (const npc of ['leaves', 'expires']) await campaign.npcs.setStatus(npc, 'kept');
      for (const { id } of [scene, other]) expect(await campaign.scenes.cast(id)).toEqual(['stays']);
      expect(await campaign.scenes.enter(scene.id, 'leaves')).toBe(true);
    });

    it('lets nobody in who is not of the campaign', async ({ campaign, scene }) => {
      await addNpc(campaign, newNpc('npc'));
      expect(await campaign.scenes.enter(scene.id, 'nobody')).toBe(false);
      expect(await campaign.scenes.enter('nowhere', 'npc')).toBe(false);
      expect(await campaign.scenes.cast(scene.id)).toEqual([]);
    });
  });

  describe('lines', () => {
    it('gives back what was appended', async ({ clock, campaign, scene, append }) => {
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

    it('takes the same id for the same line', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      const first = await append('line', { text: 'first' });
      const again = await append('line', { text: 'second', state: 'cut', witnesses: ['npc'] });
      expect(again).toEqual({ line: first.line, isNew: false });
      expect(await campaign.lines.witnesses('line')).toEqual([]);
      expect((await append('next')).line.seq).toBe(2);
    });

    it('takes the same id for the same line when it comes many times at once', async ({ append, idsOf }) => {
      const results = await Promise.all(Array.from({ length: 50 }, () => append('line')));
      expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(results.map(({ line }) => line.seq))).toEqual(new Set([1]));
      expect(await idsOf(100)).toEqual(['line']);
    });

    it('numbers the lines of each scene without gap, whatever comes at once', async ({ campaign }) => {
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
            const lines = await campaign.lines.recent(id, 100);
            expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
          }
        }),
        { numRuns: 40 },
      );
    });

    it('refuses witnesses and scenes that are not of the campaign, whole', async ({ campaign, append }) => {
      await expect(append('line', { witnesses: ['nobody'] })).rejects.toThrow();
      await expect(campaign.lines.append(newLine('line', 'nowhere'))).rejects.toThrow('nowhere');
      expect(await campaign.lines.byId('line')).toBeUndefined();
      expect((await append('line')).line.seq).toBe(1);
    });

    it('refuses witnesses of an out-of-character line', async ({ campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      await expect(append('ooc', { kind: 'ooc', witnesses: ['npc'] })).rejects.toThrow('out of character');
      expect((await append('ooc', { kind: 'ooc' })).line.kind).toBe('ooc');
    });

    it('updates text and state alone', async ({ campaign, append }) => {
      const { line } = await append('line', { text: '', state: 'speaking' });
      await append('other');
      await campaign.lines.update('line', { text: 'so far', state: 'speaking' });
      await campaign.lines.update('line', { text: 'so far so good', state: 'said' });
      expect(await campaign.lines.byId('line')).toEqual({ ...line, text: 'so far so good', state: 'said' });
      expect((await campaign.lines.byId('other'))?.text).toBe('What other says.');
      await campaign.lines.update('nothing', { text: 'x', state: 'said' });
      expect(await campaign.lines.byId('nothing')).toBeUndefined();
    });

    it('reads the newest lines in their order, and what one NPC witnessed', async ({
      campaign,
      append,
      idsOf,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      await addNpc(campaign, newNpc('late'));
      for (let count = 1; count <= 10; count++)
        await append(`${count}`, {
          witnesses: [...(count % 2 ? ['npc'] : []), ...(count > 8 ? ['late'] : [])],
        });
      await campaign.lines.update('5', { text: '', state: 'failed' });
      expect(await idsOf(3)).toEqual(['8', '9', '10']);
      expect(await idsOf(3, 'npc')).toEqual(['3', '7', '9']);
      expect(await idsOf(100, 'late')).toEqual(['9', '10']);
      expect(await idsOf(100, 'nobody')).toEqual([]);
      expect(await idsOf(0)).toEqual([]);
      expect(await idsOf(-1)).toEqual([]);
      expect(await idsOf(1000)).toHaveLength(9);
    });

    it('finds every answer to a line, in order', async ({ clock, campaign, append }) => {
      await append('question');
      expect(await campaign.lines.repliesTo('question')).toEqual([]);
      const first = await append('z-first try', { replyTo: 'question', state: 'failed' });
      await append('question 2');
      await append('to another', { replyTo: 'question 2' });
      const second = await append('a-second try', { replyTo: 'question' });
      clock.time += 1;
      const next = await campaign.scenes.open('elsewhere');
      const third = await campaign.lines.append(newLine('third', next.id, { replyTo: 'question' }));
      expect(await campaign.lines.repliesTo('question')).toEqual([first.line, second.line, third.line]);
    });
  });
}
