import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Config } from './config.ts';

// Loading a program makes much garbage at once, for which V8 would set aside 15 MB that a table never needs again.
setFlagsFromString('--semi-space-growth-factor=1');
// Compiled code is kept between starts; where the folder cannot be written, starting only takes longer.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/dramatis'));

// Imported late, so that they come from that cache.
const { ConfigError, readConfig, secretsOf } = await import('./config.ts');
const { Refusal } = await import('./core/errors.ts');

try {
  if (existsSync('.env')) loadSettings('.env');
  const { config, warnings } = readConfig(process.env);
  process.exitCode =
    process.argv[2] === 'doctor' ? await doctor(config, warnings) : await play(config, warnings);
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

/** Runs every adapter that is configured; resolves with the exit code. */
async function play(config: Config, warnings: readonly string[]): Promise<number> {
  const [{ playAtTerminal }, { openLog }] = await Promise.all([
    import('./local-table.ts'),
    import('./log.ts'),
  ]);
  const { stdin: input, stdout: output, stderr, env } = process;
  const isInteractive = input.isTTY && output.isTTY && env.TERM !== 'dumb';
  // Where play and log would share a screen, the log goes to a file.
  const file = isInteractive && stderr.isTTY ? join(config.dataDir, 'dramatis.log') : undefined;
  const log = openLog({ level: config.logLevel, secrets: secretsOf(config), file });
  for (const warning of warnings) log.warn(warning);
  process.on('unhandledRejection', (error) => {
    log.error('A failure that nobody handled', {}, error);
    process.exit(1);
  });
  setFlagsFromString('--semi-space-growth-factor=2');
  const { leave, exitCode } = toldToLeave();
  await playAtTerminal({ config, log, input, output, isInteractive, leave });
  return exitCode();
}

/** Says what is configured and reachable; resolves with the exit code. */
async function doctor(config: Config, warnings: readonly string[]): Promise<number> {
  const { runDoctor } = await import('./doctor.ts');
  return runDoctor({ config, warnings, nodeVersion: process.versions.node, output: process.stdout });
}

/** Waits for a signal that asks this process to end. A second one ends it at once. */
function toldToLeave(): { readonly leave: AbortSignal; exitCode(): number } {
  const leaving = new AbortController();
  let exitCode = 0;
  const signals = [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const;
  for (const [signal, number] of signals) {
    process.once(signal, () => {
      exitCode = 128 + number;
      leaving.abort();
    });
  }
  return { leave: leaving.signal, exitCode: () => exitCode };
}
