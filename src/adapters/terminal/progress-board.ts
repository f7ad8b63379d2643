import type { Clock } from '#src/core/clock.ts';
import type { Board, BoardSlot, BoardView } from '#src/core/view.ts';
import { actionRows, cardRows, type NoticeLook } from './notice-rows.ts';
import { plainLine } from './plain-text.ts';
import type { Screen } from './screen.ts';
import { breakRows, clipToWidth } from './text-layout.ts';

/** How a board writes rows that stay, and how they are made. */
export interface BoardPaper {
  readonly screen: Screen;
  readonly look: () => NoticeLook;
  readonly clock: Clock;
  print(rows: readonly string[]): Promise<void>;
}

/**
 * A cast being drafted: each card is written once, when it is finished; a live screen also has a line that tells how
 * far it is.
 */
export class ProgressBoard implements Board {
  readonly #paper: BoardPaper;
  readonly #shown = new Set<string>();
  #view: BoardView;
  #viewedAtInMs = 0;

  constructor(view: BoardView, paper: BoardPaper) {
    this.#paper = paper;
    this.#view = view;
    const { paint, width } = paper.look();
    void paper.print(breakRows(plainLine(view.title), width).map((row) => paint('bold', row)));
    this.update(view);
  }

  update(view: BoardView): void {
    this.#take(view);
    this.#paper.screen.note(this, (width) => this.#progressRows(width));
  }

  async close(view: BoardView): Promise<void> {
    this.#take(view);
    this.#paper.screen.note(this, undefined);
    const look = this.#paper.look();
    const [format, sentence] = ending(view);
    await this.#paper.print([
      ...breakRows(sentence, look.width).map((row) => look.paint(format, row)),
      ...actionRows(view.actions, look),
    ]);
  }

  #take(view: BoardView): void {
    this.#view = view;
    this.#viewedAtInMs = this.#paper.clock.now();
    view.slots.forEach((slot, index) => {
      // A slot that failed may be tried again and finish: it is shown once in each state.
      const key = `${index} ${slot.state}`;
      if ((slot.state !== 'finished' && slot.state !== 'failed') || this.#shown.has(key)) return;
      this.#shown.add(key);
      void this.#paper.print(this.#slotRows(slot));
    });
  }

  #slotRows(slot: Extract<BoardSlot, { state: 'finished' | 'failed' }>): readonly string[] {
    const look = this.#paper.look();
    const name = plainLine(slot.name);
    const role = plainLine(slot.role);
    if (slot.state === 'failed') {
      const sentence = `✗ ${name}${role === '' ? '' : ` — ${role}`}: ${plainLine(slot.reason)}`;
      return [
        ...breakRows(sentence, look.width, '  ').map((row) => look.paint('red', row)),
        ...actionRows(slot.actions, look),
      ];
    }
    const place = [...this.#shown].filter((key) => key.endsWith(' finished')).length;
    const { isLive } = this.#paper.screen;
    const subtitle = plainLine(slot.card.subtitle);
    const head = `[${place} of ${this.#view.slots.length}] ${name}${subtitle === '' ? '' : ` — ${subtitle}`}`;
    return [
      // A live screen says how many in its progress line.
      ...(isLive ? [] : [head]),
      ...cardRows(slot.card, look, isLive),
      ...actionRows(slot.actions, look),
      '',
    ];
  }

  /** `▰▰▰▱▱▱ 2 of 4 · about 12 s left · Mira, Bram…`. */
  #progressRows(width: number): readonly string[] {
    const { paint } = this.#paper.look();
    const { phase, slots, finishedCount, timeLeftInMs } = this.#view;
    if (phase === 'planning') return [clipToWidth('Planning who they are…', width)];
    const share = slots.length === 0 ? 0 : finishedCount / slots.length;
    const length = Math.max(6, Math.min(24, Math.floor(width / 4)));
    const full = Math.round(share * length);
    const bar = '▰'.repeat(full) + '▱'.repeat(length - full);
    const sinceInMs = this.#paper.clock.now() - this.#viewedAtInMs;
    const parts = [
      `${finishedCount} of ${slots.length}`,
      ...(timeLeftInMs === undefined ? [] : [timeLeft(timeLeftInMs - sinceInMs)]),
      ...(slots.some(({ state }) => state === 'drafting')
        ? [
            `${slots
              .filter(({ state }) => state === 'drafting')
              .map(({ name }) => plainLine(name))
              .join(', ')} …`,
          ]
        : []),
    ];
    const text = clipToWidth(` ${parts.join(' · ')}`, width - length);
    return [paint('cyan', bar) + text];
  }
}

function timeLeft(leftInMs: number): string {
  const seconds = Math.ceil(leftInMs / 1000);
  if (seconds <= 0) return 'any moment';
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
}

function ending({ phase, slots, finishedCount }: BoardView): readonly ['green' | 'yellow' | 'red', string] {
  const count = `${finishedCount} of ${slots.length} drafted`;
  if (phase === 'cancelled') return ['yellow', `Stopped: ${count}.`];
  if (phase === 'failed')
    return ['red', slots.length === 0 ? 'The cast could not be planned.' : `Failed: ${count}.`];
  return finishedCount < slots.length ? ['yellow', `Done: ${count}.`] : ['green', `✓ ${count}.`];
}
