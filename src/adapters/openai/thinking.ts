const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Takes what a local model thinks aloud (`<think>…</think>`) out of a stream of text, however the tags are cut up.
 * Text is held back only while it may still become a tag.
 */
export class ThinkingFilter {
  #pending = '';
  #isThinking = false;
  #isAfterThinking = false;

  /** @returns what of the text so far may be shown. */
  push(text: string): string {
    this.#pending += text;
    let shown = '';
    for (;;) {
      const tag = this.#isThinking ? CLOSE : OPEN;
      const at = this.#pending.indexOf(tag);
      if (at === -1) break;
      if (!this.#isThinking) shown += this.#visible(this.#pending.slice(0, at));
      this.#pending = this.#pending.slice(at + tag.length);
      this.#isThinking = !this.#isThinking;
      this.#isAfterThinking = !this.#isThinking;
    }
    const held = overlap(this.#pending, this.#isThinking ? CLOSE : OPEN);
    const rest = this.#pending.slice(0, this.#pending.length - held);
    this.#pending = this.#pending.slice(this.#pending.length - held);
    return this.#isThinking ? shown : shown + this.#visible(rest);
  }

  /** @returns what was held back and turned out to be text. */
  end(): string {
    const rest = this.#isThinking ? '' : this.#visible(this.#pending);
    this.#pending = '';
    return rest;
  }

  /** Without the empty lines that follow a thought. */
  #visible(text: string): string {
    if (!this.#isAfterThinking) return text;
    const trimmed = text.trimStart();
    if (trimmed !== '') this.#isAfterThinking = false;
    return trimmed;
  }
}

/** How many of the last characters of `text` are the beginning of `tag`. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length -= 1)
    if (text.endsWith(tag.slice(0, length))) return length;
  return 0;
}
