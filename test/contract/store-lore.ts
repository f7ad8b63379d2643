import { describe, expect } from 'vitest';
import type { StoreTest } from './store-fixtures.ts';
import { addNpc, newLore, newNpc } from './store-samples.ts';

export function loreContract(it: StoreTest): void {
  describe('lore', () => {
    it('is what documents say, in their order', async ({ campaign, clock }) => {
      await campaign.lore.put(newLore('The tunnel', 'It floods.'));
      clock.time += 5;
      const put = await campaign.lore.put(newLore('The Bell', 'It fell.', 'It rings.'));
      expect(put).toMatchObject({ isNew: true, added: 2, kept: 0, removed: 0 });
      expect(await campaign.lore.documents()).toMatchObject([
        {
          title: 'The Bell',
          audience: { kind: 'everyone' },
          passageCount: 2,
          sizeInCharacters: 17,
          by: 'Gale',
          changedAtInMs: clock.now(),
        },
        { title: 'The tunnel', changedAtInMs: clock.now() - 5 },
      ]);
      expect(await campaign.lore.passages()).toMatchObject([
        { title: 'The Bell', heading: 'Here', text: 'It fell.', seq: 0 },
        { title: 'The Bell', text: 'It rings.', seq: 1 },
        { title: 'The tunnel', text: 'It floods.', seq: 0 },
      ]);
    });

    it('keeps the ids of passages that say the same as before', async ({ campaign }) => {
      await campaign.lore.put(newLore('Bell', 'It fell.', 'It rings.', 'It rings.'));
      const before = await campaign.lore.passages();
      expect(new Set(before.map(({ id }) => id)).size).toBe(3);
      const put = await campaign.lore.put(newLore('BELL', 'It is old.', 'It rings.', 'It rings.'));
      expect(put).toMatchObject({ isNew: false, added: 1, kept: 2, removed: 1 });
      const after = await campaign.lore.passages();
      expect(after.map(({ text }) => text)).toEqual(['It is old.', 'It rings.', 'It rings.']);
      expect(after.slice(1).map(({ id }) => id)).toEqual(before.slice(1).map(({ id }) => id));
      expect(await campaign.lore.documents()).toMatchObject([{ title: 'BELL', passageCount: 3 }]);
    });

    it('follows where a passage has moved to', async ({ campaign }) => {
      await campaign.lore.put(newLore('Bell', 'One.', 'Two.', 'Three.'));
      await campaign.lore.put(newLore('Bell', 'Three.', 'One.'));
      expect((await campaign.lore.passages()).map(({ text }) => text)).toEqual(['Three.', 'One.']);
    });

    it('keeps keys', async ({ campaign }) => {
      const passage = {
        heading: '',
        text: 'It floods.',
        keys: ['tunnel', 'a "quoted" key'],
        secondaryKeys: ['sea'],
      };
      await campaign.lore.put({ ...newLore('Book'), passages: [passage] });
      expect(await campaign.lore.passages()).toMatchObject([passage]);
    });

    it('is for everyone, for some NPCs, or for the game master alone', async ({ campaign }) => {
      await addNpc(campaign, newNpc('npc'));
      await addNpc(campaign, newNpc('other'));
      const audienceOf = async () => (await campaign.lore.documents())[0]?.audience;
      for (const audience of [
        { kind: 'npcs', npcIds: ['npc', 'other'] },
        { kind: 'npcs', npcIds: ['other'] },
        { kind: 'gm' },
        { kind: 'everyone' },
      ] as const) {
        await campaign.lore.put({ ...newLore('Book', 'It floods.'), audience });
        expect(await audienceOf()).toEqual(audience);
      }
    });

    it('is for NPCs of its own campaign only', async ({ campaign }) => {
      const audience = { kind: 'npcs', npcIds: ['stranger'] } as const;
      await expect(campaign.lore.put({ ...newLore('Book', 'It floods.'), audience })).rejects.toThrow();
      expect(await campaign.lore.documents()).toEqual([]);
      expect(await campaign.lore.revision()).toBe(0);
    });

    it('is gone when it is removed', async ({ campaign }) => {
      await addNpc(campaign, newNpc('npc'));
      const audience = { kind: 'npcs', npcIds: ['npc'] } as const;
      const { document } = await campaign.lore.put({ ...newLore('Book', 'It floods.'), audience });
      expect(await campaign.lore.remove(document.id)).toBe(true);
      expect(await campaign.lore.remove(document.id)).toBe(false);
      expect(await campaign.lore.documents()).toEqual([]);
      expect(await campaign.lore.passages()).toEqual([]);
    });

    it('has a revision that grows with every change', async ({ campaign }) => {
      expect(await campaign.lore.revision()).toBe(0);
      const { document } = await campaign.lore.put(newLore('Book', 'It floods.'));
      const first = await campaign.lore.revision();
      await campaign.lore.put(newLore('Book', 'It floods.'));
      const second = await campaign.lore.revision();
      await campaign.lore.remove(document.id);
      expect(first).toBeGreaterThan(0);
      expect(second).toBeGreaterThan(first);
      expect(await campaign.lore.revision()).toBeGreaterThan(second);
    });

    it('takes a book of many passages', async ({ campaign }) => {
      const texts = Array.from({ length: 1_300 }, (_, at) => `Passage ${at}.`);
      expect(await campaign.lore.put(newLore('Book', ...texts))).toMatchObject({ added: 1_300 });
      expect((await campaign.lore.passages()).map(({ text }) => text)).toEqual(texts);
      expect(await campaign.lore.put(newLore('Book', 'One.'))).toMatchObject({ removed: 1_300 });
    });
  });
}
