import { describe, expect } from 'vitest';
import { type Notice, notice } from '#src/core/view.ts';
import type { StoreTest } from './store-fixtures.ts';

/** What is kept of people, campaign by campaign. */
export function peopleContract(it: StoreTest): void {
  describe('characters', () => {
    it('are what a person speaks as, in one campaign', async ({ store, workspace, campaign }) => {
      const second = await store.addCampaign(workspace.id, 'Second');
      const other = store.campaign(second?.id ?? '').characters;
      const { characters } = campaign;
      expect(await characters.of('person-1')).toBeUndefined();
      await characters.set('person-1', 'Mira');
      await characters.set('person-1', 'Mira of the Marsh');
      await characters.set('person-2', 'Wren');
      await other.set('person-1', 'Odo');
      expect(await characters.of('person-1')).toBe('Mira of the Marsh');
      await characters.set('person-1', undefined);
      await characters.set('person-3', undefined);
      expect(await characters.of('person-1')).toBeUndefined();
      expect(await characters.of('person-2')).toBe('Wren');
      expect(await other.of('person-1')).toBe('Odo');
    });
  });

  describe('what waits', () => {
    const item = (id: string, personId?: string, text = `Of ${id}.`) => ({
      id,
      personId,
      permission: 'gm' as const,
      notice: notice('plain', text),
      sinceInMs: 1000,
      isAnnounced: false,
      wasSeen: false,
    });

    it('waits for one person or for any game master, oldest first', async ({ campaign: { waiting } }) => {
      await waiting.add(item('z', 'gale'));
      await waiting.add(item('b'));
      await waiting.add(item('a', 'odo'));
      await waiting.add(item('c', 'gale'));
      expect(await waiting.list('gale')).toEqual([item('z', 'gale'), item('b'), item('c', 'gale')]);
      expect((await waiting.list('odo')).map(({ id }) => id)).toEqual(['b', 'a']);
      expect((await waiting.list('nobody')).map(({ id }) => id)).toEqual(['b']);
      await waiting.seen('gale', ['b', 'c', 'a', 'nothing']);
      await waiting.seen('gale', []);
      expect((await waiting.list('gale')).map(({ id }) => id)).toEqual(['z']);
      expect(await waiting.list('odo')).toEqual([{ ...item('b'), wasSeen: true }, item('a', 'odo')]);
    });

    it('is known of once it was announced', async ({ campaign: { waiting } }) => {
      await waiting.add(item('a', 'gale'));
      await waiting.announced(['a', 'nothing']);
      await waiting.announced([]);
      await waiting.add(item('b', 'gale'));
      expect(await waiting.list('gale')).toEqual([
        { ...item('a', 'gale'), isAnnounced: true },
        item('b', 'gale'),
      ]);
    });

    it('comes back as it was put there', async ({ campaign: { waiting } }) => {
      const whole: Notice = {
        tone: 'hint',
        blocks: [
          { kind: 'facts', facts: [{ label: 'Secret', value: 'The butler \ud83d did it "twice" 🗝' }] },
          { kind: 'list', items: ['one'] },
        ],
        actions: [{ label: 'Show', command: 'npc show', options: { name: 'Tilda' }, asks: ['part'] }],
      };
      await waiting.add({ ...item('id', 'gale'), notice: whole });
      expect(await waiting.list('gale')).toEqual([{ ...item('id', 'gale'), notice: whole }]);
    });

    it('is one, however often it comes', async ({ campaign: { waiting } }) => {
      await Promise.all(Array.from({ length: 10 }, () => waiting.add(item('id'))));
      await waiting.add(item('id', 'odo', 'Something else.'));
      expect(await waiting.list('gale')).toEqual([item('id')]);
    });

    it('is the newest 50 for each', async ({ store, workspace, campaign: { waiting } }) => {
      const second = await store.addCampaign(workspace.id, 'Second');
      const other = store.campaign(second?.id ?? '').waiting;
      await other.add(item('theirs'));
      const ids = Array.from({ length: 60 }, (_, index) => `${index}`);
      for (const id of ids) await waiting.add(item(id));
      await waiting.add(item('own', 'gale'));
      for (const id of ids) await waiting.add(item(`odo ${id}`, 'odo'));
      expect((await waiting.list('gale')).map(({ id }) => id)).toEqual([...ids.slice(10), 'own']);
      expect(await waiting.list('odo')).toHaveLength(100);
      expect(await other.list('gale')).toEqual([item('theirs')]);
    });
  });
}
