import { describe, expect, it } from 'vitest';
import { actionsOnPage, boardMessage } from '#src/adapters/discord/board-message.ts';
import { BoardPager } from '#src/chat/board-page.ts';
import type { Action, BoardSlot, BoardView } from '#src/core/view.ts';
import { expectWithinLimits, labelsOf, textOf } from './components.ts';

const codeOf = ({ command, options }: Action) => JSON.stringify([command, options]).slice(0, 100);

const WORDS = ['keep', 'reroll', 'edit', 'discard', 'talk', 'show', 'lock', 'history', 'restore', 'deepen'];

function view(count: number, finished: number, text = 'Weathered.', buttons = 6): BoardView {
  const slots = Array.from({ length: count }, (_, index): BoardSlot => {
    const name = `Npc *${index}*`;
    const actions = WORDS.slice(0, buttons).map((word) => ({
      label: word,
      command: `npc ${word}`,
      options: { npc: name },
    }));
    if (index >= finished) return { name, role: 'smuggler '.repeat(20), state: 'drafting' };
    const card = {
      name,
      subtitle: 'a smuggler',
      badge: 'draft',
      sections: [{ label: 'Looks', items: [text], isHidden: false }],
    };
    return { name, role: 'smuggler', state: 'finished', card, actions };
  });
  return {
    castId: 'c1',
    title: 'Smugglers of the @everyone docks',
    phase: finished === count ? 'finished' : 'drafting',
    slots,
    finishedCount: finished,
    timeLeftInMs: 20_000,
    actions: [{ label: 'Cancel', command: 'stop', options: {} }],
  };
}

describe('a board', () => {
  it('shows every member with its state, and the cards that are finished', () => {
    const page = new BoardPager().page(view(3, 1));
    const message = boardMessage(page, codeOf);
    expect(textOf(message)).toContain('### Smugglers of the \\@everyone docks');
    expect(textOf(message)).toContain('-# Npc \\*1\\*, smuggler');
    expect(textOf(message)).toContain('### Npc \\*0\\* · draft');
    expect(labelsOf(message)).toEqual(['keep', 'reroll', 'edit', 'discard', 'talk', 'show', 'Cancel']);
    // Below all cards, and in none of them.
    expect(message.at(-1)).toMatchObject({ type: 1, components: [{ label: 'Cancel' }] });
    expect(actionsOnPage(page)).toHaveLength(7);
  });

  it.each([
    [20, 0],
    [20, 12],
    [20, 20],
    [1, 1],
  ])('of %i members, %i finished, is one message within every limit', (count, finished) => {
    const pager = new BoardPager();
    const crowded = boardMessage(pager.page(view(count, finished, 'Short.', WORDS.length)), codeOf);
    expectWithinLimits(crowded);
    expect(labelsOf(crowded.slice(-1))[0]).toBe('Cancel');
    expect(labelsOf(crowded).filter((label) => label === 'keep')).toHaveLength(Math.min(3, finished));
    for (const text of ['Short.', 'A very long look at somebody. '.repeat(200), '*'.repeat(4000)]) {
      const message = boardMessage(pager.page(view(count, finished, text)), codeOf);
      expectWithinLimits(message);
      expect(labelsOf(message).filter((label) => label === 'keep')).toHaveLength(Math.min(3, finished));
    }
  });
});
