import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import { LoreLibrary } from '#src/lore/lore-library.ts';
import { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { SceneDirector } from '#src/scene/scene-director.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { mira, openTable, type Table } from '../../support/table.ts';

let table: Table;
const faults: unknown[] = [];
beforeEach(async () => {
  table = await openTable();
  faults.length = 0;
});
afterEach(() => table.close());

function lead() {
  const onFault = (error: unknown) => faults.push(error);
  const memory = new MemoryKeeper({ clock: systemClock, onFault, onLeftOut: () => {} });
  const library = new LoreLibrary({ clock: systemClock, onFault, onLeftOut: () => {} });
  const model = new ScriptedModel([['Aye.']]);
  return new SceneDirector({ model, memory, library, onFault, current: async (_, npc) => npc });
}

const hello = {
  ...{ id: 'm1', speaker: mira, text: 'Hello.' },
  ...{ isDirect: true, isPlayers: true, repliesTo: undefined },
} as const;

it('keeps in which messages an answer and a greeting stand', async () => {
  const scenes = lead();
  const npc = await table.addNpc('Tilda', {
    first_mes: 'Mind the nets.',
    avatar: 'https://example.org/t.png',
  });
  const speak = vi.spyOn(table.stage, 'speak');
  table.stage.postsOf = (lineId) => [`first of ${lineId}`, `second of ${lineId}`];
  await scenes.enter(table.visit, npc, 'c1');
  await scenes.hear(table.visit, hello);
  for (const id of ['c1/greeting', `m1>${npc.id}`]) {
    for (const post of ['first', 'second']) {
      expect(await table.campaign.lines.byPost('table', `${post} of ${id}`)).toMatchObject({ id });
    }
  }
  expect(speak.mock.calls.map(([{ npc: speaking }]) => speaking.avatar)).toEqual(
    Array.from({ length: 2 }, () => 'https://example.org/t.png'),
  );
});

it('has kept them, in order, before the end is committed', async () => {
  const scenes = lead();
  await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
  table.stage.postsOf = () => ['first', 'second'];
  const done: string[] = [];
  const { lines } = table.campaign;
  const { addPost, update } = lines;
  vi.spyOn(lines, 'addPost').mockImplementation(async (id, messageId) => {
    // The first takes longer than the second.
    for (let turn = 0; turn < (messageId === 'first' ? 50 : 1); turn += 1) await Promise.resolve();
    await addPost(id, messageId);
    done.push(messageId);
  });
  vi.spyOn(lines, 'update').mockImplementation(async (id, change) => {
    if (change.state !== 'speaking') done.push(change.state);
    await update(id, change);
  });
  await scenes.hear(table.visit, hello);
  expect(done).toEqual(['first', 'second', 'said']);
});

it('logs what it cannot keep, and the answer stands', async () => {
  const scenes = lead();
  await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
  table.stage.postsOf = () => ['first'];
  vi.spyOn(table.campaign.lines, 'addPost').mockRejectedValue(new Error('disk full'));
  await scenes.hear(table.visit, hello);
  expect(faults).toHaveLength(1);
  expect(table.stage.speeches).toMatchObject([{ text: 'Aye.', ending: { state: 'said' } }]);
});

/** A stage whose speeches end as `end` says. */
function endsLike(end: () => Promise<void>) {
  const { stage } = table;
  const speak = stage.speak.bind(stage);
  vi.spyOn(stage, 'speak').mockImplementation(async (speech) => {
    const output = await speak(speech);
    return { append: (text) => output.append(text), end: () => end() };
  });
}

it('is still being spoken until its end stands, so that a crash before that is marked', async () => {
  const scenes = lead();
  await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
  const states: (string | undefined)[] = [];
  const answer = async () => (await table.campaign.lines.repliesTo('m1'))[0];
  endsLike(async () => {
    const shown = await answer();
    states.push(shown?.state, shown?.text);
  });
  await scenes.hear(table.visit, hello);
  states.push((await answer())?.state);
  expect(states).toEqual(['speaking', 'Aye.', 'said']);
});

it('takes a place that is closed to us for no fault', async () => {
  const scenes = lead();
  await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
  endsLike(async () => {
    throw new Refusal('That channel is gone.');
  });
  await scenes.hear(table.visit, hello);
  expect(faults).toEqual([]);
  expect(await table.campaign.lines.repliesTo('m1')).toMatchObject([{ state: 'said' }]);
});

it('says that an answer could not be kept, and logs why', async () => {
  const scenes = lead();
  await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
  const { lines } = table.campaign;
  const update = lines.update.bind(lines);
  vi.spyOn(lines, 'update').mockImplementation(async (id, change) => {
    if (change.state !== 'speaking') throw new Error('disk full');
    await update(id, change);
  });
  await scenes.hear(table.visit, hello);
  expect(faults).toEqual([new Error('disk full')]);
  expect(table.stage.told.at(-1)).toContain('Tilda may not remember it');
});

it('is no greeting where it could not be shown: nobody remembers it', async () => {
  const scenes = lead();
  const npc = await table.addNpc('Tilda', { first_mes: 'Mind the nets.' });
  vi.spyOn(table.stage, 'speak').mockRejectedValue(new Refusal('That channel is gone.'));
  await expect(scenes.enter(table.visit, npc, 'c1')).rejects.toThrow('gone');
  expect(await table.campaign.lines.byId('c1/greeting')).toMatchObject({ text: '', state: 'failed' });
});

it('is a greeting that is still being spoken until it stands', async () => {
  const scenes = lead();
  const npc = await table.addNpc('Tilda', { first_mes: 'Mind the nets.' });
  const greeting = async () => (await table.campaign.lines.byId('c1/greeting'))?.state;
  const states: (string | undefined)[] = [];
  endsLike(async () => {
    states.push(await greeting());
  });
  await scenes.enter(table.visit, npc, 'c1');
  expect([...states, await greeting()]).toEqual(['speaking', 'said']);
});
