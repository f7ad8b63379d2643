import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newLine } from '../../contract/store-samples.ts';
import { frontOf, player } from '../../support/front.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { openTable, type Table } from '../../support/table.ts';

const STILL = 'It stands still while people talk, until you move it.';
let table: Table;
let desk: ReturnType<typeof frontOf>;

beforeEach(async () => {
  table = await openTable();
  desk = frontOf(table, { model: new ScriptedModel([]), adminIds: ['admin'] });
});
afterEach(async () => {
  expect(desk.faults).toEqual([]);
  await table.close();
});

const time = (options: Readonly<Record<string, string>> = {}) => desk.run('campaign time', options);

describe('/campaign time', () => {
  it('is set, moved on, told and cleared, and whoever asked is answered', async () => {
    expect(await time()).toMatch(/^No in-world time is kept, .*\/campaign time set:day 1, morning/u);
    expect(await time({ set: 'day 3, evening' })).toBe(
      `It is day 3, 18:00 (evening). ${STILL} What was said before has no in-world time.`,
    );
    expect(await time({ later: '8 hours' })).toBe(`It is day 4, 02:00 (before dawn). ${STILL}`);
    expect(await time({ later: 'next morning' })).toBe(`It is day 4, 08:00 (morning). ${STILL}`);
    expect(await time()).toBe(`It is day 4, 08:00 (morning). ${STILL}`);
    expect((await table.campaign.time.now()).worldMinute).toBe((4 * 24 + 8) * 60);
    expect(await desk.run('campaign show')).toMatch(/In-world time.*day 4, morning/u);
    expect(table.stage.notices.every(({ audience }) => audience === 'asker')).toBe(true);
    expect(await time({ clear: 'true' })).toMatch(/^No in-world time is kept\. What was said keeps/u);
    expect((await table.campaign.time.now()).worldMinute).toBeUndefined();
    expect(await desk.run('campaign show')).not.toContain('In-world');
  });

  it('goes back for a flashback, and says so', async () => {
    await time({ set: 'day 5, 08:30' });
    expect(await time({ set: 'day -2, night' })).toBe(
      `It is day -2, 21:00 (night). That is before day 5, 08:30 (morning), where you were: what is said from now on was said then, and nobody forgets what was said since. ${STILL}`,
    );
  });

  it('offers what moves it on', async () => {
    await time({ set: 'noon' });
    const actions = table.stage.notices.at(-1)?.notice.actions ?? [];
    expect(actions.map(({ label }) => label)).toEqual(['An hour later', 'Next morning']);
    for (const { command, options = {} } of actions) await desk.run(command, options);
    expect(await time()).toContain('day 2, 08:00');
  });

  it('takes the word alone for what it says', async () => {
    await time({ set: 'day 12, 18.30' });
    expect(await time()).toContain('day 12, 18:30 (evening)');
    expect(await time({ set: 'next morning' })).toBe(
      '“next morning” is a time to move on to: /campaign time later:next morning does that.',
    );
    expect(await time({ set: '8 hours' })).toContain('/campaign time later:8 hours');
    expect(await time({ set: 'Clear', later: '8 hours' })).toMatch(/^Give one of/u);
    expect(await time()).toContain('day 12, 18:30');
    expect(await time({ set: 'Clear' })).toMatch(/^No in-world time is kept\./u);
    expect((await table.campaign.time.now()).worldMinute).toBeUndefined();
  });

  it('changes nothing where it cannot be read, or is not kept yet', async () => {
    expect(await time({ later: '8 hours' })).toMatch(/^No in-world time is kept yet\. .*set:day 1, morning/u);
    await time({ set: 'day 3, evening' });
    expect(await time({ set: 'soon' })).toMatch(/^“soon” is no time that I can read\./u);
    expect(await time({ later: 'soon' })).toMatch(/^“soon” does not say how much later\./u);
    expect(await time({ later: 'next fortnight' })).toMatch(/does not say how much later/u);
    expect(await time({ set: 'noon', later: '8 hours' })).toMatch(/^Give one of set, later and clear\./u);
    expect(await time({ set: 'noon', clear: 'true' })).toMatch(/^Give one of/u);
    expect(await time()).toContain('day 3, 18:00');
  });

  it('is the game master’s', async () => {
    expect(await desk.run('campaign time', {}, player)).toMatch(/for the game master/u);
    expect(await desk.run('campaign time', { set: 'noon' }, player)).toMatch(/for the game master/u);
    expect((await table.campaign.time.now()).worldMinute).toBeUndefined();
  });
});

