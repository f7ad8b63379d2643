import { createInterface, type Interface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import type { OutputStream } from './output-stream.ts';
import type { Paint } from './paint.ts';
import { PASTE_MARKS_OFF, PASTE_MARKS_ON, PasteFilter } from './paste-filter.ts';
import type { NoteRows, Screen } from './screen.ts';
import { breakRows, displayWidth } from './text-layout.ts';

/** Wider rows are hard to read. */
const WIDEST_ROW = 100;
const NARROWEST_ROW = 20;
/** What moves by itself (time left) is drawn again this often. */
const REDRAW_EVERY_MS = 1000;
const HISTORY_LENGTH = 500;
const CHOICE_GAP = '   ';
const MOST_CHOICE_ROWS = 4;

const CLEAR_BELOW = '\r\u001b[J';
const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');

export interface Typing {
  line(text: string): void;
  /** Ctrl-C; `typed` stands at the prompt. */
  interrupt(typed: string): void;
  /** The input has ended: Ctrl-D, or the terminal went away. */
  end(): void;
  /** What may stand in place of the whole text before the cursor. */
  complete(text: string): Promise<readonly string[]>;
}

/**
 * A terminal with a prompt at its lower end. Between the play and the prompt stand rows that may change: the row still
 * growing and the notes. To show anything they are wiped together with the prompt, what stays is written, and they are
 * drawn again below: in one write, so that nothing flickers.
 *
 * Readline edits the line. It writes to a stream of ours, so that its drawing joins that one write, and so that it
 * learns of a new width only when we have wiped what stood at the old one.
 */
export class LiveScreen implements Screen {
  readonly paint: Paint;
  readonly isLive = true;
  readonly #output: OutputStream;
  readonly #columns: () => number;
  readonly #notes = new Map<object, NoteRows>();
  readonly #editorOutput: Writable & { columns: number };
  #editor: Interface | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #isRedrawDue = false;
  #growing = '';
  /** The changing rows and the prompt that stand on the terminal; undefined: nothing does. */
  #standing: readonly string[] | undefined;
  /** Gathers what the editor writes while a whole frame is drawn. */
  #frame: string | undefined;

  constructor(output: OutputStream, columns: () => number, paint: Paint) {
    this.paint = paint;
    this.#output = output;
    this.#columns = columns;
    this.#editorOutput = Object.assign(
      new Writable({
        decodeStrings: false,
        write: (text: string, _, done) => {
          this.#takeFromEditor(text);
          done();
        },
      }),
      { columns: columns() },
    );
  }

  get width(): number {
    return Math.max(NARROWEST_ROW, Math.min(this.#columns() - 1, WIDEST_ROW));
  }

  /** Shows the prompt and takes what is typed, until `stopTyping`. */
  startTyping(input: Readable, prompt: string, typing: Typing): void {
    const keys = Object.assign(input.pipe(new PasteFilter()), {
      setRawMode: (isRaw: boolean) => {
        if (input instanceof ReadStream) input.setRawMode(isRaw);
      },
    });
    const editor = createInterface({
      input: keys,
      output: this.#editorOutput,
      terminal: true,
      prompt,
      historySize: HISTORY_LENGTH,
      removeHistoryDuplicates: true,
      completer: (text: string, done: (error: null, result: [string[], string]) => void) => {
        // Readline takes no key until it has its answer: it gets none, and what was found is typed when it is there.
        done(null, [[], text]);
        void this.#complete(text, editor, typing);
      },
    });
    this.#editor = editor;
    const afterKey = () => {
      // A hint on what Tab may complete is out of date with the next key.
      this.note(typing, undefined);
      this.#redrawLongLine();
    };
    keys.on('keypress', afterKey);
    editor.on('line', (text) => {
      typing.line(text);
      this.redraw();
    });
    editor.on('SIGINT', () => typing.interrupt(editor.line));
    editor.on('close', () => {
      input.unpipe(keys);
      input.pause();
      this.stopTyping();
      typing.end();
    });
    void this.#output.write(PASTE_MARKS_ON);
    this.redraw();
  }

  setPrompt(prompt: string): void {
    this.#editor?.setPrompt(prompt);
    this.redraw();
  }

  clearTyped(): void {
    this.#editor?.write(null, { ctrl: true, name: 'e' });
    this.#editor?.write(null, { ctrl: true, name: 'u' });
  }

  /** Takes the prompt away and gives the input back; what is printed later simply follows. */
  stopTyping(): void {
    const editor = this.#editor;
    if (editor === undefined) return;
    void this.#output.write(this.#wipe() + PASTE_MARKS_OFF);
    this.#editor = undefined;
    clearInterval(this.#ticker);
    this.#notes.clear();
    editor.close();
  }

  print(rows: readonly string[], growing = ''): Promise<void> {
    this.#growing = growing;
    return this.#draw(rows);
  }

  note(owner: object, rows: NoteRows | undefined): void {
    if (rows !== undefined) this.#notes.set(owner, rows);
    else if (!this.#notes.delete(owner)) return;
    clearInterval(this.#ticker);
    if (this.#notes.size > 0) this.#ticker = setInterval(() => this.redraw(), REDRAW_EVERY_MS).unref();
    this.redraw();
  }

  /** Draws the changing rows and the prompt anew: also when the terminal has another size. */
  redraw(): void {
    void this.#draw([]);
  }

  /** Readline loses its place when a paste runs over several rows; once the paste is taken it is shown where it is. */
  #redrawLongLine(): void {
    if (this.#isRedrawDue || (this.#editor?.getCursorPos().rows ?? 0) === 0) return;
    this.#isRedrawDue = true;
    setImmediate(() => {
      this.#isRedrawDue = false;
      this.redraw();
    });
  }

  #draw(rows: readonly string[]): Promise<void> {
    const editor = this.#editor;
    const kept = rows.map((row) => `${row}\r\n`).join('');
    if (editor === undefined) return this.#output.write(kept);
    const changing = [
      ...(this.#growing === '' ? [] : [this.#growing]),
      ...[...this.#notes.values()].flatMap((note) => note(this.width)),
    ];
    const wiped = this.#wipe();
    this.#standing = changing;
    // Where the editor believes the cursor to be is out of date after a paste or with another width: drawn once for
    // nothing, it knows. It then begins by going up from there, so the cursor is put there.
    this.#drawPrompt(editor);
    const below = '\r\n'.repeat(editor.getCursorPos().rows);
    const standing = changing.map((row) => `${row}\r\n`).join('');
    return this.#output.write(wiped + kept + standing + below + this.#drawPrompt(editor));
  }

  #drawPrompt(editor: Interface): string {
    this.#frame = '';
    editor.prompt(true);
    const drawn = this.#frame;
    this.#frame = undefined;
    return drawn;
  }

  /** What takes the changing rows and the prompt away, and tells the editor how wide the terminal is now. */
  #wipe(): string {
    const columns = this.#columns();
    this.#editorOutput.columns = columns;
    if (this.#standing === undefined) return '';
    // A terminal that was made narrower has broken the rows itself.
    const heights = this.#standing.map((row) => Math.max(1, Math.ceil(displayWidth(row) / columns)));
    const height = heights.reduce((sum, each) => sum + each, this.#editor?.getCursorPos().rows ?? 0);
    this.#standing = undefined;
    return up(height) + CLEAR_BELOW;
  }

  #takeFromEditor(text: string): void {
    if (this.#frame !== undefined) this.#frame += text;
    // Enter: the cursor is at the end of the line that was typed. It leaves the prompt, to be shown as a line of the
    // play or as a command when its turn comes.
    else if (text === '\r\n') void this.#output.write(this.#wipe());
    else void this.#output.write(text);
  }

  /** Types on as far as all candidates agree, and shows the choice that is left as a note. */
  async #complete(text: string, editor: Interface, typing: Typing): Promise<void> {
    const candidates = await typing.complete(text);
    const isOutOfDate = this.#editor !== editor || editor.line.slice(0, editor.cursor) !== text;
    if (isOutOfDate) return;
    const [first = '', ...others] = candidates;
    let shared = first.length;
    for (const other of others) while (!other.startsWith(first.slice(0, shared))) shared -= 1;
    const agreed = first.slice(0, shared);
    // Several may agree on a beginning that was not typed ("ma": Tilda Marsh, Tilly Marsh): what was typed tells more.
    const goesOn = agreed.toLowerCase().startsWith(text.toLowerCase());
    if (others.length === 0 ? first !== '' : goesOn) {
      editor.write(null, { ctrl: true, name: 'u' });
      editor.write(agreed);
    }
    if (others.length > 0) this.#noteChoice(candidates, text, typing);
    this.redraw();
  }

  #noteChoice(candidates: readonly string[], text: string, owner: object): void {
    // Only what differs is of interest: from the word on that is being typed.
    const from = Math.max(text.lastIndexOf(' '), text.lastIndexOf(':'), text.lastIndexOf('/')) + 1;
    const choice = candidates.map((candidate) => candidate.slice(from).trim()).join(CHOICE_GAP);
    this.note(owner, (width) =>
      breakRows(CHOICE_GAP + choice, width, CHOICE_GAP)
        .slice(0, MOST_CHOICE_ROWS)
        .map((row) => this.paint('dim', row)),
    );
  }
}
