/** What `bench/run.ts` hands to a benchmark. */
export interface BenchOptions {
  /** From `--data FILE`: what to measure on, where a benchmark can be given other data than its own. */
  readonly dataFile: string | undefined;
  /** From `--out FILE`: where a benchmark writes what it found beside its figures. */
  readonly outFile: string | undefined;
  /** From `--peers`: others are asked to do the same, for comparison. They are fetched the first time. */
  readonly withPeers: boolean;
  /** Says on standard error how far it has come. */
  progress(text: string): void;
}

/** Figures by name; the unit stands in the name: `reportMs`. */
export type Metrics = Readonly<Record<string, number>>;

/** What was asked for, by the name of the figure. */
export type Bounds = Readonly<Record<string, { readonly atMost: number } | { readonly atLeast: number }>>;

/**
 * What a file `bench/NAME.ts` exports. The doc comment of its `run` says what it measures: the list of benchmarks shows
 * the first sentence.
 */
export interface Benchmark {
  run(options: BenchOptions): Promise<Metrics>;
  readonly bounds?: Bounds;
  /** It reads `--data` or writes `--out`; others refuse them. */
  readonly takesFiles?: boolean;
  /** It can be compared with others by `--peers`; others refuse that. */
  readonly hasPeers?: boolean;
}
