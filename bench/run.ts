import { readdir, readFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { Benchmark, Bounds, Metrics } from './support/benchmark.ts';

// As src/start.js does: what is measured is not the compiler, and memory grows as it does there.
setFlagsFromString('--semi-space-growth-factor=1');
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/dramatis'));

const USAGE = 'npm run -s bench -- NAME [--json] [--data FILE] [--out FILE] [--peers]';
const SELF = 'run';
const folder = new URL('./', import.meta.url);

/** What stands above a benchmark's `run`. */
const ABOUT = /\/\*\*((?:(?!\*\/).)*)\*\/\s*export async function run\(/s;

/** Each benchmark with the first sentence of what stands above its `run`. Nothing is run to find out. */
async function listBenchmarks(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const file of (await readdir(folder)).sort()) {
    const name = /^([a-z0-9-]+)\.ts$/.exec(file)?.[1];
    if (name === undefined || name === SELF) continue;
    const comment = ABOUT.exec(await readFile(new URL(file, folder), 'utf8'))?.[1] ?? '';
    const text = comment.replace(/\s*\n?\s*\*?\s+/g, ' ').trim();
    found.set(name, /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text);
  }
  return found;
}

function isBenchmark(module: object): module is Benchmark {
  return 'run' in module && typeof module.run === 'function';
}

function boundCells(value: number, bound: Bounds[string] | undefined): readonly [string, string] {
  if (bound === undefined) return ['', ''];
  return 'atMost' in bound
    ? [`≤ ${bound.atMost}`, value <= bound.atMost ? 'met' : 'MISSED']
    : [`≥ ${bound.atLeast}`, value >= bound.atLeast ? 'met' : 'MISSED'];
}

/** Three significant digits, and never fewer than the whole part has. */
function figure(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function table(metrics: Metrics, bounds: Bounds): string {
  const rows = Object.entries(metrics).map(([name, value]) => {
    const [bound, verdict] = boundCells(value, bounds[name]);
    return [name, figure(value), bound, verdict];
  });
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [names, values, limits] = [width(0), width(1), width(2)];
  return rows
    .map(([name = '', value = '', bound = '', verdict = '']) =>
      `${name.padEnd(names)}  ${value.padStart(values)}  ${bound.padEnd(limits)}  ${verdict}`.trimEnd(),
    )
    .join('\n');
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ json: { type: 'boolean' }, peers: { type: 'boolean' } },
      ...{ data: { type: 'string' }, out: { type: 'string' } },
    },
  });
  const benchmarks = await listBenchmarks();
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0 || !benchmarks.has(name)) {
    const complaint =
      name === undefined || rest.length > 0 ? 'Name one benchmark' : `There is no benchmark "${name}"`;
    const list = [...benchmarks].map(([known, about]) => `  ${known.padEnd(16)} ${about}`.trimEnd());
    console.error([`${complaint}: ${USAGE}`, ...list].join('\n'));
    return 2;
  }
  const benchmark: object = await import(new URL(`${name}.ts`, folder).href);
  // As the product does once it is loaded.
  setFlagsFromString('--semi-space-growth-factor=2');
  if (!isBenchmark(benchmark)) throw new TypeError(`bench/${name}.ts does not export a function "run".`);
  if (benchmark.takesFiles !== true && (values.data ?? values.out) !== undefined) {
    console.error(`"${name}" takes no --data and no --out: ${USAGE}`);
    return 2;
  }
  if (benchmark.hasPeers !== true && values.peers) {
    console.error(`"${name}" is compared with nobody, so it takes no --peers: ${USAGE}`);
    return 2;
  }
  const metrics = await benchmark.run({
    dataFile: values.data,
    outFile: values.out,
    withPeers: values.peers === true,
    progress: (text) => console.error(text),
  });
  console.log(
    values.json ? JSON.stringify({ bench: name, metrics }) : table(metrics, benchmark.bounds ?? {}),
  );
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error && 'code' in error ? `${error.message}\n${USAGE}` : error);
  process.exitCode = 1;
}
