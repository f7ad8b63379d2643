import { describe, expect, it } from 'vitest';
import { FallNews } from '#src/models/fall-news.ts';

const origin = { workspaceId: 'w', campaignId: 'c' };

describe('FallNews', () => {
  it('tells of a fall and of its end once, however often a model comes and goes', () => {
    let nowInMs = 1_000_000;
    const news = new FallNews({ now: () => nowInMs });
    expect([news.fell(origin), news.recovered(origin)]).toEqual([true, true]);
    for (let time = 0; time < 5; time += 1) {
      nowInMs += 60_000;
      expect([news.fell(origin), news.recovered(origin)]).toEqual([false, false]);
    }
    expect(news.fell({ ...origin, campaignId: 'other' })).toBe(true);
    nowInMs += 600_000;
    expect([news.fell(origin), news.recovered(origin), news.recovered(origin)]).toEqual([true, true, false]);
  });
});
