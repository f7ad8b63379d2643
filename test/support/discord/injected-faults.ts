/** What is put in the way of requests, so that tests see how the product goes around it. */
export const INJECTED = 'put in the way by the test';

export interface InjectedFault {
  /** Of requests whose "METHOD /path" matches; of all where left out. */
  readonly on?: RegExp;
  /** Answered instead; 429 with `retryAfterInMs`. Without one the request is served. */
  readonly status?: number;
  readonly retryAfterInMs?: number;
  readonly isGlobal?: boolean;
  /** The request is served all the same, and only its answer is lost. */
  readonly isServed?: boolean;
  /** Waited before the answer. */
  readonly latencyInMs?: number;
  /** Of so many matching requests one is hit, the first after `every - 1`; 1 where left out. */
  readonly every?: number;
  /** It ends after so many hits; never where left out. */
  readonly times?: number;
}

export class Faults {
  #faults: { readonly fault: InjectedFault; seen: number; hits: number }[] = [];
  /** Requests that were hit so far. */
  hits = 0;

  inject(fault: InjectedFault): void {
    this.#faults.push({ fault, seen: 0, hits: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** What happens to this request; undefined: nothing. */
  next(name: string):
    | {
        readonly status: number | undefined;
        readonly retryAfterInMs: number;
        readonly isGlobal: boolean;
        readonly isServed: boolean;
        readonly latencyInMs: number | undefined;
      }
    | undefined {
    for (const each of this.#faults) {
      const { on, every = 1, times = Infinity } = each.fault;
      if (on?.test(name) === false || each.hits >= times) continue;
      each.seen += 1;
      if (each.seen % every !== 0) continue;
      each.hits += 1;
      this.hits += 1;
      const { status, latencyInMs, retryAfterInMs = 1000, isGlobal = false, isServed = false } = each.fault;
      return { status, retryAfterInMs, isGlobal, isServed, latencyInMs };
    }
    return undefined;
  }
}
