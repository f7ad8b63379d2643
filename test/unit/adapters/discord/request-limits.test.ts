import { describe, expect, it } from 'vitest';
import { limitsOf } from '#src/adapters/discord/discord-adapter.ts';

const requests = (shards: Parameters<typeof limitsOf>[0]) =>
  limitsOf(shards).find(({ per }) => per === 'all')?.limit;

describe('what may be sent in a second', () => {
  it('is shared by the processes that share the shards', () => {
    expect(requests(undefined)).toBe(45);
    expect(requests('auto')).toBe(45);
    expect(requests({ ids: [0, 1, 2, 3], count: 4 })).toBe(45);
    expect(requests({ ids: [0, 1], count: 4 })).toBe(22);
    expect(requests({ ids: [0], count: 1000 })).toBe(1);
  });

  it('through one webhook is 5 posts and 5 edits in 2 seconds', () => {
    const perChannel = limitsOf(undefined).filter(({ per }) => per === 'channel');
    expect(perChannel).toMatchObject([
      { counts: 'posts', limit: 5, windowInMs: 2000 },
      { counts: 'edits', limit: 5, windowInMs: 2000 },
    ]);
  });
});
