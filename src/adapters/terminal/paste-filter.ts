import { Transform, type TransformCallback } from 'node:stream';

/** Terminals put these around what is pasted, once they were asked to. */
const START = '\u001b[200~';
const END = '\u001b[201~';
/** Ask for it, and stop asking (bracketed paste, DEC private mode 2004). */
export const PASTE_MARKS_ON = '\u001b[?2004h';
export const PASTE_MARKS_OFF = '\u001b[?2004l';

/** Line ends and whatever else would act as a key. */
const KEYS = /[\u0000-\u001F\u007F]+/gu;

/**
 * Makes what is pasted one line: notes of many lines stay one line to look over and send, and nothing in them presses
 * a key. All else passes as it came.
 */
export class PasteFilter extends Transform {
  #isPasted = false;
  /** The beginning of an end mark whose rest has not come yet. */
  #held = '';

  override _transform(chunk: Buffer | string, _: BufferEncoding, done: TransformCallback): void {
    // Latin-1 keeps every byte as it is; marks and keys are ASCII, which in UTF-8 stands for nothing else.
    let rest = this.#held + Buffer.from(chunk).toString('latin1');
    let kept = '';
    for (;;) {
      const mark = this.#isPasted ? END : START;
      const at = rest.indexOf(mark);
      if (at < 0) break;
      kept += this.#filtered(rest.slice(0, at));
      rest = rest.slice(at + mark.length);
      this.#isPasted = !this.#isPasted;
    }
    const from = this.#isPasted ? rest.length - heldLength(rest) : rest.length;
    this.#held = rest.slice(from);
    done(null, Buffer.from(kept + this.#filtered(rest.slice(0, from)), 'latin1'));
  }

  #filtered(text: string): string {
    return this.#isPasted ? text.replace(KEYS, ' ') : text;
  }
}

function heldLength(text: string): number {
  let length = Math.min(text.length, END.length - 1);
  while (!text.endsWith(END.slice(0, length))) length -= 1;
  return length;
}
