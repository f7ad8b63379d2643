import { describe, expect } from 'vitest';
import { Refusal } from '#src/core/errors.ts';
import type { Installation } from '#src/core/store.ts';
import type { Action } from '#src/core/view.ts';
import type { StoreTest } from './store-fixtures.ts';

/** What workspaces gave us, and what was put aside for their buttons. */
export function installationContract(it: StoreTest): void {
  describe('installations', () => {
    const key = 'a key that nobody knows';
    const installation: Installation = {
      platform: 'slack',
      teamId: 'T1',
      teamName: 'Salt Docks',
      botToken: 'xoxb-1-not-a-real-one',
      botId: 'B1',
      botUserId: 'U1',
      scopes: ['chat:write', 'commands'],
      installedAtInMs: 1000,
    };

    it('are kept until they are replaced or removed', async ({ connect }) => {
      const { installations } = await connect(key);
      expect(await installations.byTeam('slack', 'T1')).toBeUndefined();
      await installations.save(installation);
      await installations.save({ ...installation, platform: 'discord', teamId: 'T2' });
      await installations.save({ ...installation, teamId: 'T0', botToken: 'xoxb-0 – ünïcode 🗝' });
      const again = (await connect(key)).installations;
      expect(await again.byTeam('slack', 'T1')).toEqual(installation);
      expect((await again.byTeam('slack', 'T0'))?.botToken).toBe('xoxb-0 – ünïcode 🗝');
      expect(await again.byTeam('slack', 'T2')).toBeUndefined();
      expect(await again.teams('slack')).toEqual(['T0', 'T1']);
      const renewed = { ...installation, teamName: 'Docks', botToken: 'xoxb-2', scopes: [] };
      await again.save(renewed);
      expect(await installations.byTeam('slack', 'T1')).toEqual(renewed);
      await again.remove('slack', 'T1');
      await again.remove('slack', 'T1');
      expect(await installations.byTeam('slack', 'T1')).toBeUndefined();
      expect(await installations.teams('slack')).toEqual(['T0']);
      expect(await installations.teams('discord')).toEqual(['T2']);
    });

    it('cannot be read with another key, or with none, and can be removed with any', async ({ connect }) => {
      await (await connect(key)).installations.save(installation);
      const others = [await connect(`${key}.`), await connect()];
      for (const { installations } of others) {
        const refusal = await installations.byTeam('slack', 'T1').catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(Refusal);
        expect(refusal).toHaveProperty('message', expect.stringMatching(/T1.*SECRET_KEY.*install/u));
        expect(await installations.teams('slack')).toEqual(['T1']);
      }
      await others[1]?.installations.remove('slack', 'T1');
      expect(await others[0]?.installations.byTeam('slack', 'T1')).toBeUndefined();
    });

    it('are not made without a key', async ({ store }) => {
      const refused = store.installations.save(installation);
      await expect(refused).rejects.toThrow(/SECRET_KEY/u);
      await expect(refused).rejects.toBeInstanceOf(Refusal);
      expect(await store.installations.teams('slack')).toEqual([]);
    });
  });

  describe('the shelf', () => {
    const action: Action = {
      label: 'Edit',
      command: 'npc edit',
      options: { npc: 'Tilda of the very long name', field: 'voice' },
      asks: ['value'],
    };

    it('gives an action back for its code, in its workspace alone', async ({ store, workspace, connect }) => {
      const other = await store.openWorkspace({ platform: 'slack', platformId: 'T1', name: 'Docks' });
      const code = await store.shelf.put(workspace.id, action);
      expect(code).toMatch(/^[\w-]{1,40}$/u);
      expect(await (await connect()).shelf.get(workspace.id, code)).toEqual(action);
      expect(await store.shelf.get(other.id, code)).toBeUndefined();
      expect(await store.shelf.get(workspace.id, 'unknown')).toBeUndefined();
      expect(await store.shelf.put(other.id, action)).not.toBe(code);
    });

    it('has one code for one action, in whatever order it was written', async ({ store, workspace }) => {
      const code = await store.shelf.put(workspace.id, action);
      const same = { ...action, options: Object.fromEntries(Object.entries(action.options).reverse()) };
      expect(await store.shelf.put(workspace.id, same)).toBe(code);
      const others: readonly Action[] = [
        { ...action, label: 'Change' },
        { ...action, command: 'npc show' },
        { ...action, options: { ...action.options, field: 'role' } },
        { ...action, asks: [] },
        { ...action, isInPlace: true },
      ];
      const codes = await Promise.all(others.map((each) => store.shelf.put(workspace.id, each)));
      expect(new Set([code, ...codes]).size).toBe(others.length + 1);
      expect(await store.shelf.get(workspace.id, codes[4] ?? '')).toEqual(others[4]);
    });

    it('drops what was last put there before a time', async ({ clock, store, workspace }) => {
      const old = await store.shelf.put(workspace.id, action);
      const renewed = await store.shelf.put(workspace.id, { ...action, label: 'Renewed' });
      clock.time += 1000;
      await store.shelf.put(workspace.id, { ...action, label: 'Renewed' });
      expect(await store.shelf.expire(clock.time)).toBe(1);
      expect(await store.shelf.expire(clock.time)).toBe(0);
      expect(await store.shelf.get(workspace.id, old)).toBeUndefined();
      expect(await store.shelf.get(workspace.id, renewed)).toBeDefined();
    });
  });
}
