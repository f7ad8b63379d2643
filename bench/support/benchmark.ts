/** What `bench/run.ts` hands to a benchmark. */
export interface BenchOptions {
  /** From `--data FILE`: what to measure on, where a benchmark can be given other data than its own. */
  readonly dataFile: string | undefined;
  /** From `--out FILE`: where a benchmark writes what it found beside its figures. */
  readonly outFile: string | undefined;
  /** Says on standard error how far it has come. */
  progress(text: string): void;
}

/** Figures by name; the unit stands in the name: `reportMs`. */
export type Metrics = Readonly<Record<string, number>>;

/** What was asked for, by the name of the figure. */
export type Bounds = Readonly<Record<string, { readonly atMost: number } | { readonly atLeast: number }>>;

/**
 * What a file `bench/NAME.ts` exports. Its first doc comment says what it measures: the list of benchmarks shows that
 * sentence.
 */
export interface Benchmark {
  run(options: BenchOptions): Promise<Metrics>;
  readonly bounds?: Bounds;
  /** It reads `--data` or writes `--out`; others refuse them. */
  readonly takesFiles?: boolean;
}
