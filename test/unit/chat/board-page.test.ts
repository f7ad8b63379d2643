import { describe, expect, it } from 'vitest';
import { BoardPager, MOST_PAGE_ACTIONS } from '#src/chat/board-page.ts';
import type { Action, BoardSlot, BoardView } from '#src/core/view.ts';

const CANCEL: Action = { label: 'Cancel', command: 'stop', options: {} };

const open = (name: string, state: 'waiting' | 'drafting' | 'cancelled' = 'waiting'): BoardSlot => ({
  name,
  role: 'smuggler',
  state,
});
const finished = (name: string): BoardSlot => ({
  name,
  role: 'smuggler',
  state: 'finished',
  card: { name, subtitle: 'smuggler', badge: 'draft', sections: [] },
  actions: [{ label: 'Keep', command: 'npc keep', options: { npc: name } }],
});
const failed = (name: string, role = 'smuggler', reason = 'The model did not answer.'): BoardSlot => ({
  name,
  role,
  state: 'failed',
  reason,
  actions: [{ label: 'Try again', command: 'npc reroll', options: { npc: name } }],
});

function view(slots: readonly BoardSlot[], changes: Partial<BoardView> = {}): BoardView {
  return {
    castId: 'c1',
    title: '5 NPCs are being drafted',
    phase: 'drafting',
    slots,
    finishedCount: slots.filter(({ state }) => state === 'finished').length,
    timeLeftInMs: undefined,
    actions: [CANCEL],
    ...changes,
  };
}

const cards = (page: ReturnType<BoardPager['page']>) => page.cards.map(({ card }) => card.name);
const labels = (page: ReturnType<BoardPager['page']>) => page.actions.map(({ label }) => label);

describe('BoardPager', () => {
  it('says that the cast is being planned', () => {
    const planning = view([], { castId: undefined, phase: 'planning' });
    expect(new BoardPager().page(planning)).toEqual({
      title: '5 NPCs are being drafted',
      progress: 'Planning who they are…',
      slots: [],
      cards: [],
      actions: [CANCEL],
    });
  });

  it('shows every member with its state in words, and the cards there are', () => {
    const slots = [
      finished('Mira'),
      open('Bram', 'drafting'),
      open('Odo'),
      failed('Una'),
      open('Pell', 'cancelled'),
    ];
    const page = new BoardPager().page(view(slots, { timeLeftInMs: 11_400 }));
    expect(page.progress).toBe('Drafting: 1 of 5 done, about 12 seconds left.');
    expect(page.slots).toEqual([
      'Mira, smuggler — drafted',
      'Bram, smuggler — being drafted…',
      'Odo, smuggler — waiting',
      'Una, smuggler — failed: The model did not answer.',
      'Pell, smuggler — not drafted',
    ]);
    expect(cards(page)).toEqual(['Mira']);
    expect(page.cards[0]?.actions).toEqual([
      { label: 'Keep', command: 'npc keep', options: { npc: 'Mira' } },
    ]);
    expect(labels(page)).toEqual(['Cancel', 'Try again']);
  });

  it.each([
    [undefined, 'Drafting: 0 of 1 done.'],
    [0, 'Drafting: 0 of 1 done, any moment now.'],
    [1001, 'Drafting: 0 of 1 done, about 2 seconds left.'],
    [89_000, 'Drafting: 0 of 1 done, about 89 seconds left.'],
    [200_000, 'Drafting: 0 of 1 done, about 3 minutes left.'],
  ])('estimates what is left: %s', (timeLeftInMs, sentence) => {
    expect(new BoardPager().page(view([open('Mira')], { timeLeftInMs })).progress).toBe(sentence);
  });

  it('shows the three cards that were finished last while others are drafted', () => {
    const pager = new BoardPager();
    const names = ['Mira', 'Bram', 'Odo', 'Una', 'Pell'];
    const done = new Set<string>();
    const shownAfter = (name: string) => {
      done.add(name);
      return cards(pager.page(view(names.map((it) => (done.has(it) ? finished(it) : open(it, 'drafting'))))));
    };
    expect(shownAfter('Pell')).toEqual(['Pell']);
    expect(shownAfter('Bram')).toEqual(['Bram', 'Pell']);
    expect(shownAfter('Una')).toEqual(['Bram', 'Una', 'Pell']);
    expect(shownAfter('Mira')).toEqual(['Mira', 'Bram', 'Una']);
  });

  it('shows the first page when it is closed, with a button to leaf', () => {
    const pager = new BoardPager();
    const slots = ['Mira', 'Bram', 'Odo', 'Una'].map(finished);
    pager.page(view([open('Mira'), ...slots.slice(1)]));
    const page = pager.page(view(slots, { phase: 'finished', title: '4 NPCs', actions: [] }));
    expect(page.progress).toBe('✓ 4 of 4 drafted.');
    expect(page.slots).toEqual([]);
    expect(cards(page)).toEqual(['Mira', 'Bram', 'Odo']);
    expect(page.actions).toEqual([
      { label: 'Page 2 ▸', command: 'npc cast', options: { cast: 'c1', page: '2' }, isInPlace: true },
    ]);
  });

  it('offers no leafing where all are on one page, or nothing was stored', () => {
    const closed = { phase: 'finished', actions: [] } as const;
    const three = ['Mira', 'Bram', 'Odo'].map(finished);
    expect(new BoardPager().page(view(three, closed)).actions).toEqual([]);
    const four = [...three, finished('Una')];
    expect(new BoardPager().page(view(four, { ...closed, castId: undefined })).actions).toEqual([]);
  });

  it('names what is missing at the end, and offers to try it again', () => {
    const slots = [finished('Mira'), failed('Una'), failed('Pell'), open('Odo', 'cancelled')];
    const page = new BoardPager().page(view(slots, { phase: 'cancelled', actions: [] }));
    expect(page.progress).toBe('Stopped: 1 of 4 drafted.');
    expect(page.slots).toEqual([
      'Una, smuggler — failed: The model did not answer.',
      'Pell, smuggler — failed: The model did not answer.',
      'Odo, smuggler — not drafted',
    ]);
    expect(labels(page)).toEqual(['Try again: Una', 'Try again: Pell']);
  });

  it.each([
    ['finished', [finished('Mira'), failed('Una')], 'Done: 1 of 2 drafted.'],
    ['failed', [failed('Una')], 'Failed: 0 of 1 drafted.'],
    ['failed', [], 'The cast could not be planned.'],
    ['cancelled', [], 'Stopped before it was planned.'],
  ] as const)('says how it ended: %s', (phase, slots, sentence) => {
    expect(new BoardPager().page(view(slots, { phase })).progress).toBe(sentence);
  });

  it('keeps to what one message holds, however large the cast and long the words', () => {
    const long = 'very long words '.repeat(100);
    const slots = Array.from({ length: 20 }, (_, index): BoardSlot => {
      const name = `Mira ${index}`;
      return index < 10 ? finished(name) : failed(name, long, long);
    });
    for (const phase of ['drafting', 'finished'] as const) {
      const page = new BoardPager().page(view(slots, { phase }));
      expect(page.cards).toHaveLength(3);
      expect(page.actions).toHaveLength(MOST_PAGE_ACTIONS);
      expect(page.slots.join('\n').length).toBeLessThan(20 * 160);
    }
  });
});
