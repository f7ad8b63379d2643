/** A sentence without an end is released at a space once it is this long, so that nobody waits for it for ever. */
export const MAX_SENTENCE_IN_CHARACTERS = 600;

const TERMINATORS = new Set(['.', '!', '?', '…', '。', '！', '？']);
/** What may follow a terminator and still belongs to its sentence. */
const CLOSERS = new Set(['.', '!', '?', '…', '"', '”', "'", '’', ')', ']', '*', '_', '»']);
const ABBREVIATIONS = new Set('mr mrs ms dr st sr jr prof capt sgt lt vs'.split(' '));

/**
 * Cuts a stream of text into sentences, each with the space that follows it, so that the pieces joined give back the
 * text. A sentence is released with its terminator and does not wait for what comes next (that wait would cost one
 * token of time); closing quotes that arrive later begin the next piece, which on the screen is the same.
 */
export class SentenceSplitter {
  #pending = '';
  /** Everything before this index of `#pending` is known to hold no end. */
  #scanned = 0;

  /** The sentences that this text completes. */
  push(text: string): string[] {
    this.#pending += text;
    const sentences: string[] = [];
    for (;;) {
      const end = this.#findEnd();
      if (end === undefined) return sentences;
      sentences.push(this.#pending.slice(0, end));
      this.#pending = this.#pending.slice(end);
      this.#scanned = 0;
    }
  }

  /** What is left when the stream has ended; empty where nothing is. */
  flush(): string {
    const rest = this.#pending;
    this.#pending = '';
    this.#scanned = 0;
    return rest;
  }

  #findEnd(): number | undefined {
    const text = this.#pending;
    for (let at = this.#scanned; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (character === '\n') {
        // Blank lines before a sentence are no sentence of their own.
        if (text.slice(0, at).trim() !== '') return skipSpace(text, at + 1);
      } else if (TERMINATORS.has(character)) {
        if (character === '.' && at === text.length - 1 && isDigit(text.charAt(at - 1))) {
          // "3." may become "3.5": the next character decides.
          this.#scanned = at;
          return this.#overlong();
        }
        if (endsSentence(text, at)) return skipSpace(text, skipClosers(text, at + 1));
      }
    }
    this.#scanned = text.length;
    return this.#overlong();
  }

  #overlong(): number | undefined {
    if (this.#pending.length < MAX_SENTENCE_IN_CHARACTERS) return undefined;
    const space = this.#pending.lastIndexOf(' ', MAX_SENTENCE_IN_CHARACTERS - 1);
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
