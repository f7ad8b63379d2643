import { Writable } from 'node:stream';

/**
 * A terminal without end below: it knows what readline and the adapter send, breaks rows where a real one does, and
 * breaks them anew when it gets another width, as terminals do today. Every character takes one column.
 */
export class FakeTerminal extends Writable {
  columns: number;
  /** All that was written, escape codes included. */
  written = '';
  /** How many writes it took. */
  writes = 0;
  #rows: { text: string; goesOn: boolean }[] = [{ text: '', goesOn: false }];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    super({ decodeStrings: false });
    this.columns = columns;
  }

  override _write(chunk: string, _: BufferEncoding, done: () => void): void {
    this.written += chunk;
    this.writes += 1;
    for (const [piece] of chunk.matchAll(/\u001b\[([?\d;]*)([A-Za-z])|[\s\S]/gu)) this.#take(piece);
    done();
  }

  /** What can be seen, without empty rows below. */
  get screen(): string {
    return this.#rows
      .map(({ text }) => text.trimEnd())
      .join('\n')
      .trimEnd();
  }

  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column };
  }

  resize(columns: number): void {
    const lines: string[] = [];
    let cursorLine = 0;
    let cursorOffset = 0;
    let isNew = true;
    this.#rows.forEach(({ text, goesOn }, index) => {
      if (isNew) lines.push('');
      const line = lines.length - 1;
      if (index === this.#row) {
        cursorLine = line;
        cursorOffset = (lines[line] ?? '').length + this.#column;
      }
      lines[line] += text;
      isNew = !goesOn;
    });
    this.columns = columns;
    this.#rows = [];
    lines.forEach((line, index) => {
      if (index === cursorLine) {
        this.#row = this.#rows.length + Math.floor(cursorOffset / columns);
        this.#column = cursorOffset % columns;
      }
      const pieces = line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''];
      pieces.forEach((text, at) => {
        this.#rows.push({ text, goesOn: at < pieces.length - 1 });
      });
    });
    this.emit('resize');
  }

  #take(piece: string): void {
    if (piece === '\r') this.#column = 0;
    else if (piece === '\n') this.#down(false);
    else if (!piece.startsWith('\u001b')) this.#put(piece);
    else this.#obey(piece.at(-1), Number(piece.slice(2, -1)) || undefined, piece);
  }

  #obey(order: string | undefined, count: number | undefined, piece: string): void {
    if (order === 'A') this.#row = Math.max(0, this.#row - (count ?? 1));
    else if (order === 'C') this.#column += count ?? 1;
    else if (order === 'D') this.#column -= count ?? 1;
    else if (order === 'G') this.#column = (count ?? 1) - 1;
    else if (order === 'J') {
      const current = this.#current();
      current.text = current.text.slice(0, this.#column);
      current.goesOn = false;
      this.#rows.length = this.#row + 1;
    } else if (order !== 'm' && !piece.startsWith('\u001b[?'))
      throw new Error(`Unknown order ${JSON.stringify(piece)}`);
  }

  #put(character: string): void {
    if (this.#column >= this.columns) {
      this.#down(true);
      this.#column = 0;
    }
    const current = this.#current();
    current.text =
      current.text.padEnd(this.#column).slice(0, this.#column) +
      character +
      current.text.slice(this.#column + 1);
    this.#column += 1;
  }

  #down(goesOn: boolean): void {
    this.#current().goesOn = goesOn;
    this.#row += 1;
    this.#current();
  }

  #current(): { text: string; goesOn: boolean } {
    while (this.#rows.length <= this.#row) this.#rows.push({ text: '', goesOn: false });
    return this.#rows[this.#row] ?? { text: '', goesOn: false };
  }
}
