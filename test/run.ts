/**
 * Everything that holds this repository to its word, in one command: `node test/run.ts full | quick | soak`. One line
 * for each check, the whole output of what failed, and last `N passed, N failed, N skipped`: the tests.
 * Plain Node without packages, so that it can say what is wrong with them.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

interface Outcome {
  readonly check: Check;
  readonly isOk: boolean;
  readonly seconds: number;
  readonly stdout: string;
  /** Both streams, in order. */
  readonly output: string;
}

interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Full names; where a reason is known, it is part of the name. */
  readonly skipped: readonly string[];
}

type Mode = 'full' | 'quick' | 'soak';

const ROOT = join(import.meta.dirname, '..');

/** They need nothing of each other and run side by side. */
const STATIC_CHECKS: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', '.', '--pretty', 'false'] },
  { name: 'promises and fences', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'format and lint', command: ['biome', 'ci', '--colors=off', '--error-on-warnings', '.'] },
  {
    name: 'import direction',
    command: ['depcruise', '--output-type', 'err-long', 'src', 'commands', 'test', 'bench'],
  },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  {
    name: 'type coverage',
    command: ['type-coverage', '-p', '.', '--strict', '--at-least', '99', '--detail'],
  },
];

const SERVERS: Check = { name: 'servers', command: ['node', 'test/support/servers/bring.ts'] };

const TESTS: Readonly<Record<Mode, Check>> = {
  full: { name: 'tests and coverage', command: ['vitest', 'run', '--coverage'] },
  quick: { name: 'fast tests', command: ['vitest', 'run', '--project', 'fast'] },
  soak: {
    name: 'soak tests',
    command: ['vitest', 'run', '--project', 'slow', '--passWithNoTests', 'test/soak/'],
  },
};

process.exitCode = await main(process.argv[2] ?? 'full');

async function main(asked: string): Promise<number> {
  if (!isMode(asked)) {
    print(`There is no "${asked}" run: choose full, quick or soak.`);
    return 2;
  }
  const outcomes: Outcome[] = [];
  const finish = (outcome: Outcome): void => {
    outcomes.push(outcome);
    report(outcome);
  };

  const bringing = asked === 'quick' ? undefined : perform(SERVERS, {});
  if (asked !== 'soak') await inParallel(STATIC_CHECKS, async (check) => finish(await perform(check, {})));
  const servers = await bringing;
  if (servers !== undefined) finish(servers);

  const missing = servers?.isOk ? missingServers(servers.stdout) : [];
  const { outcome, tally } = await performTests(TESTS[asked], {
    SERVERS_MISSING: JSON.stringify(Object.fromEntries(missing)),
    SOAK: asked === 'soak' ? 'full' : '',
  });
  finish(outcome);

  for (const [server, reason] of missing) {
    print(`not brought: ${server}: ${reason}. The tests that need it were skipped.`);
  }
  for (const name of tally.skipped) print(`skipped: ${name}`);
  if (asked === 'soak' && outcome.isOk && tally.passed === 0) print('There are no soak tests yet.');
  const failures = outcomes.filter(({ isOk }) => !isOk).map(({ check }) => check.name);
  if (failures.length > 0) print(`failed: ${failures.join(', ')}`);
  print(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`);
  return failures.length > 0 || tally.failed > 0 ? 1 : 0;
}

function isMode(text: string): text is Mode {
  return Object.hasOwn(TESTS, text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function report({ check, isOk, seconds, output }: Outcome): void {
  print(`${check.name.padEnd(22)}${(isOk ? 'ok' : 'FAILED').padEnd(8)}${seconds.toFixed(1).padStart(6)} s`);
  if (!isOk) print(`${output.trimEnd()}\n`);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
}

/** Runs a check to its end. The packages' programs come first on its path, Node 24 among them. */
async function perform(check: Check, environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const startedAtInMs = performance.now();
  const [program = '', ...args] = check.command;
  const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...inherited, NO_COLOR: '1', ...environment, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const isOk = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      output += `${program} could not be started: ${error.message}\nRun npm ci first.\n`;
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
  return { check, isOk, seconds: (performance.now() - startedAtInMs) / 1000, stdout, output };
}

async function performTests(
  check: Check,
  environment: Readonly<Record<string, string>>,
): Promise<{ outcome: Outcome; tally: Tally }> {
  const folder = mkdtempSync(join(tmpdir(), 'dramatis-tests-'));
  const file = join(folder, 'report.json');
  const command = [...check.command, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  try {
    const outcome = await perform({ ...check, command }, environment);
    return { outcome, tally: tallyOf(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The part that is read of the report that vitest writes. */
interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Counts the tests; a file that could not even be loaded counts as one that failed, and so does a lost report. */
function tallyOf(file: string): Tally {
  let report: TestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const passed = tests.filter(({ status }) => status === 'passed');
  const failed = tests.filter(({ status }) => status === 'failed');
  const skipped = tests.filter((test) => !passed.includes(test) && !failed.includes(test));
  return {
    passed: passed.length,
    failed: failed.length + broken.length,
    skipped: skipped.map(({ fullName }) => fullName),
  };
}

/** Name and reason of each server that could not be brought. */
function missingServers(line: string): readonly (readonly [string, string])[] {
  const servers: Readonly<Record<string, string | null>> = JSON.parse(line);
  return Object.entries(servers).flatMap(([name, reason]) => (reason === null ? [] : [[name, reason]]));
}
