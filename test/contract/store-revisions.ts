import { describe, expect } from 'vitest';
import type { CommittedLine } from '#src/core/store.ts';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newLine, newNpc } from './store-samples.ts';

/** What becomes of a line after it was said, and where on the platform it stands. */
export function revisionContract(it: StoreTest): void {
  const heard = { witnesses: ['npc'] };
  const byNpc = { speaker: { kind: 'npc', id: 'npc', name: 'Tilda' } } as const;

  describe('what a person said', () => {
    it('can be changed: text alone, for whoever witnessed it', async ({ store, campaign, scene, append }) => {
      await addNpc(campaign, newNpc('npc'));
      const { line } = await append('line', heard);
      await append('other', heard);
      const told: CommittedLine[] = [];
      store.onLine((committed) => told.push(committed));
      const revised = { ...line, text: 'What I meant.' };
      expect(await campaign.lines.revise('line', 'What I meant.')).toEqual(revised);
      expect(await campaign.lines.byId('line')).toEqual(revised);
      expect(told).toEqual([{ campaignId: campaign.campaignId, line: revised, witnesses: ['npc'] }]);
      const [read] = await campaign.lines.witnessed(scene.id, 'npc', 5);
      expect(revised).toEqual(expect.objectContaining(read));
      expect(read?.text).toBe('What I meant.');
      const memories = await campaign.memories.of('npc', { limit: 5 });
      expect(memories.map(({ text }) => text)).toEqual(['What other says.', 'What I meant.']);
      await append('aside', { kind: 'ooc' });
      expect(await campaign.lines.revise('aside', '((sorry))')).toMatchObject({ kind: 'ooc' });
    });

    it('can be taken back: then it was never said', async ({ store, campaign, append, idsOf }) => {
      await addNpc(campaign, newNpc('npc'));
      const { line } = await append('line', heard);
      await append('narrated', { ...heard, speaker: { kind: 'gm', id: 'gm', name: 'Gale' } });
      const told: CommittedLine[] = [];
      store.onLine((committed) => told.push(committed));
      const retracted = { ...line, text: '', state: 'retracted' } as const;
      expect(await campaign.lines.retract('line')).toEqual(retracted);
      expect(told).toEqual([{ campaignId: campaign.campaignId, line: retracted, witnesses: ['npc'] }]);
      expect(await campaign.lines.byId('line')).toEqual(retracted);
      expect(await idsOf(5)).toEqual(['narrated']);
      expect(await idsOf(5, 'npc')).toEqual(['narrated']);
      expect((await campaign.memories.of('npc', { limit: 1 })).map(({ id }) => id)).toEqual(['narrated']);
      expect((await campaign.memories.all({ limit: 5 })).map(({ id }) => id)).toEqual(['narrated']);
      expect(await campaign.memories.holders(['line'])).toEqual(new Map());
      await campaign.memories.used('npc', ['line']);
      expect(await campaign.lines.retract('narrated')).toMatchObject({ state: 'retracted' });
      expect(await idsOf(5)).toEqual([]);
    });

    it('stays taken back, whatever comes late', async ({ connect, store, campaign, append }) => {
      await addNpc(campaign, newNpc('npc'));
      await append('line', heard);
      const retracted = await campaign.lines.retract('line');
      const told: CommittedLine[] = [];
      store.onLine((committed) => told.push(committed));
      expect(await campaign.lines.retract('line')).toBeUndefined();
      expect(await campaign.lines.revise('line', 'Again?')).toBeUndefined();
      expect(await append('line', heard)).toEqual({ line: retracted, isNew: false });
      await campaign.lines.update('line', { text: 'Again!', state: 'said' });
      await campaign.lines.update('line', { text: 'Again!', state: 'speaking' });
      await (await connect()).recoverLines();
      expect(await campaign.lines.byId('line')).toEqual(retracted);
      expect(told).toEqual([]);
    });

    it('is all that can be changed: nothing of an NPC’s, nothing that does not stand', async ({
      store,
      campaign,
      append,
    }) => {
      await addNpc(campaign, newNpc('npc'));
      await append('reply', { ...heard, ...byNpc });
      await append('speaking', { state: 'speaking' });
      await append('failed', { state: 'failed', text: '' });
      const ids = ['reply', 'speaking', 'failed', 'nothing'];
      const before = await Promise.all(ids.map((id) => campaign.lines.byId(id)));
      const told: CommittedLine[] = [];
      store.onLine((committed) => told.push(committed));
      for (const id of ids) {
        expect(await campaign.lines.revise(id, 'Changed.')).toBeUndefined();
        expect(await campaign.lines.retract(id)).toBeUndefined();
      }
      expect(await Promise.all(ids.map((id) => campaign.lines.byId(id)))).toEqual(before);
      expect(told).toEqual([]);
    });
  });

  describe('the messages in which a line stands', () => {
    it('lead to it, in its own channel', async ({ store, workspace, campaign, append }) => {
      await append('question');
      const { line } = await append('reply', byNpc);
      await campaign.lines.addPost('reply', 'message 1');
      await campaign.lines.addPost('reply', 'message 2');
      const den = await campaign.scenes.open('den');
      const other = await campaign.lines.append(newLine('other', den.id, byNpc));
      // Slack counts messages by time, in each channel anew.
      await campaign.lines.addPost('other', 'message 1');
      expect(await campaign.lines.byPost('table', 'message 1')).toEqual(line);
      expect(await campaign.lines.byPost('table', 'message 2')).toEqual(line);
      expect(await campaign.lines.byPost('den', 'message 1')).toEqual(other.line);
      expect(await campaign.lines.byPost('den', 'message 2')).toBeUndefined();
      expect(await campaign.lines.byPost('nowhere', 'message 1')).toBeUndefined();
      const second = await store.addCampaign(workspace.id, 'Second');
      const stranger = store.campaign(second?.id ?? '');
      await stranger.scenes.open('table');
      expect(await stranger.lines.byPost('table', 'message 1')).toBeUndefined();
    });

    it('are told once, and belong to a line that is there', async ({ campaign, append }) => {
      const { line } = await append('reply', byNpc);
      await append('other', byNpc);
      await Promise.all(Array.from({ length: 5 }, () => campaign.lines.addPost('reply', 'message')));
      await campaign.lines.addPost('other', 'message');
      await campaign.lines.addPost('nothing', 'message 2');
      expect(await campaign.lines.byPost('table', 'message')).toEqual(line);
      expect(await campaign.lines.byPost('table', 'message 2')).toBeUndefined();
    });
  });
}
