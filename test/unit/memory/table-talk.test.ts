import { describe, expect, it } from 'vitest';
import { run } from '../../../bench/recall-table.ts';
import { readTableTalk } from '../../../bench/support/table-talk.ts';

describe('what a table asks', () => {
  it('reaches the prompt, also where nothing was chosen by it', async () => {
    const missed: string[] = [];
    const figures = await run({
      dataFile: undefined,
      outFile: undefined,
      withPeers: false,
      progress: (text) => missed.push(text),
    });
    expect(figures.questions).toBeGreaterThanOrEqual(120);
    expect(figures.lines).toBeGreaterThanOrEqual(390);
    expect(figures.tunedInPrompt).toBeGreaterThanOrEqual(80);
    expect(figures.asideInPrompt).toBeGreaterThanOrEqual(70);
    expect(figures.asideFirst).toBeGreaterThanOrEqual(30);
    expect(missed.length).toBeGreaterThan(0);
  });

  it('is asked of lines that there are', async () => {
    const { units, questions } = await readTableTalk(undefined);
    const ids = new Set(units.map(({ id }) => id));
    expect(ids.size).toBe(units.length);
    for (const { answers } of questions) expect([...answers].filter((id) => !ids.has(id))).toEqual([]);
    expect(questions.filter(({ isAside }) => isAside).length).toBeGreaterThan(questions.length / 3);
  });
});
