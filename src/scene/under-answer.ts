import type { Line } from '#src/core/entities.ts';

/** Why an answer ends that nobody stopped: it is then marked as cut off, and can be asked for again. */
export const PROGRAM_ENDS = Symbol('the program ends');

interface Answering {
  readonly heard: Line;
  readonly stopping: AbortController;
}

/** The lines that are being answered, place by place, so that answers can be stopped. */
export class UnderAnswer {
  readonly #byPlace = new Map<string, Set<Answering>>();

  /** Does the work of answering a line, with a signal that aborts when the answer is to end. */
  async during(place: string, heard: Line, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const answering: Answering = { heard, stopping: new AbortController() };
    const here = this.#byPlace.get(place) ?? new Set();
    this.#byPlace.set(place, here.add(answering));
    try {
      await work(answering.stopping.signal);
    } finally {
      here.delete(answering);
      if (here.size === 0) this.#byPlace.delete(place);
    }
  }

  /**
   * Stops the answers under way in a place.
   * @param askerId the person whose lines' answers alone are meant; everybody's where left out.
   * @returns `not yours`: something is under way, and none of it answers that person.
   */
  stop(place: string, askerId?: string): 'stopped' | 'nothing' | 'not yours' {
    const here = [...(this.#byPlace.get(place) ?? [])];
    if (here.length === 0) return 'nothing';
    const meant = here.filter(({ heard }) => askerId === undefined || heard.speaker.id === askerId);
    for (const { stopping } of meant) stopping.abort();
    return meant.length > 0 ? 'stopped' : 'not yours';
  }

  /** Ends the answer to a line that was never said after all. */
  endAnswerTo(place: string, lineId: string): void {
    for (const { heard, stopping } of this.#byPlace.get(place) ?? [])
      if (heard.id === lineId) stopping.abort();
  }

  /** Ends everything, because the program ends. */
  endAll(): void {
    for (const here of this.#byPlace.values()) for (const { stopping } of here) stopping.abort(PROGRAM_ENDS);
  }
}
