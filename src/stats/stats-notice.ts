import type { Block, Notice, TableColumn } from '#src/core/view.ts';
import { formatCost, formatCount, formatDuration, formatShare } from './format.ts';
import type { StatsReport } from './stats.ts';

/** The report as `admin stats` shows it: a table for each thing of which there is something to tell. */
export function statsNotice(report: StatsReport): Notice {
  const tables = [
    ...titledTable(
      'How long it takes',
      ['Stage', 'Count', 'p50', 'p95', 'p99'],
      report.stages.map(({ stage, count, p50InMs, p95InMs, p99InMs }) => [
        stage,
        formatCount(count),
        formatDuration(p50InMs),
        formatDuration(p95InMs),
        formatDuration(p99InMs),
      ]),
    ),
    ...titledTable(
      'Tokens and cost',
      ['Model', 'Calls', 'Input', 'Cached', 'Output', 'Cost'],
      report.models.map((figures) => [
        figures.model,
        formatCount(figures.calls),
        formatCount(figures.inputTokens),
        formatCount(figures.cachedInputTokens),
        formatCount(figures.outputTokens),
        formatCost(figures.costInMicroUsd),
      ]),
    ),
    ...titledTable(
      'Errors',
      ['Kind', 'Count'],
      report.errors.map(({ kind, count }) => [kind, formatCount(count)]),
    ),
    ...titledTable(
      'Caches',
      ['Cache', 'Hits', 'Misses', 'Hit rate', 'Entries'],
      report.caches.map(({ name, hits, misses, entries }) => [
        name,
        formatCount(hits),
        formatCount(misses),
        formatShare(hits, hits + misses),
        formatCount(entries),
      ]),
    ),
    ...titledTable(
      'Permits',
      ['Pool', 'Held', 'Limit', 'Waiting'],
      report.permits.map(({ name, held, limit, waiting }) => [
        name,
        formatCount(held),
        formatCount(limit),
        formatCount(waiting),
      ]),
    ),
    ...titledTable(
      'Batches',
      ['Work', 'Batches', 'Items', 'Mean', 'Largest'],
      report.batches.map(({ name, batches, items, largest }) => [
        name,
        formatCount(batches),
        formatCount(items),
        (items / batches).toFixed(1),
        formatCount(largest),
      ]),
    ),
  ];
  const nothingYet: Block[] =
    report.stages.length + report.models.length + report.errors.length === 0
      ? [{ kind: 'text', text: 'Nothing has been asked of a model yet.' }]
      : [];
  return {
    tone: 'plain',
    blocks: [
      { kind: 'text', text: `Up for ${formatDuration(report.uptimeInMs)}.` },
      ...nothingYet,
      ...tables,
    ],
    actions: [],
  };
}

/** The first column names, the others count. Nothing where there are no rows. */
function titledTable(
  title: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): readonly Block[] {
  if (rows.length === 0) return [];
  const columns = titles.map(
    (name, index): TableColumn => ({ title: name, align: index === 0 ? 'left' : 'right' }),
  );
  return [
    { kind: 'heading', text: title },
    { kind: 'table', columns, rows },
  ];
}
