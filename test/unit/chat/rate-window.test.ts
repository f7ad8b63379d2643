import { describe, expect, it } from 'vitest';
import { RateWindow } from '#src/chat/rate-window.ts';

describe('RateWindow', () => {
  it('says how long until there is room again', () => {
    const window = new RateWindow({ limit: 3, windowInMs: 1000 });
    expect(window.waitInMs(0)).toBe(0);
    for (const at of [0, 200, 500]) window.add(at);
    expect(window.count(500)).toBe(3);
    expect(window.waitInMs(500)).toBe(500);
    expect(window.waitInMs(500, 2)).toBe(700);
    expect(window.waitInMs(500, 1)).toBe(1000);
    expect(window.waitInMs(999)).toBe(1);
    expect(window.waitInMs(1000)).toBe(0);
    expect(window.count(1200)).toBe(1);
    expect(window.count(1500)).toBe(0);
  });

  it('goes on for as long as it is used', () => {
    const window = new RateWindow({ limit: 3, windowInMs: 1000 });
    for (let at = 0; at < 100_000; at += 400) {
      expect(window.waitInMs(at)).toBe(0);
      window.add(at);
    }
    expect(window.count(100_000)).toBe(2);
  });
});
