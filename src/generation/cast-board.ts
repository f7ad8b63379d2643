import type { CastMember, Npc } from '#src/core/entities.ts';
import type { Action, Board, BoardSlot, BoardView } from '#src/core/view.ts';
import { cardView } from '#src/persona/card-view.ts';

/** The commands that a drafted card offers. */
export function cardActions(name: string): readonly Action[] {
  return [
    { label: 'Keep', command: 'npc keep', options: { npc: name } },
    { label: 'Talk', command: 'npc talk', options: { npc: name } },
    { label: 'Reroll', command: 'npc reroll', options: { npc: name } },
    { label: 'Edit', command: 'npc edit', options: { npc: name } },
    { label: 'Discard', command: 'npc discard', options: { npc: name } },
  ];
}

/** Keeps the state of a cast that is being drafted, and shows each change of it. */
export class CastBoard {
  readonly #title: string;
  readonly #concurrency: number;
  readonly #now: () => number;
  #board: Board | undefined;
  #phase: BoardView['phase'] = 'planning';
  #slots: BoardSlot[] = [];
  #draftingSinceInMs = 0;

  /** @param options.concurrency drafts at once: the time left is estimated by rounds. */
  constructor(options: { readonly title: string; readonly concurrency: number; readonly now: () => number }) {
    this.#title = options.title;
    this.#concurrency = options.concurrency;
    this.#now = options.now;
  }

  async open(openBoard: (view: BoardView) => Promise<Board>): Promise<void> {
    this.#board = await openBoard(this.#view());
  }

  planned(members: readonly CastMember[]): void {
    this.#phase = 'drafting';
    this.#draftingSinceInMs = this.#now();
    this.#slots = members.map(({ name, role }) => ({ name, role, state: 'waiting' }));
    this.#show();
  }

  drafting(index: number): void {
    this.#change(index, ({ name, role }) => ({ name, role, state: 'drafting' }));
  }

  finished(index: number, npc: Npc): void {
    const { name, role } = npc.persona;
    const card = cardView(npc, 'everyone');
    this.#change(index, () => ({ name, role, state: 'finished', card, actions: cardActions(name) }));
  }

  failed(index: number, reason: string): void {
    this.#change(index, ({ name, role }) => {
      const retry: Action = { label: 'Try again', command: 'npc reroll', options: { npc: name } };
      return { name, role, state: 'failed', reason, actions: [retry] };
    });
  }

  async close(phase: 'finished' | 'cancelled' | 'failed'): Promise<void> {
    this.#phase = phase;
    this.#slots = this.#slots.map((slot) =>
      slot.state === 'waiting' || slot.state === 'drafting'
        ? { name: slot.name, role: slot.role, state: 'cancelled' }
        : slot,
    );
    await this.#board?.close(this.#view());
  }

  #change(index: number, change: (slot: BoardSlot) => BoardSlot): void {
    this.#slots = this.#slots.map((slot, at) => (at === index ? change(slot) : slot));
    this.#show();
  }

  #show(): void {
    this.#board?.update(this.#view());
  }

  #view(): BoardView {
    const isOpen = this.#phase === 'planning' || this.#phase === 'drafting';
    return {
      title: this.#title,
      phase: this.#phase,
      slots: this.#slots,
      finishedCount: this.#slots.filter((slot) => slot.state === 'finished').length,
      timeLeftInMs: this.#timeLeftInMs(),
      actions: isOpen ? [{ label: 'Cancel', command: 'stop', options: {} }] : [],
    };
  }

  /** From the pace so far: the drafts that are done came in rounds of `concurrency`. */
  #timeLeftInMs(): number | undefined {
    const done = this.#slots.filter((slot) => slot.state === 'finished' || slot.state === 'failed').length;
    if (this.#phase !== 'drafting' || done === 0) return undefined;
    const msPerRound = (this.#now() - this.#draftingSinceInMs) / Math.ceil(done / this.#concurrency);
    return Math.round(msPerRound * Math.ceil((this.#slots.length - done) / this.#concurrency));
  }
}
