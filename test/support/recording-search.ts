import type { EmbeddedEntry, SearchHit, SearchIndex, SearchKey, SearchQuery } from '#src/core/search.ts';

/** A search that keeps what it is told and asked, and fails when it is to. */
export class RecordingSearch implements SearchIndex {
  readonly entries = new Map<string, EmbeddedEntry>();
  readonly queries: SearchQuery[] = [];
  hits: readonly SearchHit[] = [];
  /** Thrown by whatever is called. */
  fault: Error | undefined;
  /** Thrown where one of these is told. */
  refused: ReadonlySet<string> = new Set();

  async find(query: SearchQuery): Promise<readonly SearchHit[]> {
    this.queries.push(query);
    this.#fail();
    return this.hits;
  }

  async put(entries: readonly EmbeddedEntry[]): Promise<void> {
    this.#fail();
    if (entries.some(({ id }) => this.refused.has(id))) throw new Error('refused');
    for (const entry of entries) this.entries.set(entry.id, entry);
  }

  async remove(keys: readonly SearchKey[]): Promise<void> {
    this.#fail();
    for (const { id } of keys) this.entries.delete(id);
  }

  #fail(): void {
    if (this.fault !== undefined) throw this.fault;
  }
}
