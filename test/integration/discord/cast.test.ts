import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Evening } from '../../support/discord/evening.ts';
import type { SeenMessage } from '../../support/discord/interacted.ts';

let evening: Evening;
beforeEach(async () => {
  evening = await Evening.begin();
});
afterEach(() => evening.end());

const hasCards = ({ buttons }: SeenMessage) => buttons.includes('Keep');
const DONE = /✓ \d+ of \d+ drafted/u;

/** Has a cast drafted and gives back its message once it is whole, with the names in the order of the cards. */
async function cast(count: number) {
  const { owner, tavern } = evening;
  const asked = owner.slash(tavern, 'npc generate', { count, prompt: 'smugglers of the salt docks' });
  const board = await owner.waitFor(
    tavern,
    (seen) => DONE.test(seen.text) && hasCards(seen),
    'the finished cast',
  );
  return { asked, board, names: namesOn(board) };
}

/** The names at the heads of the cards. */
function namesOn({ text }: SeenMessage): readonly string[] {
  return [...text.matchAll(/^#{1,3} (.+?)(?: ·.*)?$/gmu)]
    .map(([, name = '']) => name.replaceAll('\\', ''))
    .slice(1);
}

describe('a cast', () => {
  it('shows at once that it is under way, then card by card, in one message', async () => {
    const { discord, owner, tavern } = evening;
    let drafts = 0;
    evening.model.script((request) => {
      if (!JSON.stringify(request.response_format ?? {}).includes('members')) drafts += 1;
      return { delayInMs: drafts * 400 };
    });
    const { asked, board, names } = await cast(3);
    expect((await asked.acknowledged()).afterInMs).toBeLessThan(3000);
    expect(names).toHaveLength(3);
    const record = discord.world.message(tavern.id, board.id);
    const texts = [record.firstText, ...record.edits.map(({ text }) => text)];
    expect(texts.some((text) => /[12] of 3 done/u.test(text))).toBe(true);
    expect(texts.at(-1)).toContain('✓ 3 of 3 drafted');
    // No edit that changed nothing.
    expect(new Set(texts).size).toBe(texts.length);
    expect(owner.sees(tavern).filter(hasCards)).toHaveLength(1);
  });

  it('is kept, rerolled, edited in a modal, discarded and talked to by its buttons', async () => {
    const { owner, tavern } = evening;
    const { board, names } = await cast(3);
    const [one = '', two = '', three = ''] = names;
    const kept = await owner.presses(tavern, board, 'Keep', one).aside();
    expect(kept.text).toContain(`${one} is kept`);
    expect((await owner.presses(tavern, board, 'Discard', two).aside()).text).toContain(
      `${two} is discarded`,
    );
    // The message that the buttons stand on shows what became of them.
    const now = owner.sees(tavern).find(({ id }) => id === board.id);
    expect(now?.text).toMatch(new RegExp(`${one} · kept[^]*${two} · discarded`, 'u'));
    expect(now?.buttons.filter((label) => label === 'Keep')).toHaveLength(1);
    expect(now?.buttons).toContain('Restore');

    const fields = await owner.presses(tavern, board, 'Edit', three).aside();
    const change = owner.presses(tavern, fields, 'Change goals');
    const modal = await change.modal();
    expect(Object.keys(modal.fields)).toEqual(['Goals']);
    expect(modal.fields.Goals).not.toBe('');
    const edited = await modal.submits({ Goals: 'see the sea once' }).answer();
    expect(edited.text).toContain('goals are changed');
    expect((await owner.slash(tavern, 'npc show', { npc: three }).answer()).text).toContain(
      'see the sea once',
    );
    // What everybody may see of it stands on its card, also after a second change and when that is undone.
    const onPage = () => owner.sees(tavern).find(({ id }) => id === board.id)?.text ?? '';
    for (const looks of ['a beard of moss', 'a hat of tin']) {
      const form = await owner.presses(tavern, fields, 'Change looks').modal();
      const changed = await form.submits({ Looks: looks }).answer();
      expect(changed.text).not.toContain('/npc cast');
      await vi.waitFor(() => expect(onPage()).toContain(looks));
      if (looks !== 'a hat of tin') continue;
      await owner.presses(tavern, changed, 'Undo').answer();
      await vi.waitFor(() => expect(onPage()).toContain('a beard of moss'));
    }
    expect(onPage()).not.toContain('see the sea once');
    expect(evening.mira.sees(tavern).filter(hasCards)).toHaveLength(1);

    owner.presses(tavern, board, 'Reroll', three);
    await owner.waitFor(
      tavern,
      ({ text, isEphemeral }) => isEphemeral && text.includes(`${three} is drafted again`),
      'the new draft',
    );
    owner.presses(tavern, board, 'Talk', one);
    await evening.hears(one, /./u);
  });

  it('is the game master’s alone: players press in vain', async () => {
    const { mira, owner, tavern } = evening;
    const { board, names } = await cast(1);
    const refused = await mira.presses(tavern, board, 'Discard', names[0]).aside();
    expect(refused).toMatchObject({ text: expect.stringContaining('game master'), isEphemeral: true });
    expect(mira.sees(tavern).map(({ id }) => id)).toContain(board.id);
    expect((await owner.slash(tavern, 'npc list').answer()).text).toContain(names[0]);
  });

  it('stays within every limit with 20 cards, page by page', { timeout: 180_000 }, async () => {
    const { discord, owner, tavern } = evening;
    const { board } = await cast(20);
    const seen = new Set(namesOn(board));
    for (let page = 2; page <= 7; page += 1) {
      await owner.presses(tavern, board, `Page ${page} ▸`).acknowledged();
      const leafed = await owner.waitFor(
        tavern,
        ({ id, text }) => id === board.id && text.includes(`page ${page} of 7`),
        `page ${page}`,
      );
      for (const name of namesOn(leafed)) seen.add(name);
    }
    expect(seen.size).toBe(20);
    // Leafing changes the message that it was pressed on.
    expect(owner.sees(tavern).filter(hasCards)).toHaveLength(1);
    expect(discord.findings.violations).toEqual([]);
  });

  it('still has its buttons after a restart, and after the token has expired', async () => {
    const { owner, tavern } = evening;
    const { asked, board, names } = await cast(3);
    asked.expires();
    const [one = '', two = ''] = names;
    expect((await owner.presses(tavern, board, 'Keep', one).aside()).text).toContain(`${one} is kept`);
    await evening.restart();
    expect((await owner.presses(tavern, board, 'Keep', two).aside()).text).toContain(`${two} is kept`);
    owner.presses(tavern, board, 'Talk', two);
    await evening.hears(two, /./u);
  });

  it('is finished in the channel though its drafting outlives the token', async () => {
    const { discord, owner, tavern } = evening;
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    evening.model.script(async () => {
      asked += 1;
      if (asked > 1) await gate.promise;
      return {};
    });
    owner.slash(tavern, 'npc generate', { count: 2, prompt: 'night watch' });
    await owner.waitFor(tavern, ({ text }) => /0 of 2 done/u.test(text), 'the drafting');
    discord.clock.advance(16 * 60_000);
    gate.resolve();
    const board = await owner.waitFor(
      tavern,
      (seen) => DONE.test(seen.text) && hasCards(seen),
      'the finished cast',
    );
    expect((await owner.presses(tavern, board, 'Keep', namesOn(board)[0]).aside()).text).toContain('is kept');
  });

  it('is cancelled by its button, and says so', async () => {
    const { owner, tavern } = evening;
    evening.model.script((request) =>
      JSON.stringify(request.response_format ?? {}).includes('members') ? {} : { stallAfter: 'nothing' },
    );
    owner.slash(tavern, 'npc generate', { count: 3, prompt: 'night watch' });
    const board = await owner.waitFor(
      tavern,
      ({ text, buttons }) => /0 of 3 done/u.test(text) && buttons.includes('Cancel'),
      'the drafting',
    );
    owner.presses(tavern, board, 'Cancel');
    await owner.waitFor(tavern, ({ text }) => text.includes('Stopped: 0 of 3 drafted'), 'the end');
  });
});
