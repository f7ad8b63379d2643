import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from './planted-tree.ts';

const STATIC_PROGRAMS = ['tsc', 'eslint', 'biome', 'depcruise', 'knip', 'type-coverage'];
const PASSING = { status: 'passed', assertionResults: [{ status: 'passed', fullName: 'the inn opens' }] };

let folder: string;

/** The runner in a tree of its own, where small scripts stand for the programs that it starts. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-runner-'));
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
  await mkdir(join(folder, 'test/support/servers'), { recursive: true });
  await cp(join(ROOT, 'test/run.ts'), join(folder, 'test/run.ts'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const program of STATIC_PROGRAMS) await standIn(program, `echo "${program} is content"`);
  await servers({ redis: null });
  await tests({ testResults: [PASSING] });
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function standIn(program: string, script: string): Promise<void> {
  const file = join(folder, 'node_modules/.bin', program);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

async function servers(reasons: Readonly<Record<string, string | null>>): Promise<void> {
  const text = `console.log(${JSON.stringify(JSON.stringify(reasons))});`;
  await writeFile(join(folder, 'test/support/servers/bring.ts'), text);
}

/** vitest, which says what it was asked, writes this report, and ends with this code. */
async function tests(report: unknown, exitCode = 0): Promise<void> {
  await writeFile(join(folder, 'report.json'), JSON.stringify(report));
  const script = [
    'echo "$@" > asked.txt',
    'echo "SOAK=$SOAK MISSING=$SERVERS_MISSING" >> asked.txt',
    'for option; do case $option in *.json=*) cp report.json "$(echo $option | cut -d= -f2)";; esac; done',
    `exit ${exitCode}`,
  ];
  await standIn('vitest', script.join('\n'));
}

async function run(mode: string): Promise<{ code: number; lines: readonly string[]; asked: string }> {
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
    const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
    execFile(process.execPath, ['test/run.ts', mode], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr });
    });
  });
  const asked = await readFile(join(folder, 'asked.txt'), 'utf8').catch(() => '');
  return { code, lines: text.trimEnd().split('\n'), asked };
}

describe('npm test', () => {
  it('prints a line for each check and the count of the tests last', async () => {
    const { code, lines, asked } = await run('full');
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
    expect(lines.slice(0, -1).map((line) => line.replace(/\s+\d+\.\d s$/, ''))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^types +ok$/), expect.stringMatching(/^servers +ok$/)]),
    );
    expect(lines).toHaveLength(STATIC_PROGRAMS.length + 3);
    expect(asked).toContain('run --coverage');
    expect(code).toBe(0);
  });

  it('shows the output of what failed, goes on, and fails', async () => {
    await standIn('biome', 'echo "a space too many"; exit 3');
    const { code, lines } = await run('full');
    expect(lines).toContain('a space too many');
    expect(lines).not.toContain('knip is content');
    expect(lines.slice(-2)).toEqual(['failed: format and lint', '1 passed, 0 failed, 0 skipped']);
    expect(code).toBe(1);
  });

  it('counts what failed and names what was skipped', async () => {
    const testResults = [
      PASSING,
      {
        status: 'failed',
        assertionResults: [
          { status: 'failed', fullName: 'the inn closes' },
          { status: 'skipped', fullName: 'Redis (no network) answers' },
          { status: 'todo', fullName: 'the inn burns' },
        ],
      },
    ];
    await tests({ testResults }, 1);
    const { code, lines } = await run('full');
    expect(lines).toContain('skipped: Redis (no network) answers');
    expect(lines.slice(-2)).toEqual(['failed: tests and coverage', '1 passed, 1 failed, 2 skipped']);
    expect(code).toBe(1);
  });

  it('fails where coverage is too low though every test passed', async () => {
    await tests({ testResults: [PASSING] }, 1);
    const { code, lines } = await run('full');
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('counts a file that could not be loaded as one that failed', async () => {
    await tests({ testResults: [PASSING, { status: 'failed', assertionResults: [] }] }, 1);
    expect((await run('full')).lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  });

  it('fails where the tests left no report', async () => {
    await standIn('vitest', 'echo "out of memory"; exit 0');
    const { code, lines } = await run('full');
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('says which servers it could not bring, and tells the tests', async () => {
    await servers({ redis: null, chroma: 'no network' });
    const { code, lines, asked } = await run('full');
    expect(lines).toContain('not brought: chroma: no network. The tests that need it were skipped.');
    expect(asked).toContain('MISSING={"chroma":"no network"}');
    expect(code).toBe(0);
  });

  it('says what to do where a program is not installed', async () => {
    await rm(join(folder, 'node_modules/.bin/knip'));
    const { code, lines } = await run('full');
    expect(lines).toContain('Run npm ci first.');
    expect(code).toBe(1);
  });
});

describe('npm run check', () => {
  it('leaves out the slow tests and what only they need', async () => {
    const { code, lines, asked } = await run('quick');
    expect(asked).toMatch(/^run --project fast /);
    expect(lines.some((line) => line.startsWith('servers'))).toBe(false);
    expect(code).toBe(0);
  });
});

describe('npm run soak', () => {
  it('runs the long tests at their full numbers, and nothing else', async () => {
    const { code, lines, asked } = await run('soak');
    expect(asked).toContain('test/soak/');
    expect(asked).toContain('SOAK=full');
    expect(lines.some((line) => line.startsWith('types'))).toBe(false);
    expect(code).toBe(0);
  });

  it('says so where there are none yet', async () => {
    await tests({ testResults: [] });
    const { code, lines } = await run('soak');
    expect(lines.slice(-2)).toEqual(['There are no soak tests yet.', '0 passed, 0 failed, 0 skipped']);
    expect(code).toBe(0);
  });
});

it('refuses a run that it does not know', async () => {
  const { code, lines } = await run('everything');
  expect(lines).toEqual(['There is no "everything" run: choose full, quick or soak.']);
  expect(code).toBe(2);
});
