import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Person, Place } from './core/front.ts';

// Compiled code is kept between starts; where the folder cannot be written, starting only takes longer.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/dramatis'));
if (existsSync('.env')) process.loadEnvFile('.env');

// Imported late, so that they come from that cache.
const { ConfigError, readConfig, secretsOf } = await import('./config.ts');
const { Refusal } = await import('./core/errors.ts');

try {
  const { config, warnings } = readConfig(process.env);
  process.exitCode =
    process.argv[2] === 'doctor' ? await doctor(config, warnings) : await play(config, warnings);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

const LOCAL_TABLE: Place = {
  platform: 'terminal',
  workspace: { platformId: 'local', name: 'The local table' },
  channelId: 'table',
};
/** Whoever sits at the local table runs the game and the program. */
const OWNER: Person = { id: 'local', name: 'GM', permission: 'admin' };

/** Opens the local table; resolves with the exit code when it is left. */
async function play(config: Config, warnings: readonly string[]): Promise<number> {
  const [{ openApp }, { openLog }, { runTerminal }, { systemClock }] = await Promise.all([
    import('./app.ts'),
    import('./log.ts'),
    import('./adapters/terminal/terminal-adapter.ts'),
    import('./core/clock.ts'),
  ]);
  const log = openLog({ level: config.logLevel, secrets: secretsOf(config) });
  for (const warning of warnings) log.warn(warning);
  process.on('unhandledRejection', (error) => {
    log.error('A failure that nobody handled', {}, error);
    process.exit(1);
  });
  const app = await openApp({ config, log });
  const { stdin: input, stdout: output } = process;
  const isInteractive = input.isTTY && output.isTTY && process.env.TERM !== 'dumb';
  try {
    const signal = await Promise.race([
      toldToLeave(),
      runTerminal({
        front: app.front,
        place: LOCAL_TABLE,
        person: OWNER,
        clock: systemClock,
        input,
        output,
        isInteractive,
        hasColour: isInteractive && config.useColor,
        columns: () => output.columns ?? 80,
        onFault: (error) => log.error('A failure at the terminal', {}, error),
      }),
    ]);
    return signal === undefined ? 0 : 128 + signal;
  } finally {
    await app.close();
    input.destroy();
  }
}

/** Resolves with the number of the signal that asks this process to end. */
function toldToLeave(): Promise<number> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve(2));
    process.once('SIGTERM', () => resolve(15));
    process.once('SIGHUP', () => resolve(1));
  });
}

/** Says what is configured and reachable; resolves with the exit code. */
async function doctor(config: Config, warnings: readonly string[]): Promise<number> {
  const [{ PERSONAS_DIRECTORY }, { runDoctor }, { openSqliteStore }, { PersonaFiles }, { systemClock }] =
    await Promise.all([
      import('./app.ts'),
      import('./doctor.ts'),
      import('./adapters/sqlite/open-sqlite-store.ts'),
      import('./persona/persona-files.ts'),
      import('./core/clock.ts'),
    ]);
  return runDoctor({
    config,
    warnings,
    nodeVersion: process.versions.node,
    openStore: () => openSqliteStore({ file: config.databaseFile, clock: systemClock }),
    listPersonas: () => new PersonaFiles({ directory: PERSONAS_DIRECTORY }).list(),
    output: process.stdout,
  });
}
