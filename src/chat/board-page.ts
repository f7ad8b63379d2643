import { clip } from '#src/core/text.ts';
import {
  type Action,
  type BoardSlot,
  type BoardView,
  CARDS_PER_PAGE,
  type CardView,
} from '#src/core/view.ts';

/** What fits beside the cards: one row of buttons. */
export const MOST_PAGE_ACTIONS = 5;
/** Of one slot's row, so that the rows of a cast of 20 leave room for cards. */
const MAX_ROLE_IN_CHARACTERS = 40;
const MAX_REASON_IN_CHARACTERS = 80;

/** What one page of a cast shows. All text is plain and untrusted. */
export interface BoardPage {
  readonly title: string;
  /** How far it is, in one sentence: "Drafting: 2 of 5 done, about 12 seconds left." */
  readonly progress: string;
  /** Each member with its state in words: "Mira, a smuggler: being drafted". */
  readonly slots: readonly string[];
  /** At most 3, in the order of the cast. */
  readonly cards: readonly { readonly card: CardView; readonly actions: readonly Action[] }[];
  /** At most 5: what the board offers, leafing, then trying again what failed. */
  readonly actions: readonly Action[];
}

type Finished = Extract<BoardSlot, { state: 'finished' }>;

/**
 * Chooses what a board shows in one message: while it is being drafted every member's state and the cards that are
 * finished last; afterwards its first page, with buttons to leaf.
 */
export class BoardPager {
  /** Members in the order in which their cards were finished. */
  readonly #finished = new Map<string, number>();

  page(view: BoardView): BoardPage {
    const finished = view.slots.flatMap((slot, index) =>
      slot.state === 'finished' ? [{ slot, index }] : [],
    );
    for (const { slot, index } of finished) {
      const key = `${index} ${slot.name}`;
      if (!this.#finished.has(key)) this.#finished.set(key, this.#finished.size);
    }
    const isOpen = view.phase === 'planning' || view.phase === 'drafting';
    const age = ({ slot, index }: { slot: Finished; index: number }) =>
      this.#finished.get(`${index} ${slot.name}`) ?? 0;
    const shown = isOpen
      ? finished
          .toSorted((one, other) => age(other) - age(one))
          .slice(0, CARDS_PER_PAGE)
          .toSorted((one, other) => one.index - other.index)
      : finished.slice(0, CARDS_PER_PAGE);
    return {
      title: view.title,
      progress: progress(view),
      slots: view.slots.filter((slot) => isOpen || slot.state !== 'finished').map(slotWords),
      cards: shown.map(({ slot: { card, actions } }) => ({ card, actions })),
      actions: [...view.actions, ...(isOpen ? [] : leafing(view, finished.length)), ...retries(view)].slice(
        0,
        MOST_PAGE_ACTIONS,
      ),
    };
  }
}

/** "about 12 seconds left". */
function timeLeftWords(leftInMs: number): string {
  const seconds = Math.ceil(leftInMs / 1000);
  if (seconds <= 1) return 'any moment now';
  if (seconds < 90) return `about ${seconds} seconds left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}

function progress({ phase, slots, finishedCount, timeLeftInMs }: BoardView): string {
  const count = `${finishedCount} of ${slots.length}`;
  switch (phase) {
    case 'planning':
      return 'Planning who they are…';
    case 'drafting': {
      const left = timeLeftInMs === undefined ? '' : `, ${timeLeftWords(timeLeftInMs)}`;
      return `Drafting: ${count} done${left}.`;
    }
    case 'finished':
      return finishedCount < slots.length ? `Done: ${count} drafted.` : `✓ ${count} drafted.`;
    case 'cancelled':
      return slots.length === 0 ? 'Stopped before it was planned.' : `Stopped: ${count} drafted.`;
    case 'failed':
      return slots.length === 0 ? 'The cast could not be planned.' : `Failed: ${count} drafted.`;
  }
}

const STATES = {
  waiting: 'waiting',
  drafting: 'being drafted…',
  finished: 'drafted',
  cancelled: 'not drafted',
} as const;

function slotWords(slot: BoardSlot): string {
  const role = slot.role === '' ? '' : `, ${clip(slot.role, MAX_ROLE_IN_CHARACTERS)}`;
  const state =
    slot.state === 'failed' ? `failed: ${clip(slot.reason, MAX_REASON_IN_CHARACTERS)}` : STATES[slot.state];
  return `${slot.name}${role} — ${state}`;
}

function leafing({ castId }: BoardView, finishedCount: number): readonly Action[] {
  if (castId === undefined || finishedCount <= CARDS_PER_PAGE) return [];
  const options = { cast: castId, page: '2' };
  return [{ label: 'Page 2 ▸', command: 'npc cast', options, isInPlace: true }];
}

/** What failed can be tried again; each of several is named. */
function retries({ slots }: BoardView): readonly Action[] {
  const failed = slots.filter((slot) => slot.state === 'failed');
  return failed.flatMap(({ name, actions }) =>
    actions.map((action) =>
      failed.length === 1 ? action : { ...action, label: `${action.label}: ${name}` },
    ),
  );
}
