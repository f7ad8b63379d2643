import { mayRun } from '#src/core/command.ts';
import { type Block, notice } from '#src/core/view.ts';
import { defineCommand } from './command.ts';
import { shown, timeText } from './notices.ts';

/** So much is shown at once: what is longer no platform shows well. */
const ITEMS_SHOWN = 5;

export const waiting = defineCommand({
  name: 'waiting',
  summary: 'What waits for you, and for the game master: for your eyes only',
  permission: 'player',
  answers: 'asker',
  example: '/waiting',
  options: {},
  async run({ store, stage, showAsker, person }) {
    const all = await store.waiting.list(person.id);
    // Whoever led once and leads no more reads none of it.
    const items = all.filter((item) => mayRun({ ...person, isManager: false }, item));
    if (items.length === 0) {
      await stage.tell(notice('hint', 'Nothing waits for you.'), 'asker');
      return;
    }
    const now = items.slice(0, ITEMS_SHOWN);
    const blocks = now.flatMap(({ notice: { blocks: own }, sinceInMs }): readonly Block[] => [
      { kind: 'heading', text: timeText(sinceInMs) },
      ...own,
    ]);
    const left = items.length - now.length;
    const more = { label: 'More', command: 'waiting', options: {} };
    const isShown = await showAsker(
      shown(left === 0 ? blocks : [...blocks, { kind: 'text', text: `${left} more: /waiting again.` }], [
        ...now.flatMap((item) => item.notice.actions),
        ...(left === 0 ? [] : [more]),
      ]),
    );
    if (isShown)
      await store.waiting.seen(
        person.id,
        now.map(({ id }) => id),
      );
    else await stage.tell(notice('hint', UNREACHABLE), 'everyone');
  },
});

const UNREACHABLE =
  'What waits is for one person alone, and cannot be shown to them alone here any more. /waiting shows it, typed anew.';
