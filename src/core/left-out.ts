import { inTime } from './clock.ts';

/** So long a turn waits for each thing that is looked up for it. */
const LOOK_UP_LIMIT_IN_MS = 2_000;

export interface LookUpOptions<What extends string> {
  /** What is looked up, as it is counted: "recall". */
  readonly what: What;
  /** The same as the log names it: "recalling". */
  readonly doing: string;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
  /** Counts what a turn had to go on without. */
  readonly onLeftOut: (why: `${What} late` | `${What} failed`) => void;
}

/** What a look-up gives, or `otherwise` where it fails or takes longer than two seconds. Never rejects. */
export async function orLeftOut<T, What extends string>(
  lookUp: Promise<T>,
  otherwise: T,
  { what, doing, onFault, onLeftOut }: LookUpOptions<What>,
): Promise<T> {
  try {
    const found = await inTime(LOOK_UP_LIMIT_IN_MS, lookUp);
    if (found !== undefined) return found.value;
    onLeftOut(`${what} late`);
    onFault(new Error(`What a turn needs was not found within ${LOOK_UP_LIMIT_IN_MS} ms.`), doing);
  } catch (error) {
    onLeftOut(`${what} failed`);
    onFault(error, doing);
  }
  return otherwise;
}
