import type { SingleBar } from 'cli-progress';
import type { Clock } from '#src/core/clock.ts';
import type { Progress } from '#src/core/progress.ts';

/** Where nobody watches: a line every so often. */
const LINE_EVERY_MS = 5_000;

export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** A bar on a terminal, else a plain line at the beginning and every five seconds. */
export async function openProgress(stream: ProgressStream, clock: Clock): Promise<Progress> {
  if (stream.isTTY !== true) return plainProgress(stream, clock);
  const { SingleBar } = await import('cli-progress');
  return barProgress(
    () =>
      new SingleBar({
        stream,
        format: '{doing} [{bar}] {percentage} %, {value} of {total}, {eta_formatted} to go',
        barsize: 30,
        barCompleteChar: '#',
        barIncompleteChar: '-',
        clearOnComplete: true,
        hideCursor: false,
        // Signals are heard in one place, which is not here.
        gracefulExit: false,
      }),
  );
}

function barProgress(newBar: () => SingleBar): Progress {
  let bar: SingleBar | undefined;
  const end = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    begin: (doing, total) => {
      end();
      bar = newBar();
      bar.start(total, 0, { doing });
    },
    reach: (done) => bar?.update(done),
    end,
  };
}

function plainProgress(stream: ProgressStream, clock: Clock): Progress {
  let shown: { readonly doing: string; readonly total: number; atInMs: number } | undefined;
  const say = (doing: string, total: number, done: number) => {
    const percent = total === 0 ? 0 : Math.floor((done / total) * 100);
    stream.write(total === 0 ? `${doing}…\n` : `${doing}: ${done} of ${total} (${percent} %)\n`);
  };
  return {
    begin: (doing, total) => {
      shown = { doing, total, atInMs: clock.now() };
      say(doing, total, 0);
    },
    reach: (done) => {
      if (shown === undefined || clock.now() - shown.atInMs < LINE_EVERY_MS) return;
      shown.atInMs = clock.now();
      say(shown.doing, shown.total, done);
    },
    end: () => {
      shown = undefined;
    },
  };
}