describe('what is remembered', () => {
  it('is shown with the in-world time at which it was said', async () => {
    await table.addNpc('Hroon');
    const scene = await table.campaign.scenes.open('table');
    const say = async (id: string, text: string) =>
      table.campaign.lines.append(newLine(id, scene.id, { text, witnesses: ['npc-1'] }));
    await say('old', 'Nobody counted the days.');
    await time({ set: 'day 2, night' });
    await say('bell', 'The bell rang twice.');
    await time({ later: 'next morning' });
    const npc = 'Hroon';
    const words = { npc, memory: 'bell' };
    expect(await desk.run('memory list', { npc })).toMatch(/The bell rang twice\. — day 2, night \(2\d{3}-/u);
    expect(await desk.run('memory list', { npc })).toMatch(/counted the days\. — 2\d{3}-/u);
    expect(await desk.run('memory show', words)).toMatch(/When.*day 2, night \(2\d{3}-.*\), played day 1/u);
    expect(await desk.run('memory timeline', { npc })).toMatch(
      /^\d{4}-\d\d-\d\d \(played day 1\)\n\d\d:\d\d · Wren: Nobody .*\nDay 2\nnight · Wren: The bell rang twice\. · [a-z]{5}/u,
    );
    const lastNight = { npc, query: 'What was heard last night?' };
    const recalled = await desk.run('memory recall', { ...lastNight, why: 'true' });
    expect(recalled).toMatch(/The bell rang twice\. — day 2, night \(.*last night \(day 2, night\)/u);
    expect(await desk.run('memory recall', { query: 'What was heard last night?' })).toMatch(
      /^Hroon knows of it\.\nWren: The bell rang twice\./u,
    );
    expect(recalled).not.toContain('Nobody counted');
    await desk.run('memory edit', { ...words, text: 'The bell rang thrice.' });
    expect(await desk.run('memory show', words)).toMatch(/When.*day 2, night \(/u);
  });

  it('is told day by day of the world, also what was of an earlier day', async () => {
    await table.addNpc('Hroon');
    const scene = await table.campaign.scenes.open('table');
    const say = async (id: string) =>
      table.campaign.lines.append(newLine(id, scene.id, { text: id, witnesses: ['npc-1'] }));
    const word = { npc: 'Hroon', text: 'The bell is cracked.', when: 'day 1, evening' };
    expect(await desk.run('memory add', word)).toMatch(/^No in-world time is kept yet\./u);
    await time({ set: 'day 2, evening' });
    await say('Second.');
    await time({ set: 'day 1, noon' });
    await say('First.');
    await desk.run('memory add', word);
    expect(await desk.run('memory timeline', { npc: 'Hroon' })).toMatch(
      /^Day 1\nnoon · Wren: First\. · [a-z]{5}\nevening · GM’s word: The bell is cracked\. · [a-z]{5}\nDay 2\nevening · Wren: Second\. · [a-z]{5}$/u,
    );
    await time({ set: 'day 3, noon' });
    await desk.run('memory add', { ...word, text: 'It rang.', when: 'last night' });
    expect(await desk.run('memory timeline', { npc: 'Hroon' })).toMatch(
      /^Day 2\nevening · Wren: Second\..*\nnight · GM’s word: It rang\./mu,
    );
    expect(await desk.run('memory add', { ...word, text: 'It rings.', when: 'soon' })).toMatch(/^“soon” is/u);
    await time({ clear: 'true' });
    expect(await desk.run('memory timeline', { npc: 'Hroon' })).toMatch(/^Day 1\nnoon/u);
  });
});
