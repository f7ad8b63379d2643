import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Config, ConfigError, readConfig, secretsOf } from './config.ts';
import { Refusal } from './core/errors.ts';
import type { Log } from './core/log.ts';

/** After everything is closed. */
const ENDED_WITHIN_MS = 1_000;
/** One Ctrl-C comes twice under `npm start`: from the terminal, and from npm, which passes on its own. */
const SAME_PRESS_IN_MS = 500;
const PARENT_LOOKED_AT_EVERY_MS = 500;

try {
  if (existsSync('.env')) loadSettings('.env');
  const { config, warnings } = readConfig(process.env);
  const [, , errand, ...words] = process.argv;
  process.exitCode =
    errand === 'doctor'
      ? await doctor(config, warnings, words[0])
      : errand === 'memories'
        ? await memories(config, warnings, words)
        : await play(config, warnings);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** @throws Refusal where the file cannot be read. */
function loadSettings(file: string): void {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    throw new Refusal(
      `${file} cannot be read. Make it a file of NAME=value lines, as .env.example is, or remove it.`,
      {
        cause: error,
      },
    );
  }
}

/** Joins every platform that is configured; with none the local table opens. Resolves with the exit code. */
function play(config: Config, warnings: readonly string[]): Promise<number> {
  const isOnline = config.discord !== undefined || config.slack !== undefined;
  return isOnline ? playOnPlatforms(config, warnings) : playHere(config, warnings);
}

async function playHere(config: Config, warnings: readonly string[]): Promise<number> {
  const [{ playAtTerminal }, { openLog }] = await Promise.all([
    import('./local-table.ts'),
    import('./log.ts'),
  ]);
  const { stdin: input, stdout: output, stderr, env } = process;
  const isInteractive = input.isTTY && output.isTTY && env.TERM !== 'dumb';
  // Where play and log would share a screen, the log goes to a file.
  const file = isInteractive && stderr.isTTY ? join(config.dataDir, 'dramatis.log') : undefined;
  const log = beginLog(openLog({ level: config.logLevel, secrets: secretsOf(config), file }), warnings);
  const { leave, exitCode } = toldToLeave();
  await playAtTerminal({ config, log, input, output, isInteractive, leave });
  return exitCode();
}

async function playOnPlatforms(config: Config, warnings: readonly string[]): Promise<number> {
  const [{ playOnline }, { openLog }] = await Promise.all([import('./online.ts'), import('./log.ts')]);
  const log = beginLog(openLog({ level: config.logLevel, secrets: secretsOf(config) }), warnings);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { leave, exitCode } = toldToLeave();
  try {
    await playOnline({ config, log, say, leave });
  } finally {
    // A vendor's client may hold on to a timer or a socket; nothing of ours waits for it.
    setTimeout(() => process.exit(), ENDED_WITHIN_MS).unref();
  }
  return exitCode();
}

/** Everything is loaded: from here on failures are logged, and memory may grow as usual. */
function beginLog(log: Log, warnings: readonly string[]): Log {
  for (const warning of warnings) log.warn(warning);
  process.on('unhandledRejection', (error) => {
    log.error('A failure that nobody handled', {}, error);
    process.exit(1);
  });
  setFlagsFromString('--semi-space-growth-factor=2');
  return log;
}

/** Says what is configured and reachable, or prints what Slack wants to be told; resolves with the exit code. */
async function doctor(config: Config, warnings: readonly string[], topic?: string): Promise<number> {
  const { runDoctor, slackManifestFor } = await import('./doctor.ts');
  if (topic === 'slack-manifest') {
    process.stdout.write(await slackManifestFor(config));
    return 0;
  }
  if (topic !== undefined)
    throw new Refusal(
      'The doctor takes no word but slack-manifest, which prints the manifest for a Slack app.',
    );
  return runDoctor({ config, warnings, nodeVersion: process.versions.node, output: process.stdout });
}

/** Moves a campaign or builds the search anew; resolves with the exit code. */
async function memories(config: Config, warnings: readonly string[], words: readonly string[]) {
  const [{ runMemories }, { openLog }] = await Promise.all([import('./memories.ts'), import('./log.ts')]);
  const log = beginLog(openLog({ level: config.logLevel, secrets: secretsOf(config) }), warnings);
  const { stdout: output, stderr: errors } = process;
  const { leave, exitCode } = toldToLeave();
  const done = await runMemories({ config, words, output, errors, leave, log });
  return leave.aborted ? exitCode() : done;
}

/** Waits for a signal that asks this process to end. A second one ends it at once. */
function toldToLeave(): { readonly leave: AbortSignal; exitCode(): number } {
  const leaving = new AbortController();
  let exitCode = 0;
  let toldAtInMs = 0;
  const signals = [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const;
  const leaveAfter = (number: number) => {
    exitCode = 128 + number;
    toldAtInMs = performance.now();
    leaving.abort();
  };
  for (const [signal, number] of signals) {
    process.on(signal, () => {
      if (!leaving.signal.aborted) leaveAfter(number);
      else if (performance.now() - toldAtInMs > SAME_PRESS_IN_MS) process.exit(128 + number);
    });
  }
  // Under npm a shell stands between, which a signal ends without being passed on.
  const parent = process.ppid;
  const isUnderNpm = process.env.npm_lifecycle_event !== undefined;
  const look = () => {
    if (process.ppid !== parent && !leaving.signal.aborted) leaveAfter(15);
  };
  if (isUnderNpm) setInterval(look, PARENT_LOOKED_AT_EVERY_MS).unref();
  return { leave: leaving.signal, exitCode: () => exitCode };
}
