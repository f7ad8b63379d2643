/** A turn in which much is looked up often comes again within so many. */
const TURNS_LOOKED_BACK_AT = 12;

/**
 * What the next prompt of one NPC in one scene is to know of those before it, so that it begins alike. It says where lines
 * begin, never what is in them: without it a prompt is as true, but the next one may begin elsewhere.
 */
export class TalkSoFar {
  #firstLineId: string | undefined;
  readonly #found: number[] = [];

  /** Where the lines of the last prompt began; undefined where all found room. */
  get firstLineId(): string | undefined {
    return this.#firstLineId;
  }

  /** The most that memories and lore took in one of the last prompts, in tokens. */
  get mostFound(): number {
    return Math.max(0, ...this.#found);
  }

  note(prompt: { readonly firstLineId: string | undefined; readonly foundInTokens: number }): void {
    this.#firstLineId = prompt.firstLineId;
    this.#found.push(prompt.foundInTokens);
    if (this.#found.length > TURNS_LOOKED_BACK_AT) this.#found.shift();
  }
}
