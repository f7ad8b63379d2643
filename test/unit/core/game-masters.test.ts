import { describe, expect, it } from 'vitest';
import { mayRun } from '#src/core/command.ts';
import { readWho } from '#src/core/game-masters.ts';

describe('readWho', () => {
  it('reads people and roles, with and without a name', () => {
    expect(readWho('person:12 Ann of the: Hill')).toEqual({
      kind: 'person',
      id: '12',
      name: 'Ann of the: Hill',
    });
    expect(readWho('role:r1')).toEqual({ kind: 'role', id: 'r1', name: 'r1' });
  });

  it.each(['Ann', 'person:', 'person: Ann', 'channel:1 x', ' person:1 x', ''])(
    'reads nobody in %j',
    (text) => {
      expect(readWho(text)).toBeUndefined();
    },
  );
});

describe('mayRun', () => {
  const manager = { permission: 'player', isManager: true } as const;
  it('lets managers do what is for them, and no more', () => {
    expect(mayRun(manager, { permission: 'gm', isForManagers: true })).toBe(true);
    expect(mayRun(manager, { permission: 'gm' })).toBe(false);
    expect(mayRun({ ...manager, isManager: false }, { permission: 'gm', isForManagers: true })).toBe(false);
    expect(mayRun({ permission: 'gm', isManager: false }, { permission: 'gm', isForManagers: true })).toBe(
      true,
    );
  });
});
