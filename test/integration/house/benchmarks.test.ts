import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from './planted-tree.ts';

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, ['bench/run.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
}

test('a benchmark that is compared with nobody refuses to be, and measures nothing', () => {
  const { status, stdout, stderr } = bench('stats', '--peers', '--json');
  expect(stderr).toContain('"stats" is compared with nobody, so it takes no --peers');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('without a name every benchmark is listed with what it measures', () => {
  const { status, stderr } = bench();
  expect(status).toBe(2);
  expect(stderr).toMatch(/^ {2}recall {11}What it takes to find /mu);
  expect(stderr).toMatch(/^ {2}recall-fit {7}Fits the weights of recall anew/mu);
  // None without a word about it.
  expect(stderr).not.toMatch(/^ {2}[a-z-]+ *$/mu);
});
