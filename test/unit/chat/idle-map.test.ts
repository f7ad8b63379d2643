import { describe, expect, it } from 'vitest';
import { IdleMap } from '#src/chat/idle-map.ts';

describe('IdleMap', () => {
  it('forgets what has become idle, however many keys come', () => {
    const now = { atInMs: 0 };
    const map = new IdleMap<number>((until) => until <= now.atInMs);
    for (let index = 0; index < 20_000; index += 1) {
      now.atInMs = index;
      map.set(`c${index}`, index + 100);
    }
    expect(map.size).toBeLessThanOrEqual(1000);
    expect(map.get('c19999')).toBe(20_099);
    expect(map.get('c0')).toBeUndefined();
  });

  it('keeps all that are busy', () => {
    const map = new IdleMap<number>(() => false);
    for (let index = 0; index < 5000; index += 1) map.set(`c${index}`, index);
    expect(map.size).toBe(5000);
    expect(map.get('c0')).toBe(0);
  });
});
