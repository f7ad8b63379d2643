import type { Readable, Writable } from 'node:stream';
import { readLines } from './line-reader.ts';
import { LiveScreen } from './live-screen.ts';
import { OutputStream } from './output-stream.ts';
import { createPaint } from './paint.ts';
import { PlainScreen } from './plain-screen.ts';
import { Table, type TableOptions } from './table.ts';

export interface TerminalOptions extends TableOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Whether a person sits there: input and output are terminals that know escape codes. */
  readonly isInteractive: boolean;
  readonly hasColour: boolean;
  /** Columns of the output, asked again whenever something is drawn. */
  readonly columns: () => number;
  /** Aborts when the process is asked to end: the table is left at once, and the terminal is as it was before. */
  readonly leave?: AbortSignal;
}

/**
 * The local table. Resolves when its input has ended, when somebody left, or when nobody reads its output any more;
 * where no terminal is, after the last reply. Rejects when input or output fail otherwise.
 */
export function runTerminal(options: TerminalOptions): Promise<void> {
  const output = new OutputStream(options.output);
  return options.isInteractive ? converse(options, output) : readThrough(options, output);
}

/** Lines from a file or a pipe, one after another. */
async function readThrough(options: TerminalOptions, output: OutputStream): Promise<void> {
  const table = new Table(new PlainScreen(output), options);
  const readAll = async () => {
    await table.open();
    for await (const line of readLines(options.input)) {
      await table.take(line);
      if (table.hasLeft) return;
    }
  };
  const reading = readAll();
  try {
    await Promise.race([reading, output.gone, whenAborted(options.leave)]);
  } finally {
    // Nobody sees what else may come of it.
    reading.catch(() => undefined);
    options.input.destroy();
  }
}

/** A person at a prompt, who may type while an NPC speaks. */
async function converse(options: TerminalOptions, output: OutputStream): Promise<void> {
  const { input, onFault } = options;
  const screen = new LiveScreen(output, options.columns, createPaint(options.hasColour));
  const table = new Table(screen, options);
  await table.open();
  await table.welcome();

  const leaving = Promise.withResolvers<'when done' | 'at once'>();
  let isStopAsked = false;
  let isLeaveAsked = false;
  const redraw = () => screen.redraw();
  options.output.on('resize', redraw);
  input.on('error', leaving.reject);
  screen.startTyping(input, table.prompt, {
    line: (text) => {
      isStopAsked = false;
      isLeaveAsked = false;
      const taken = table.take(text).catch(onFault);
      screen.setPrompt(table.prompt);
      // A name that cannot be spoken as is given up again.
      void taken.then(() => screen.setPrompt(table.prompt));
      if (table.hasLeft) leaving.resolve('when done');
    },
    interrupt: (typed) => {
      if (table.isWorking && !isStopAsked) {
        isStopAsked = true;
        table.stop().catch(onFault);
      } else if (typed !== '') screen.clearTyped();
      else if (isLeaveAsked) leaving.resolve('at once');
      else {
        isLeaveAsked = true;
        table.sayHowToLeave();
      }
    },
    end: () => leaving.resolve('when done'),
    complete: (text) => table.complete(text),
  });
  try {
    void whenAborted(options.leave).then(() => leaving.resolve('at once'));
    const how = await Promise.race([leaving.promise, output.gone]);
    screen.stopTyping();
    if (how === 'when done' && table.isWorking) {
      await table.stop();
      await Promise.race([table.settled(), whenAborted(options.leave), output.gone]);
    }
  } finally {
    screen.stopTyping();
    options.output.off('resize', redraw);
    input.off('error', leaving.reject);
  }
}

function whenAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
