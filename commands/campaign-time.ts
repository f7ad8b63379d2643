import { shown } from '#src/core/command-options.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Action, Notice } from '#src/core/view.ts';
import { notice } from '#src/core/view.ts';
import { partOfDay, type WorldMinute, worldClockText, worldDayOf } from '#src/core/world-time.ts';
import { readLater, readWorldTime, saysHowMuchLater } from '#src/memory/world-time-syntax.ts';
import { defineCommand } from './command.ts';
import { good } from './notices.ts';

export const MAX_TIME_IN_CHARACTERS = 60;
const STANDS_STILL = 'It stands still while people talk, until you move it.';
const MOVES: readonly Action[] = [
  { label: 'An hour later', command: 'campaign time', options: { later: '1 hour' } },
  { label: 'Next morning', command: 'campaign time', options: { later: 'next morning' } },
];

export const campaignTime = defineCommand({
  name: 'campaign time',
  summary: 'What time it is in the world: tell it, set it, move it on',
  permission: 'gm',
  answers: 'asker',
  example: '/campaign time set:day 3, evening',
  options: {
    set: {
      kind: 'text',
      description: 'The time from now on, also an earlier one: day 3, evening; day 3 18:30; midnight',
      maxLength: MAX_TIME_IN_CHARACTERS,
      required: false,
    },
    later: {
      kind: 'text',
      description: 'How much time passes: 8 hours; 2 days; next morning',
      maxLength: MAX_TIME_IN_CHARACTERS,
      required: false,
    },
    clear: { kind: 'flag', description: 'Keep no in-world time any more', required: false },
  },
  async run({ store, stage }, { set: typed, later, clear: isToClear = false }) {
    // "/campaign time clear": what is typed without a name is the first option.
    const isTheWord = typed?.toLowerCase() === 'clear';
    const [set, clear] = isTheWord ? [undefined, true] : [typed, isToClear];
    if ([set !== undefined, later !== undefined, clear].filter(Boolean).length > 1)
      throw new Refusal('Give one of set, later and clear. /campaign time alone tells what time it is.');
    if (clear) {
      await store.time.change(() => undefined);
      return stage.tell(good('No in-world time is kept. What was said keeps the time that it had.'), 'asker');
    }
    if (set === undefined && later === undefined) {
      const { worldMinute } = await store.time.now();
      return stage.tell(told(worldMinute), 'asker');
    }
    const change = await store.time.change((now) =>
      later === undefined ? timeToSet(set ?? '', now) : readLater(later, keptTime(now)),
    );
    return stage.tell(moved(change), 'asker');
  },
});

/** @throws Refusal where it cannot be read; where it says how much later, that is said. */
function timeToSet(typed: string, now: WorldMinute | undefined): WorldMinute {
  try {
    return readWorldTime(typed, now);
  } catch (error) {
    if (!(error instanceof Refusal) || !saysHowMuchLater(typed)) throw error;
    throw new Refusal(
      `“${shown(typed)}” is a time to move on to: /campaign time later:${shown(typed)} does that.`,
      { cause: error },
    );
  }
}

/** @throws Refusal where none is kept. */
export function keptTime(now: WorldMinute | undefined): WorldMinute {
  if (now !== undefined) return now;
  throw new Refusal('No in-world time is kept yet. /campaign time set:day 1, morning begins to.');
}

function told(now: WorldMinute | undefined): Notice {
  if (now !== undefined) return good(`It is ${exactly(now)}. ${STANDS_STILL}`, [], MOVES);
  return notice(
    'hint',
    'No in-world time is kept, so “last night” means the evening of play before. /campaign time set:day 1, morning begins to keep it.',
  );
}

function moved({
  before,
  after,
}: {
  readonly before: WorldMinute | undefined;
  readonly after: WorldMinute | undefined;
}): Notice {
  if (after === undefined) return told(after);
  const now = `It is ${exactly(after)}.`;
  if (before === undefined)
    return good(`${now} ${STANDS_STILL} What was said before has no in-world time.`, [], MOVES);
  if (after >= before) return good(`${now} ${STANDS_STILL}`, [], MOVES);
  const back = `That is before ${exactly(before)}, where you were: what is said from now on was said then, and nobody forgets what was said since.`;
  return good(`${now} ${back} ${STANDS_STILL}`, [], MOVES);
}

/** "day 3, 18:30 (evening)". */
function exactly(time: WorldMinute): string {
  return `day ${worldDayOf(time)}, ${worldClockText(time)} (${partOfDay(time)})`;
}
