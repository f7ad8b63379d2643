import type { SpeechEnding, SpeechOutput } from '#src/core/view.ts';
import { paintName } from './paint.ts';
import { plainLine, plainText } from './plain-text.ts';
import type { Screen } from './screen.ts';
import { breakRows } from './text-layout.ts';

const INDENT = '  ';

/**
 * One NPC's reply as a paragraph that grows: `Tilda: The docks are quiet tonight…`. Rows that are full stay; the last
 * one is the screen's growing row. Until it has the floor, its text waits.
 */
export class Speech implements SpeechOutput {
  readonly name: string;
  readonly #screen: Screen;
  readonly #onEnd: (speech: Speech, ending: SpeechEnding) => Promise<void>;
  /** Text that is not laid out yet: none of it before the floor is ours, later trailing space only. */
  #unread = '';
  /** The growing row: the label alone, or what stands of the paragraph's last row. */
  #row: string;
  /** The label that the growing row begins with; empty from the second row on. */
  #label: string;
  #hasFloor = false;
  /** Whether the label stands where rows stay, and nothing behind it yet. */
  #isSignStanding = false;
  /** Whether the growing row holds more than its label. */
  #isOpen = false;
  #hasText = false;

  constructor(name: string, screen: Screen, onEnd: (speech: Speech, ending: SpeechEnding) => Promise<void>) {
    this.name = plainLine(name);
    this.#screen = screen;
    this.#onEnd = onEnd;
    this.#label = `${this.name}: `;
    this.#row = this.#label;
  }

  append(text: string): void {
    this.#unread += plainText(text);
    if (this.#hasFloor) void this.#layOut();
  }

  end(ending: SpeechEnding): Promise<void> {
    return this.#onEnd(this, ending);
  }

  /** From now on text is shown as it comes; at once a sign that this NPC is about to speak. */
  takeFloor(): void {
    this.#hasFloor = true;
    this.#isSignStanding = !this.#screen.isLive;
    void this.#screen.print([], this.sign ?? this.#label.trimEnd());
    void this.#layOut();
  }

  /** Who is about to speak, or to go on: for the growing row while it is free. A row that stays cannot hold it. */
  get sign(): string | undefined {
    return this.#screen.isLive ? paintName(this.#screen.paint, this.name, `${this.name} …`) : undefined;
  }

  /** Ends the growing row, because something else is to be shown; what is still to come goes on below it. */
  breakOff(): void {
    if (this.#isOpen) void this.#screen.print([this.#painted(this.#row.trimEnd())]);
    else if (this.#isSignStanding) void this.#screen.print([`${this.#label}…`]);
    if (this.#hasText) this.#label = `${this.name}: … `;
    this.#row = this.#label;
    this.#isOpen = false;
    this.#isSignStanding = false;
  }

  /** Ends the paragraph with a mark where it was not said to its end. */
  finish(state: SpeechEnding['state']): void {
    void this.#layOut();
    const isCut = (state === 'cut' || state === 'failed') && this.#hasText;
    const mark = state === 'stopped' ? ' (stopped)' : isCut ? '—' : '';
    if (mark !== '') {
      const rows = breakRows(this.#row.trimEnd() + mark, this.#screen.width, INDENT);
      void this.#screen.print(rows.map((row, index) => (index === 0 ? this.#painted(row) : row)));
    } else this.breakOff();
  }

  #layOut(): Promise<void> {
    const unread = this.#isOpen ? this.#unread : this.#unread.trimStart();
    const text = unread.trimEnd();
    if (text === '') return Promise.resolve();
    // Trailing space waits: it may turn out to be a line end or nothing at all.
    this.#unread = unread.slice(text.length);
    const rows = breakRows(
      this.#row + text.replace(/\s*\n\s*/gu, '\n').replace(/[^\S\n]+/gu, ' '),
      this.#screen.width,
      INDENT,
    );
    const painted = rows.map((row, index) => (index === 0 ? this.#painted(row) : row));
    this.#row = rows.at(-1) ?? '';
    if (rows.length > 1) this.#label = '';
    this.#isOpen = true;
    this.#isSignStanding = false;
    this.#hasText = true;
    return this.#screen.print(painted.slice(0, -1), painted.at(-1));
  }

  #painted(row: string): string {
    const label = this.#label.trimEnd();
    if (label === '' || !row.startsWith(label)) return row;
    return paintName(this.#screen.paint, this.name, label) + row.slice(label.length);
  }
}
