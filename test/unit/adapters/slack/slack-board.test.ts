import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SlackBoard } from '#src/adapters/slack/slack-board.ts';
import type { BoardView, CardView } from '#src/core/view.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam } from './open-team.ts';

let open: OpenTeam;
let mira: SlackPerson;
let tavern: Channel;
beforeEach(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira] });
});
afterEach(() => open[Symbol.asyncDispose]());

const card: CardView = { name: 'Hroon', subtitle: 'ogre', badge: 'draft', sections: [] };
const view = (phase: BoardView['phase'], finishedCount: number): BoardView => ({
  castId: 'c1',
  title: 'A toll gate',
  phase,
  finishedCount,
  timeLeftInMs: undefined,
  actions: [],
  slots: [
    finishedCount > 0
      ? { name: 'Hroon', role: 'ogre', state: 'finished', card, actions: [] }
      : { name: 'Hroon', role: 'ogre', state: 'drafting' },
  ],
});

async function opened(): Promise<SlackBoard> {
  const board = new SlackBoard({
    team: open.team,
    channel: tavern.id,
    codesFor: async () => () => 'code',
    post: (message) => open.team.api.post({ ...message, channel: tavern.id, threadTs: undefined }),
  });
  await board.open(view('drafting', 0));
  return board;
}
const shown = () => mira.sees(tavern).map(({ text }) => text);

describe('a board', () => {
  it('is one message that shows the newest state, at the latest at its end', async () => {
    const board = await opened();
    expect(shown()).toEqual([expect.stringContaining('Hroon, ogre — being drafted')]);
    board.update(view('drafting', 0));
    board.update(view('drafting', 1));
    await board.close(view('finished', 1));
    expect(shown()).toEqual([expect.stringContaining('1 of 1 drafted')]);
    expect(open.slack.journal.violations).toEqual([]);
  });

  it('that somebody deleted is posted anew at its end', async () => {
    const board = await opened();
    await open.team.api.remove(tavern.id, mira.sees(tavern)[0]?.ts ?? '');
    board.update(view('drafting', 1));
    await board.close(view('finished', 1));
    expect(shown()).toEqual([expect.stringContaining('1 of 1 drafted')]);
  });
});
