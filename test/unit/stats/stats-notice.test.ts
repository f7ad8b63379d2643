import { expect, it } from 'vitest';
import type { Block, Notice } from '#src/core/view.ts';
import { Stats } from '#src/stats/stats.ts';
import { statsNotice } from '#src/stats/stats-notice.ts';

/** Texts as they stand, tables as rows of cells under their columns with a mark where these are aligned right. */
function plain({ blocks }: Notice): readonly unknown[] {
  return blocks.map((block: Block) => {
    if (block.kind === 'text') return block.text;
    if (block.kind === 'heading') return `# ${block.text}`;
    if (block.kind !== 'table') throw new Error(`Nothing is said about ${block.kind} here.`);
    return [
      block.columns.map(({ title, align }) => (align === 'right' ? `>${title}` : title)),
      ...block.rows,
    ];
  });
}

it('says that nothing has happened yet', () => {
  const notice = statsNotice(new Stats({ now: () => 0 }).report());
  expect(plain(notice)).toEqual(['Up for 0.0 ms.', 'Nothing has been asked of a model yet.']);
  expect(notice).toMatchObject({ tone: 'plain', actions: [] });
});

it('shows a table for everything that there is to tell', () => {
  let now = 0;
  const stats = new Stats({ now: () => now });
  now = 3_725_000;
  stats.record('first token', 3);
  stats.record('first token', 3);
  stats.recordUsage({
    model: 'big',
    purpose: 'speak',
    inputTokens: 12_000,
    cachedInputTokens: 8_000,
    outputTokens: 300,
    costInMicroUsd: 12_345,
  });
  stats.recordError('timeout');
  stats.addCacheSource('personas', () => ({ hits: 3, misses: 1, entries: 8 }));
  stats.addPermitSource('models', () => ({ held: 2, limit: 32, waiting: 0 }));
  expect(plain(statsNotice(stats.report()))).toEqual([
    'Up for 1 h 2 min.',
    '# How long it takes',
    [
      ['Stage', '>Count', '>p50', '>p95', '>p99'],
      ['first token', '2', '3.0 ms', '3.0 ms', '3.0 ms'],
    ],
    '# Tokens and cost',
    [
      ['Model', '>Calls', '>Input', '>Cached', '>Output', '>Cost'],
      ['big', '1', '12,000', '8,000', '300', '$0.0123'],
    ],
    '# Errors',
    [
      ['Kind', '>Count'],
      ['timeout', '1'],
    ],
    '# Caches',
    [
      ['Cache', '>Hits', '>Misses', '>Hit rate', '>Entries'],
      ['personas', '3', '1', '75 %', '8'],
    ],
    '# Permits',
    [
      ['Pool', '>Held', '>Limit', '>Waiting'],
      ['models', '2', '32', '0'],
    ],
  ]);
});
