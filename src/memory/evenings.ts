/** An evening of play ends with a pause of this length: other than a date, it may go on past midnight. */
const PAUSE_IN_MS = 6 * 60 * 60_000;

/** An evening of play, from its first line to its last. */
export interface Evening {
  readonly fromInMs: number;
  readonly untilInMs: number;
}

/** Whether a new evening of play begins with what was said next. */
export function isLaterEvening(lastInMs: number, nextInMs: number): boolean {
  return nextInMs - lastInMs > PAUSE_IN_MS;
}

/** The evenings on which something was said, in their order. */
export function eveningsOf(said: readonly { readonly saidAtInMs: number }[]): readonly Evening[] {
  const times = Float64Array.from(said, ({ saidAtInMs }) => saidAtInMs)
    .filter(Number.isFinite)
    .sort();
  const evenings: { fromInMs: number; untilInMs: number }[] = [];
  for (const time of times) {
    const last = evenings.at(-1);
    if (last !== undefined && !isLaterEvening(last.untilInMs, time)) last.untilInMs = time;
    else evenings.push({ fromInMs: time, untilInMs: time });
  }
  return evenings;
}

/** Which evening a time belongs to; where a new one begins with it, the number of those before. */
export function eveningAt(evenings: readonly Evening[], timeInMs: number): number {
  const before = evenings.findLastIndex(({ fromInMs }) => fromInMs <= timeInMs);
  const last = evenings[before];
  if (last === undefined) return 0;
  return isLaterEvening(last.untilInMs, timeInMs) ? before + 1 : before;
}
