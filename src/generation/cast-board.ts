import type { Cast, Npc } from '#src/core/entities.ts';
import type { Board, BoardSlot, BoardView } from '#src/core/view.ts';
import { cardActions, castCard, retryAction } from './cards.ts';

/**
 * Keeps the state of a cast that is being drafted, and shows each change of it. A board that cannot be changed any more
 * is reported once and holds up nothing: the cast is drafted and stored all the same.
 */
export class CastBoard {
  readonly #count: number;
  readonly #concurrency: number;
  readonly #now: () => number;
  readonly #onFault: (error: unknown) => void;
  #hasFailed = false;
  #board: Board | undefined;
  #castId: string | undefined;
  #phase: BoardView['phase'] = 'planning';
  #slots: BoardSlot[] = [];
  /** Whose cards are shown, by slot. */
  readonly #npcs = new Map<number, Npc>();
  #draftingSinceInMs = 0;

  /**
   * @param options.count how many are asked for.
   * @param options.concurrency drafts at once: the time left is estimated by rounds.
   */
  constructor(options: {
    readonly count: number;
    readonly concurrency: number;
    readonly now: () => number;
    readonly onFault: (error: unknown) => void;
  }) {
    this.#count = options.count;
    this.#concurrency = options.concurrency;
    this.#now = options.now;
    this.#onFault = options.onFault;
  }

  async open(openBoard: (view: BoardView) => Promise<Board>): Promise<void> {
    this.#board = await openBoard(this.#view());
  }

  planned({ id, members }: Pick<Cast, 'id' | 'members'>): void {
    this.#castId = id;
    this.#phase = 'drafting';
    this.#draftingSinceInMs = this.#now();
    this.#slots = members.map(({ name, role }) => ({ name, role, state: 'waiting' }));
    this.#show();
  }

  drafting(index: number): void {
    this.#change(index, ({ name, role }) => ({ name, role, state: 'drafting' }));
  }

  finished(index: number, npc: Npc): void {
    this.#npcs.set(index, npc);
    const { name, role } = npc.persona;
    // What is being drafted is shown anew all the time: no button needs to.
    const shown = { card: castCard(npc), actions: cardActions(npc) };
    this.#change(index, () => ({ name, role, state: 'finished', ...shown }));
  }

  /** @param options.canRetry false where trying again would fail again, or reach another NPC. */
  failed(index: number, reason: string, { canRetry }: { readonly canRetry: boolean }): void {
    this.#change(index, ({ name, role }) => {
      return { name, role, state: 'failed', reason, actions: canRetry ? [retryAction(name, 'alone')] : [] };
    });
  }

  /** @param now those of the cast as they are by now: somebody may have kept or discarded one meanwhile. */
  async close(phase: 'finished' | 'cancelled' | 'failed', now: readonly Npc[] = []): Promise<void> {
    this.#phase = phase;
    this.#slots = this.#slots.map((slot, index) => this.#closed(slot, index, now));
    try {
      await this.#board?.close(this.#view());
    } catch (error) {
      this.#report(error);
    }
  }

  #closed(slot: BoardSlot, index: number, now: readonly Npc[]): BoardSlot {
    switch (slot.state) {
      case 'waiting':
      case 'drafting':
      case 'cancelled':
        return { name: slot.name, role: slot.role, state: 'cancelled' };
      case 'finished': {
        const drafted = this.#npcs.get(index);
        const npc = now.find(({ id }) => id === drafted?.id) ?? drafted;
        if (npc === undefined) return slot;
        return { ...slot, card: castCard(npc), actions: cardActions(npc, 'on its page') };
      }
      case 'failed':
        return { ...slot, actions: slot.actions.map(() => retryAction(slot.name, 'on its page')) };
    }
  }

  #change(index: number, change: (slot: BoardSlot) => BoardSlot): void {
    this.#slots = this.#slots.map((slot, at) => (at === index ? change(slot) : slot));
    this.#show();
  }

  #show(): void {
    try {
      this.#board?.update(this.#view());
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    if (!this.#hasFailed) this.#onFault(error);
    this.#hasFailed = true;
  }

  #view(): BoardView {
    const isOpen = this.#phase === 'planning' || this.#phase === 'drafting';
    return {
      castId: this.#castId,
      title: titleOf(this.#count, isOpen),
      phase: this.#phase,
      slots: this.#slots,
      finishedCount: this.#slots.filter((slot) => slot.state === 'finished').length,
      timeLeftInMs: this.#timeLeftInMs(),
      actions: isOpen ? [{ label: 'Cancel', command: 'stop', options: {} }] : [],
    };
  }

  /** From the pace so far: the drafts that are done came in rounds of `concurrency`. */
  #timeLeftInMs(): number | undefined {
    if (!this.#slots.some((slot) => slot.state === 'finished')) return undefined;
    const done = this.#slots.filter((slot) => slot.state === 'finished' || slot.state === 'failed').length;
    if (this.#phase !== 'drafting' || done === 0) return undefined;
    const msPerRound = (this.#now() - this.#draftingSinceInMs) / Math.ceil(done / this.#concurrency);
    return Math.round(msPerRound * Math.ceil((this.#slots.length - done) / this.#concurrency));
  }
}

/** Everybody in the channel sees it: what the GM asked for is not theirs to read. */
function titleOf(count: number, isOpen: boolean): string {
  const npcs = count === 1 ? '1 NPC' : `${count} NPCs`;
  return isOpen ? `${npcs} ${count === 1 ? 'is' : 'are'} being drafted` : npcs;
}
