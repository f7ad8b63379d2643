import type { ReadStream, WriteStream } from 'node:tty';
import { runTerminal } from './adapters/terminal/terminal-adapter.ts';
import { openApp } from './app.ts';
import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import type { Person, Place } from './core/front.ts';
import type { Log } from './core/log.ts';

const LOCAL_TABLE: Place = {
  platform: 'terminal',
  workspace: { platformId: 'local', name: 'The local table' },
  channelId: 'table',
};
/** Whoever sits at the local table runs the game and the program. */
const OWNER: Person = { id: 'local', name: 'GM', permission: 'admin', roles: [], isManager: true };
/** A terminal that does not say how wide it is. */
const USUAL_COLUMNS = 80;

/**
 * Plays at the terminal. Resolves when the table is left or its input has ended, and everything is closed.
 * @param options.leave aborts when the process is asked to end: what is being spoken is then stopped and marked.
 */
export async function playAtTerminal(options: {
  readonly config: Config;
  readonly log: Log;
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Whether a person sits there, at a terminal that knows escape codes. */
  readonly isInteractive: boolean;
  readonly leave: AbortSignal;
}): Promise<void> {
  const { config, log, input, output, isInteractive } = options;
  const app = await openApp({ config, log });
  try {
    await runTerminal({
      front: app.front,
      place: LOCAL_TABLE,
      person: OWNER,
      clock: systemClock,
      input,
      output,
      isInteractive,
      hasColour: isInteractive && config.useColor,
      columns: () => output.columns || USUAL_COLUMNS,
      onFault: (error) => log.error('A failure at the terminal', {}, error),
      leave: options.leave,
    });
  } finally {
    await app.close({ graceInMs: 0 });
    input.destroy();
  }
}
