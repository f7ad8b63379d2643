import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startModelServer } from '../../test/support/model-server.ts';

/**
 * A model as a process of its own, which tells every table the same story at 30 tokens a second and notes when the first
 * sentence of each was whole. What it costs does not count as the product's.
 */
const SENTENCES = 42;
const TOKENS_PER_SECOND = 30;
/** Whoever asks says where they sit: "tell table 17 all of it". */
const TABLE = /table (\d+)/gu;

export interface Storyteller extends AsyncDisposable {
  /** Base URL, ending in /v1. */
  readonly url: string;
  /** When the first sentence of each table's newest story was whole, by the wall clock in ms. */
  wholeAtInMs(): Promise<ReadonlyMap<number, number>>;
}

/** All that is told: 420 tokens, about 1,900 characters, 14 seconds. */
export function story(): string {
  return [...storyTokens()].join('');
}

function* storyTokens(): Generator<string> {
  for (let sentence = 1; sentence <= SENTENCES; sentence += 1) {
    const tokens = ['The', ' tide', ' took', ` ${sentence}`, ' of', ' the', ' old', ' salt', ' boats', '.'];
    for (const token of tokens) yield token === 'The' && sentence > 1 ? ' The' : token;
  }
}

export async function startStoryteller(): Promise<Storyteller> {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = await new Promise<{ readonly url: string; readonly controlUrl: string }>(
    (resolve, reject) => {
      if (child.stdout === null) throw new Error('the storyteller has no output');
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
      child.once('exit', (code) => reject(new Error(`the storyteller ended with code ${code}`)));
    },
  );
  return {
    url: ready.url,
    async wholeAtInMs() {
      const entries: readonly (readonly [number, number])[] = JSON.parse(
        await (await fetch(ready.controlUrl)).text(),
      );
      return new Map(entries);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function main(): Promise<void> {
  const wholeAt = new Map<number, number>();
  function* told(table: number): Generator<string> {
    let isFirst = true;
    for (const token of storyTokens()) {
      if (isFirst && token === '.') {
        wholeAt.set(table, Date.now());
        isFirst = false;
      }
      yield token;
    }
  }
  const model = await startModelServer({
    script: ({ messages }) => {
      const prompt = messages.map(({ content }) => content).join('\n');
      const table = Number([...prompt.matchAll(TABLE)].at(-1)?.[1] ?? -1);
      return { tokens: told(table), tokensPerSecond: TOKENS_PER_SECOND };
    },
  });
  const control = createServer((_, response) => response.end(JSON.stringify([...wholeAt])));
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  const address = control.address();
  if (address === null || typeof address === 'string') throw new Error('the storyteller has no port');
  process.stdout.write(
    `${JSON.stringify({ url: model.url, controlUrl: `http://127.0.0.1:${address.port}/` })}\n`,
  );
  process.once('SIGTERM', () => {
    control.close();
    control.closeAllConnections();
    void model.close();
  });
}

if (import.meta.main) await main();
