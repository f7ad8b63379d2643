import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { openProgress } from '#src/adapters/terminal/progress-bar.ts';
import { TestClock } from '../../../contract/store-samples.ts';

it('is a line every five seconds where nobody watches', async () => {
  const stream = new PassThrough();
  const clock = new TestClock();
  const progress = await openProgress(stream, clock);
  progress.reach(1);
  progress.begin('Emptying', 0);
  progress.begin('Importing', 200);
  for (let done = 1; done <= 100; done += 1) {
    clock.time += 100;
    progress.reach(done);
  }
  progress.end();
  progress.reach(200);
  stream.end();
  const lines = ['Emptying…', 'Importing: 0 of 200 (0 %)', 'Importing: 50 of 200 (25 %)'];
  expect(await text(stream)).toBe([...lines, 'Importing: 100 of 200 (50 %)', ''].join('\n'));
});

it('is a bar on a terminal, and goes', async () => {
  const stream = Object.assign(new PassThrough(), {
    ...{ isTTY: true, columns: 100, cursorTo: () => true, moveCursor: () => true, clearLine: () => true },
    ...{ clearScreenDown: () => true, getColorDepth: () => 1 },
  });
  const progress = await openProgress(stream, new TestClock());
  progress.begin('Importing', 4);
  progress.reach(2);
  progress.begin('Telling', 2);
  progress.reach(2);
  progress.end();
  progress.end();
  stream.end();
  const shown = await text(stream);
  expect(shown).toContain('Importing [');
  expect(shown).toContain('0 of 4');
  expect(shown).toContain('Telling [');
});
