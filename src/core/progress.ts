/** Shows how far a long piece of work has come. */
export interface Progress {
  /** @param doing what is done: "Reading the file". It takes the place of what was shown before. */
  begin(doing: string, total: number): void;
  /** So much of it is done. */
  reach(done: number): void;
  /** Takes away what is shown. */
  end(): void;
}
