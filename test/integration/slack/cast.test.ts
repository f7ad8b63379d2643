import { describe, expect, it } from 'vitest';
import { judged, openGame, type SlackGame, SPOTLESS } from '../../support/slack/slack-game.ts';
import { labelsOf } from '../../support/slack/submissions.ts';

/** The board of the newest cast, once it is closed. */
async function drafted({ slack, gm, tavern }: SlackGame, count: number) {
  const isBoard = (text: string) => text.startsWith(`${count} NPCs`) && text.includes(`${count} drafted`);
  await slack.until(() => gm.sees(tavern).some(({ text }) => isBoard(text)), `a cast of ${count}`);
  const board = gm.sees(tavern).findLast(({ text }) => isBoard(text));
  if (board === undefined) throw new Error('no board');
  return board;
}

/** Waits until a command has shown its answer, behind which everything before it stands. */
async function answered({ slack, gm, tavern }: SlackGame, act: () => Promise<unknown>): Promise<void> {
  const before = gm.sees(tavern).length;
  await act();
  await slack.until(() => gm.sees(tavern).length > before, 'an answer');
}

/** Names of those whose cards stand on a page: what is written large, but for the title. */
function namesOn(board: { readonly message: { readonly wording: { readonly blocks: readonly unknown[] } } }) {
  return board.message.wording.blocks
    .filter(isHeader)
    .map(({ text }) => text.text)
    .slice(1);
}

function isHeader(block: unknown): block is { readonly text: { readonly text: string } } {
  return typeof block === 'object' && block !== null && 'type' in block && block.type === 'header';
}

/** What a transport could spoil is played over both. */
const BOTH = ['socket', 'http'] as const;

