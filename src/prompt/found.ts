import type { SeenLine, SpeakTask } from '#src/core/model.ts';
import type { TokenCounter } from '#src/models/tokens.ts';
import { type Elsewhere, loreOf, memoriesOf, type Tellable, type Told, tell } from './told.ts';

/** Memories and lore that were looked up for a prompt. What stands in it elsewhere is not told again. */
export class Found {
  readonly #countTokens: TokenCounter;
  readonly #memoriesBut: (isElsewhere: Elsewhere) => Tellable;
  readonly #lore: Tellable;
  readonly #allLore: Told;
  readonly #lines: number;
  /** Of the memories that stand in the transcript: where. */
  readonly #places = new Map<string, number>();

  constructor(task: SpeakTask, transcript: readonly SeenLine[], countTokens: TokenCounter) {
    this.#countTokens = countTokens;
    this.#memoriesBut = memoriesOf(task);
    this.#lore = loreOf(task);
    this.#allLore = tell(this.#lore, Infinity, countTokens);
    this.#lines = transcript.length;
    const remembered = new Set(task.memories?.map(({ id }) => id));
    for (const [place, { id }] of transcript.entries()) if (remembered.has(id)) this.#places.set(id, place);
  }

  /**
   * What all of it takes, in tokens.
   * @param linesShown so many of the newest.
   */
  costBeside(linesShown: number, old: Told): number {
    return this.#allLore.cost + tell(this.#memories(linesShown, old), Infinity, this.#countTokens).cost;
  }

  /** As much of it as finds room: half for each; what one leaves the other may use. */
  told(
    roomInTokens: number,
    linesShown: number,
    old: Told,
  ): { readonly lore: Told; readonly memories: Told } {
    const remembered = this.#memories(linesShown, old);
    const half = tell(remembered, roomInTokens / 2, this.#countTokens);
    const forLore = roomInTokens - half.cost;
    const lore = this.#allLore.cost <= forLore ? this.#allLore : tell(this.#lore, forLore, this.#countTokens);
    const memories = half.isWhole ? half : tell(remembered, roomInTokens - lore.cost, this.#countTokens);
    return { lore, memories };
  }

  #memories(linesShown: number, old: Told): Tellable {
    const firstShown = this.#lines - linesShown;
    return this.#memoriesBut((id) => old.ids.has(id) || (this.#places.get(id) ?? -1) >= firstShown);
  }
}
