/** Text without an end is released at a space once it is this long, so that nobody waits for it for ever. */
export const MAX_SENTENCE_IN_CHARACTERS = 600;

const TERMINATORS = new Set(['.', '!', '?', '…', '。', '！', '？']);
/** What may follow a terminator and still belongs to its sentence. */
const CLOSERS = new Set(['.', '!', '?', '…', '"', '”', "'", '’', ')', ']', '*', '_', '»']);
const ABBREVIATIONS = new Set('mr mrs ms dr st sr jr prof capt sgt lt vs'.split(' '));

/**
 * Cuts a stream of text into sentences, each with the space that follows it, so that the pieces joined give back the
 * text. A sentence is released with its terminator and does not wait for what comes next (that wait would cost one
 * token of time); closing quotes that arrive later begin the next piece, which on the screen is the same. Each
 * character is looked at a bounded number of times, whatever the text.
 */
export class SentenceSplitter {
  #pending = '';
  /** Everything of `#pending` before this index is known to hold no end. */
  #scanned = 0;
  #hasText = false;

  /** The sentences that this text completes. Whoever stops reading them leaves the rest pending. */
  *push(text: string): Generator<string, void, void> {
    this.#pending += text;
    for (let end = this.#findEnd(); end !== undefined; end = this.#findEnd()) {
      const sentence = this.#pending.slice(0, end);
      this.#pending = this.#pending.slice(end);
      this.#scanned = 0;
      this.#hasText = false;
      yield sentence;
    }
  }

  /** What is left when the stream has ended; empty where nothing is. */
  flush(): string {
    const rest = this.#pending;
    this.#pending = '';
    this.#scanned = 0;
    this.#hasText = false;
    return rest;
  }

  #findEnd(): number | undefined {
    const text = this.#pending;
    const limit = Math.min(text.length, MAX_SENTENCE_IN_CHARACTERS);
    for (; this.#scanned < limit; this.#scanned += 1) {
      const at = this.#scanned;
      const character = text.charAt(at);
      if (character === '\n') {
        // Blank lines before a sentence are no sentence of their own.
        if (this.#hasText) return skipSpace(text, at + 1);
      } else if (TERMINATORS.has(character)) {
        // "3." may become "3.5": the next character decides.
        if (character === '.' && at === text.length - 1 && isDigit(text.charAt(at - 1))) return undefined;
        if (endsSentence(text, at)) return skipSpace(text, skipClosers(text, at + 1));
      }
      this.#hasText ||= character.trim() !== '';
    }
    if (text.length < MAX_SENTENCE_IN_CHARACTERS) return undefined;
    const space = text.lastIndexOf(' ', MAX_SENTENCE_IN_CHARACTERS - 1);
    return space > 0 ? space + 1 : MAX_SENTENCE_IN_CHARACTERS;
  }
}

function endsSentence(text: string, at: number): boolean {
  if (text.charAt(at) !== '.') return true;
  const next = text.charAt(at + 1);
  if (isDigit(text.charAt(at - 1)) && isDigit(next)) return false;
  const word = /(\p{L}+)$/u.exec(text.slice(Math.max(0, at - 12), at))?.[1] ?? '';
  if (ABBREVIATIONS.has(word.toLowerCase())) return false;
  // An initial or "e.g.": a single letter, save "I" and "a", which end sentences too.
  return !(word.length === 1 && !/^[IaO]$/u.test(word));
}

function skipClosers(text: string, from: number): number {
  let at = from;
  while (at < text.length && CLOSERS.has(text.charAt(at))) at += 1;
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/u.test(text.charAt(at))) at += 1;
  return at;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
