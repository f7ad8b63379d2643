import { formatCost, formatCount } from '#src/stats/format.ts';
import { defineCommand } from './command.ts';

export const adminStats = defineCommand({
  name: 'admin stats',
  summary: 'Latencies, tokens, cost, caches and errors',
  permission: 'admin',
  answers: 'asker',
  example: '/admin stats',
  options: {},
  async run({ statsNotice, store, campaign, stage }) {
    const figures = statsNotice();
    const totals = await store.usage.totals();
    const rows = totals.map((total) => [
      total.model,
      formatCount(total.calls),
      formatCount(total.inputTokens),
      formatCount(total.cachedInputTokens),
      formatCount(total.outputTokens),
      formatCost(total.costInMicroUsd),
    ]);
    const titles = ['Model', 'Calls', 'Input', 'Cached', 'Output', 'Cost'];
    const columns = titles.map((title, at) => ({ title, align: at === 0 ? 'left' : 'right' }) as const);
    const ever =
      rows.length === 0
        ? []
        : ([
            { kind: 'heading', text: `${campaign.name}, since it began` },
            { kind: 'table', columns, rows },
          ] as const);
    await stage.tell({ ...figures, blocks: [...figures.blocks, ...ever] }, 'asker');
  },
});