describe.concurrent('a cast in the channel', () => {
  it('shows progress at once, then card by card, for everybody', async () => {
    await using game = await openGame();
    const { slack, gm, mira, tavern, model } = game;
    const plan = Promise.withResolvers<void>();
    const drafts = [0, 1, 2].map(() => Promise.withResolvers<void>());
    let begun = 0;
    model.script(async (request) => {
      const isPlan = JSON.stringify(request.response_format).includes('"members"');
      const gate = isPlan ? plan : drafts[begun];
      if (!isPlan) begun += 1;
      await gate?.promise;
      return {};
    });
    const asked = 'generate count:3 prompt:smugglers of the salt docks';
    const { answer, tookInMs } = await gm.slash(tavern, '/npc', asked);
    expect([answer?.isOk, tookInMs < 3000]).toEqual([true, true]);
    const first = await game.sees(mira, tavern, ({ text }) => text.includes('Planning'), 'the board');
    plan.resolve();
    const shows = (text: string) =>
      game.sees(mira, tavern, (seen) => seen.ts === first.ts && seen.text.includes(text), text);
    await shows('0 of 3 done');
    drafts[1]?.resolve();
    const one = await shows('1 of 3 done');
    expect(one.text).toContain('being drafted…');
    expect(one.buttons.filter((label) => label === 'Keep')).toHaveLength(1);
    drafts[0]?.resolve();
    await shows('2 of 3 done');
    drafts[2]?.resolve();
    const board = await drafted(game, 3);
    expect(board.ts).toBe(first.ts);
    expect(board.buttons.filter((label) => label === 'Keep')).toHaveLength(3);
    expect(namesOn(board)).toHaveLength(3);
    // What the game master asked for is hidden text, and a secret even more so.
    expect(mira.everSaw).not.toContain('salt docks');
    expect(mira.everSaw).not.toMatch(/secret/i);
    expect(slack.journal.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('has buttons that keep, bring on, change, draft anew and discard, for the game master alone', async () => {
    await using game = await openGame();
    const { slack, gm, mira, tom, tavern } = game;
    await gm.slash(tavern, '/npc', 'generate count:3 prompt:smugglers');
    const board = await drafted(game, 3);
    const [first = ''] = namesOn(board);

    await mira.presses(board, 'Keep');
    const refusal = await game.sees(mira, tavern, ({ text }) => text.includes('game master'), 'a refusal');
    expect(refusal.isEphemeral).toBe(true);
    expect(tom.sees(tavern).map(({ ts }) => ts)).not.toContain(refusal.ts);

    await gm.presses(board, 'Keep');
    await game.sees(
      gm,
      tavern,
      ({ text }) => text.includes(`${first} is kept`) || /kept/.test(text),
      'it is kept',
    );
    const now = () => gm.sees(tavern).find(({ ts }) => ts === board.ts);
    await slack.until(
      () => now()?.buttons.filter((label) => label === 'Keep').length === 2,
      'the page shows that it is kept',
    );

    await gm.presses(board, 'Lock');
    const showsFields = ({ buttons }: { readonly buttons: readonly string[] }) =>
      buttons.includes('Lock voice');
    const locks = await game.sees(gm, tavern, showsFields, 'the fields to lock');
    await gm.presses(locks, 'Lock voice');
    const locked = await game.sees(
      gm,
      tavern,
      ({ text }) => text.includes(`The voice of ${first} is locked`),
      'it is locked',
    );
    expect(locked.buttons).toContain('Unlock voice');
    expect(gm.sees(tavern).filter(showsFields)).toEqual([]);

    await gm.presses(board, 'Talk');
    const greeting = await game.sees(
      mira,
      tavern,
      ({ from }) => from === first,
      'a greeting under its own name',
    );
    expect(greeting.text.length).toBeGreaterThan(5);

    await gm.presses(board, 'Edit');
    const fields = await game.sees(
      gm,
      tavern,
      ({ buttons }) => buttons.includes('Change goals'),
      'the fields',
    );
    expect(fields.isEphemeral).toBe(true);
    await gm.presses(fields, 'Change goals');
    await slack.until(() => gm.modal !== undefined, 'a form');
    const form = gm.modal;
    if (form === undefined) throw new Error('no form');
    expect(labelsOf(form)).toHaveLength(1);
    const [label = ''] = labelsOf(form);
    await gm.submits(form, { [label]: 'buy back the ferry' });
    await game.sees(gm, tavern, ({ text }) => text.includes('buy back the ferry'), 'the change');
    expect(mira.everSaw).not.toContain('buy back the ferry');
    await gm.presses(fields, 'Change looks');
    await slack.until(() => gm.modal !== undefined, 'another form');
    if (gm.modal === undefined) throw new Error('no form');
    await gm.submits(gm.modal, { Looks: 'a hat of tin' });
    await slack.until(() => now()?.text.includes('a hat of tin') === true, 'its card shows the change');
    expect(mira.sees(tavern).filter(({ text }) => text.includes('a hat of tin'))).toHaveLength(1);
    // A form that is sent twice is one change: beside the other one.
    await gm.submits(form, { [label]: 'buy back the ferry' });
    await gm.slash(tavern, '/npc', `history ${first}`);
    const history = await game.sees(gm, tavern, ({ text }) => text.includes('edited'), 'the versions');
    expect(history.text.match(/edited/g)).toHaveLength(2);

    await gm.presses(board, 'Reroll');
    await game.sees(
      gm,
      tavern,
      ({ text, ts }) => ts > history.ts && text.includes(first),
      'it is drafted anew',
    );
    await gm.presses(board, 'Discard');
    await game.sees(gm, tavern, ({ text }) => /discarded/.test(text), 'it is discarded');
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(BOTH)('pages twenty cards, and its buttons work after a restart (%s)', async (transport) => {
    await using game = await openGame({ transport });
    const { gm, mira, tavern, slack } = game;
    await gm.slash(tavern, '/npc', 'generate count:20 prompt:a harbour');
    const board = await drafted(game, 20);
    expect(namesOn(board)).toHaveLength(3);
    expect(board.buttons).toContain('Page 2 ▸');
    await game.leave();
    await game.start();

    const seen = new Set(namesOn(board));
    await gm.presses(board, 'Page 2 ▸');
    const now = () => gm.sees(tavern).find(({ ts }) => ts === board.ts);
    for (let page = 2; page <= 7; page += 1) {
      await slack.until(() => now()?.text.includes(`page ${page} of 7`) === true, `page ${page}`);
      const current = now();
      if (current === undefined) throw new Error('the board is gone');
      for (const name of namesOn(current)) seen.add(name);
      if (page < 7) await gm.presses(current, `Page ${page + 1} ▸`);
    }
    expect(seen.size).toBe(20);
    const last = now();
    if (last === undefined) throw new Error('the board is gone');
    const name = namesOn(last)[0] ?? '';
    await gm.presses(last, 'Talk');
    await game.sees(mira, tavern, ({ from }) => from === name, 'a greeting');
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it.each(BOTH)(
    'asks for what it lacks in a form, where the command is typed alone (%s)',
    async (transport) => {
      await using game = await openGame({ transport });
      const { gm, tavern, slack, mira } = game;
      await gm.slash(tavern, '/npc', 'generate');
      await slack.until(() => gm.modal !== undefined, 'a form');
      const form = gm.modal;
      if (form === undefined) throw new Error('no form');
      const labels = labelsOf(form);
      const prompt = labels.find((label) => /prompt/i.test(label)) ?? '';
      const count = labels.find((label) => /count/i.test(label)) ?? '';
      await expect(gm.submits(form, { [prompt]: '' })).rejects.toThrow(/is empty/);
      const filled = { [prompt]: 'gravediggers', [count]: '2' };
      // Sent twice, it is asked for once.
      await Promise.all([gm.submits(form, filled), gm.submits(form, filled)]);
      await drafted(game, 2);
      await answered(game, () => gm.slash(tavern, '/npc', 'list'));
      expect(gm.sees(tavern).filter(({ text }) => text.startsWith('2 NPCs'))).toHaveLength(1);

      await mira.slash(tavern, '/npc', 'generate');
      await game.sees(mira, tavern, ({ text }) => text.includes('game master'), 'a refusal');
      expect(mira.modal).toBeUndefined();
      expect(judged(game)).toEqual(SPOTLESS);
    },
  );

  it('can be stopped while it is drafted, and what is missing tried again', async () => {
    await using game = await openGame();
    const { gm, tavern, model } = game;
    model.script((request) =>
      JSON.stringify(request.response_format).includes('"members"') ? {} : { stallAfter: 'nothing' },
    );
    await gm.slash(tavern, '/npc', 'generate count:3 prompt:smugglers');
    const board = await game.sees(gm, tavern, ({ text }) => text.includes('0 of 3 done'), 'the board');
    await gm.presses(board, 'Cancel');
    const stopped = await game.sees(
      gm,
      tavern,
      ({ text }) => text.includes('Stopped: 0 of 3'),
      'it is stopped',
    );
    expect(stopped.ts).toBe(board.ts);
    expect(judged(game)).toEqual(SPOTLESS);
  });
});
