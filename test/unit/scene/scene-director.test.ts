import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import { ModelError, Refusal } from '#src/core/errors.ts';
import type { PromptShares } from '#src/core/prompt-shares.ts';
import { LoreLibrary } from '#src/lore/lore-library.ts';
import { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import type { HeardLine } from '#src/scene/heard-line.ts';
import { SceneDirector } from '#src/scene/scene-director.ts';
import { type Script, ScriptedModel } from '../../support/scripted-model.ts';
import { gm, mira, openTable, type Table } from '../../support/table.ts';

let table: Table;
const faults: unknown[] = [];
const leftOut: string[] = [];
const direct = { isDirect: true, isPlayers: false, repliesTo: undefined } as const;

beforeEach(async () => {
  table = await openTable();
  faults.length = 0;
  leftOut.length = 0;
});
afterEach(() => table.close());

function open(...scripts: Script[]) {
  return lead(new ScriptedModel(scripts));
}

function lead(model: ScriptedModel, promptShares?: PromptShares) {
  const onFault = (error: unknown) => faults.push(error);
  const memory = new MemoryKeeper({ clock: systemClock, onFault, onLeftOut: () => {} });
  const library = new LoreLibrary({ clock: systemClock, onFault, onLeftOut: () => {} });
  table.store.onLine((committed) => memory.committed(committed));
  const scenes = new SceneDirector({
    model,
    memory,
    library,
    onFault,
    onLeftOut: (what) => leftOut.push(what),
    current: async (_, npc) => npc,
    ...(promptShares && { promptShares }),
  });
  let lines = 0;
  const say = (text: string, options: Partial<HeardLine> = {}) => {
    lines += 1;
    const said = { ...direct, id: `line-${lines}`, speaker: mira, text };
    return scenes.hear(table.visit, { ...said, ...options });
  };
  return { model, scenes, say, memory };
}

async function transcript() {
  const scene = await table.campaign.scenes.current('table');
  return scene === undefined ? [] : table.campaign.lines.recent(scene.id, 100);
}

describe('a reply', () => {
  it('counts it where not even who the NPC is finds room in its prompt', async () => {
    const { say, scenes, model } = open(['Aye.']);
    const secrets = Array.from({ length: 10 }, () => ({ text: '密'.repeat(500), until: '密'.repeat(200) }));
    await scenes.enter(
      table.visit,
      await table.addNpc('Tilda', { secrets, voice: '密'.repeat(1_000) }),
      'call-1',
    );
    await say('Hello there.');
    expect(leftOut).toEqual(['sheet cut']);
    expect(model.prompts[0]?.at(-1)?.content).toContain('Hello there.');
  });

  it('has what all who hear it hold of its names brought to memory while it streams', async () => {
    const { say, scenes, memory } = open(['Ask Old Garrick. ', 'He is at the mill.']);
    const tilda = await table.addNpc('Tilda');
    await scenes.enter(table.visit, tilda, 'call-1');
    const ahead = vi.spyOn(memory, 'ahead');
    await say('Who knows of the ledger?');
    expect(ahead.mock.calls.map(([, npcIds, text]) => [npcIds, text])).toEqual([
      [[tilda.id], 'Ask Old Garrick. '],
      [[tilda.id], 'He is at the mill.'],
    ]);
  });

  it('reaches the one NPC on stage, is shown sentence by sentence and committed before it is shown', async () => {
    const { say, scenes } = open(['Go', 'od day. ', 'What news?']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'call-1');
    const committed: string[] = [];
    table.stage.onAppend = (_, lineId) => {
      const speech = table.stage.speeches.at(-1);
      committed.push(`${speech?.text} <- ${lineId}`);
    };
    const update = vi.spyOn(table.campaign.lines, 'update');
    await say('Hello there.');
    expect(table.stage.speeches).toMatchObject([
      { npc: 'Tilda', text: 'Good day. What news?', ending: { state: 'said' } },
    ]);
    expect(update.mock.calls.map(([, change]) => change)).toEqual([
      { text: 'Good day. ', state: 'speaking' },
      { text: 'Good day. What news?', state: 'speaking' },
      { text: 'Good day. What news?', state: 'said' },
    ]);
    expect((await transcript()).map(({ speaker, text, state }) => [speaker.name, text, state])).toEqual([
      ['Mira', 'Hello there.', 'said'],
      ['Tilda', 'Good day. What news?', 'said'],
    ]);
  });

  it('has its row before anything is posted, and its id derives from the line it answers', async () => {
    const { say, scenes } = open(['Aye.']);
    const npc = await table.addNpc('Tilda');
    await scenes.enter(table.visit, npc, 'call-1');
    const speak = vi.spyOn(table.stage, 'speak');
    speak.mockImplementation(async ({ lineId }) => {
      expect(await table.campaign.lines.byId(lineId)).toMatchObject({ state: 'speaking', text: '' });
      return { append: () => {}, end: async () => {} };
    });
    await say('Hello.', { id: 'm1' });
    const stop = { label: 'Stop', command: 'stop', options: { what: 'reply' } };
    expect(speak.mock.calls[0]?.[0]).toMatchObject({
      npc: { id: npc.id, name: 'Tilda', avatar: '' },
      lineId: `m1>${npc.id}`,
      actions: [stop],
    });
  });

  it('keeps a draft that is spoken with', async () => {
    const { say, scenes } = open(['Aye.']);
    const npc = await table.addNpc('Tilda', {}, 'draft');
    const scene = await table.campaign.scenes.open('table');
    await table.campaign.scenes.enter(scene.id, npc.id);
    await say('Hello.');
    expect((await table.campaign.npcs.byId(npc.id))?.status).toBe('kept');
    expect(await scenes.onStage(table.visit)).toHaveLength(1);
  });

  it('is one reply for a line that is delivered twice', async () => {
    const { say, scenes, model } = open(['Aye.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'call-1');
    await Promise.all([say('Hello.', { id: 'same' }), say('Hello.', { id: 'same' })]);
    await say('Hello.', { id: 'same' });
    expect(model.requests).toHaveLength(1);
    expect(await transcript()).toHaveLength(2);
  });

  it('comes from each of those who are called, in order', async () => {
    const { say, scenes } = open(['First.'], ['Second.']);
    for (const name of ['Tilda', 'Bram', 'Ysolde']) {
      await scenes.enter(table.visit, await table.addNpc(name), `call-${name}`);
    }
    await say('Bram and Tilda, what say you?');
    expect(table.stage.speeches.map(({ npc, text }) => [npc, text])).toEqual([
      ['Bram', 'First.'],
      ['Tilda', 'Second.'],
    ]);
  });

  it('goes on with whom the speaker was talking, and not with whom somebody else was', async () => {
    const { say, scenes } = open(['One.'], ['Two.']);
    for (const name of ['Tilda', 'Bram']) await scenes.enter(table.visit, await table.addNpc(name), name);
    await say('Bram, hello.');
    await say('And how is business?');
    expect(table.stage.speeches.map(({ npc }) => npc)).toEqual(['Bram', 'Bram']);
    await say('And you?', { speaker: { ...mira, id: 'player-2', name: 'Jon' } });
    expect(table.stage.speeches).toHaveLength(2);
    expect(table.stage.told.at(-1)).toContain('Nobody was spoken to by name');
  });
});

describe('what an NPC is shown', () => {
  it('is also what it remembers of other scenes, and that is counted', async () => {
    const { say, scenes, model } = open(['Mm.'], ['Mm.']);
    const elsewhere = { ...table.visit, channelId: 'elsewhere' };
    const tilda = await table.addNpc('Tilda');
    await scenes.enter(table.visit, tilda, 'c1');
    await say('Tilda, the tunnel begins under the mill.');
    await scenes.enter(elsewhere, tilda, 'c2');
    await scenes.hear(elsewhere, {
      ...direct,
      id: 'm2',
      speaker: mira,
      text: 'Tilda, where does the tunnel begin?',
    });
    const [, request] = model.requests;
    const memories = request?.task.kind === 'speak' ? request.task.memories : [];
    const when = 'on an earlier occasion';
    expect(memories).toContainEqual(expect.objectContaining({ id: 'line-1', speaker: 'Mira', when }));
    expect(model.prompts[1]?.at(-1)?.content).toContain(
      'Mira said: Tilda, the tunnel begins under the mill.',
    );
    const uses = async () => (await table.campaign.memories.holders(['line-1'])).get('line-1')?.[0]?.uses;
    await vi.waitFor(async () => expect(await uses()).toBe(1));
    expect(faults).toEqual([]);
  });

  it('is the transcript alone where its memory fails it', async () => {
    const { say, scenes, model } = open(['Mm.']);
    vi.spyOn(table.campaign.memories, 'of').mockRejectedValue(new Error('disk'));
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Tilda, where does the tunnel begin?');
    expect(model.requests[0]?.task).toMatchObject({ memories: [] });
    expect(table.stage.speeches).toMatchObject([{ text: 'Mm.', ending: { state: 'said' } }]);
    expect(faults).not.toEqual([]);
  });

  it('is what it witnessed and nothing else', async () => {
    const { say, scenes, model } = open(['Mm.'], ['Mm.'], ['Mm.']);
    const tilda = await table.addNpc('Tilda');
    const bram = await table.addNpc('Bram');
    await scenes.enter(table.visit, tilda, 'c1');
    await say('Tilda, the gold is under the mill.');
    await scenes.leave(table.visit, tilda);
    await scenes.enter(table.visit, bram, 'c2');
    await say('Bram, the guards come at dawn.');
    await say('((the gold is a mimic))');
    await scenes.enter(table.visit, tilda, 'c3');
    await say('Tilda, what do you know?');
    const seen = (index: number) => JSON.stringify(model.prompts[index]);
    expect(seen(1)).toContain('guards come at dawn');
    expect(seen(1)).not.toContain('gold');
    expect(seen(2)).toContain('gold is under the mill');
    expect(seen(2)).not.toContain('guards');
    expect(seen(2)).not.toContain('mimic');
  });

  it('does not hold lines that wait behind the one it answers', async () => {
    let go: (value: unknown) => void = () => {};
    const first = new Promise((resolve) => {
      go = resolve;
    });
    const { say, scenes, model } = open([first, 'One.'], ['Two.'], ['Three.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const said = [say('Line the first.'), say('Line the second.'), say('Line the third.')];
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(4));
    go(undefined);
    await Promise.all(said);
    expect(table.stage.speeches.map(({ text }) => text)).toEqual(['One.', 'Two.', 'Three.']);
    const second = JSON.stringify(model.prompts[1]);
    expect(second).toContain('Line the second');
    expect(second).not.toContain('Line the third');
  });

  it.each([
    [{ core: 0.4, retrieved: 0.4, summaries: 0.2 }, true],
    [{ core: 0.6, retrieved: 0.4, summaries: 0 }, false],
  ])('has room for older times as the shares say: %j', async (shares, isTold) => {
    const { say, scenes, model } = lead(new ScriptedModel([['Aye.']]), shares);
    const npc = await table.addNpc('Tilda');
    const word = {
      text: 'Aldo is dead.',
      importance: 0.9,
      isPinned: false,
      by: 'Gale',
      inPlaceOf: undefined,
    };
    await table.campaign.memories.tell(npc.id, { id: 'word', ...word });
    await scenes.enter(table.visit, npc, 'c1');
    await say('Good evening.');
    expect(JSON.stringify(model.prompts[0]).includes('Aldo is dead.')).toBe(isTold);
  });

  it('does not hold a line that came while the answer before it was being prepared', async () => {
    const { say, scenes, model } = open(['One.'], ['Two.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const { recent, witnessed } = table.campaign.lines;
    let second: Promise<void> | undefined;
    vi.spyOn(table.campaign.lines, 'witnessed').mockImplementation(async (sceneId, npcId, limit) => {
      if (limit > 100 && second === undefined) {
        second = say('The silver ledger is hidden under the mill.');
        await vi.waitFor(async () => expect(await recent(sceneId, 9)).toHaveLength(3));
      }
      return witnessed(sceneId, npcId, limit);
    });
    await say('Tilda, where is the silver ledger of the mill?');
    await second;
    expect(model.requests).toHaveLength(2);
    expect(JSON.stringify(model.prompts[0])).not.toContain('hidden under the mill');
  });

  it('never is out of character, which reaches no model and has no witness', async () => {
    const { say, scenes, model } = open();
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('// who has the snacks?');
    await say('((Tilda, you are great))');
    expect(model.requests).toHaveLength(0);
    const lines = await transcript();
    expect(lines.map(({ kind, text }) => [kind, text])).toEqual([
      ['ooc', 'who has the snacks?'],
      ['ooc', 'Tilda, you are great'],
    ]);
    for (const { id } of lines) expect(await table.campaign.lines.witnesses(id)).toEqual([]);
  });
});

describe('a scene', () => {
  it('has one reply at a time', async () => {
    const { say, scenes, model } = open(...Array.from({ length: 6 }, (_, index) => [`Reply ${index}.`]));
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    let most = 0;
    table.stage.onAppend = () => {
      most = Math.max(most, model.open);
    };
    await Promise.all(Array.from({ length: 6 }, (_, index) => say(`Line ${index}.`)));
    expect(most).toBe(1);
    expect(table.stage.speeches.map(({ text }) => text)).toEqual(
      Array.from({ length: 6 }, (_, index) => `Reply ${index}.`),
    );
  });

  it('takes no more lines than can wait, and says so', async () => {
    let go: (value: unknown) => void = () => {};
    const gate = new Promise((resolve) => {
      go = resolve;
    });
    const { say, scenes } = open([gate, 'One.'], ...Array.from({ length: 40 }, () => ['Next.']));
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const said = Array.from({ length: 25 }, (_, index) => say(`Line ${index}.`));
    const outcomes = Promise.allSettled(said);
    // One under way with its answer's row, twenty behind it, and four that were not taken.
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(22));
    go(undefined);
    const refused = (await outcomes).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(4);
    expect(refused[0]).toMatchObject({ reason: expect.any(Refusal) });
    expect(await transcript()).toHaveLength(42);
  });

  it('says what to do where nobody can answer', async () => {
    const { say } = open();
    await say('Is anybody here?');
    expect(table.stage.told[0]).toContain('Nobody is on stage');
    expect(await transcript()).toHaveLength(1);
  });

  it.each(['', '   ', '\u200b\u200b', '\u0007'])(
    'refuses %j, in which there is nothing to hear',
    async (text) => {
      const { say } = open();
      await expect(say(text)).rejects.toThrow(/nothing to hear/u);
      expect(await transcript()).toEqual([]);
    },
  );

  it('keeps lines in the order in which they came, whatever they hold', async () => {
    const { say, scenes } = open(...Array.from({ length: 4 }, () => ['Mm.']));
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await Promise.all([say('One ((a)) ((b))'), say('Two'), say('Three ((c))'), say('Four')]);
    const said = (await transcript()).filter(
      ({ speaker, kind }) => speaker.kind !== 'npc' && kind === 'speech',
    );
    expect(said.map(({ text }) => text)).toEqual(['One', 'Two', 'Three', 'Four']);
  });

  it('follows the talk through lines that wait', async () => {
    const { say, scenes } = open(['I come.'], ['Yes.']);
    for (const name of ['Bram', 'Tilda']) await scenes.enter(table.visit, await table.addNpc(name), name);
    await Promise.all([say('Tilda, come here.'), say('Do you have it?')]);
    expect(table.stage.speeches.map(({ npc }) => npc)).toEqual(['Tilda', 'Tilda']);
  });

  it.each(['GM', 'Narrator', 'Til'])('lets nobody speak as %s', async (name) => {
    const { say, scenes } = open();
    await scenes.enter(table.visit, await table.addNpc('Tilda', { aliases: ['Til'] }), 'c1');
    await expect(say('((aside)) I confess.', { speaker: { ...mira, name } })).rejects.toThrow(Refusal);
    expect(await transcript()).toEqual([]);
  });

  it('lets nobody speak under the name of an NPC on stage', async () => {
    const { say, scenes } = open();
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await expect(say('I confess.', { speaker: { ...mira, name: 'tilda' } })).rejects.toThrow(
      /speaks for itself/u,
    );
    expect(await transcript()).toEqual([]);
  });

  it('refuses a line beyond all measure and loses nothing', async () => {
    const { say } = open();
    await expect(say('x'.repeat(10_000))).rejects.toThrow(/10000 characters.*4000.*parts/su);
    expect(await transcript()).toEqual([]);
  });

  it('never stores what acts on a screen', async () => {
    const { say } = open();
    await say('Hello \u001b[2J\u202ethere.');
    expect((await transcript())[0]?.text).toBe('Hello there.');
  });
});

describe('coming and going', () => {
  it('greets once, as a line that those on stage witness', async () => {
    const { scenes } = open();
    const npc = await table.addNpc('Tilda', { first_mes: 'Mind the nets. \u001b[2J@everyone' }, 'draft');
    expect(await scenes.enter(table.visit, npc, 'c1')).toBe(true);
    expect(await scenes.enter(table.visit, npc, 'c2')).toBe(false);
    expect(table.stage.speeches).toMatchObject([
      { npc: 'Tilda', text: 'Mind the nets. @ everyone', ending: { state: 'said' } },
    ]);
    expect(await table.campaign.lines.witnesses('c1/greeting')).toEqual([npc.id]);
    expect((await table.campaign.npcs.byId(npc.id))?.status).toBe('kept');
  });

  it('is not given by one who left while another spoke', async () => {
    const { say, scenes, model } = open(['Aye.'], ['Nay.']);
    const [tilda, bram] = [await table.addNpc('Tilda'), await table.addNpc('Bram')];
    for (const npc of [tilda, bram]) await scenes.enter(table.visit, npc, `call-${npc.id}`);
    table.stage.onAppend = () => void scenes.leave(table.visit, bram);
    await say('Tilda and Bram, a word?');
    expect(table.stage.speeches.map(({ npc }) => npc)).toEqual(['Tilda']);
    expect(model.prompts).toHaveLength(1);
    expect(table.stage.told.at(-1)).toBe('Whoever was meant has left in the meantime.');
  });

  it('tells when whoever was meant has left while the line waited', async () => {
    let go: (value: unknown) => void = () => {};
    const gate = new Promise((resolve) => {
      go = resolve;
    });
    const { say, scenes } = open([gate, 'One.']);
    const npc = await table.addNpc('Tilda');
    await scenes.enter(table.visit, npc, 'c1');
    const said = [say('Hello.'), say('Tilda, and?')];
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(3));
    await scenes.leave(table.visit, npc);
    go(undefined);
    await Promise.all(said);
    expect(table.stage.told.at(-1)).toBe('Tilda is not on stage. /npc talk npc:Tilda brings them in.');
  });

  it('greets at the first meeting alone', async () => {
    const { scenes } = open();
    const npc = await table.addNpc('Tilda', { first_mes: 'Mind the nets.' });
    await scenes.enter(table.visit, npc, 'c1');
    await scenes.leave(table.visit, npc);
    await scenes.enter(table.visit, npc, 'c2');
    expect(table.stage.speeches.map(({ text }) => text)).toEqual(['Mind the nets.']);
    expect(table.stage.told).toEqual(['Tilda is back.']);
  });

  it('says how to bring in whom a line calls that is not here', async () => {
    const { say } = open();
    await table.addNpc('Tilda Marsh');
    await say('Tilda, are you there?');
    expect(table.stage.told).toEqual([
      'Tilda Marsh is not on stage. /npc talk npc:Tilda Marsh brings them in.',
    ]);
  });
});

describe('what goes wrong', () => {
  it('marks what stands when the model fails, and offers to try again', async () => {
    const { say, scenes } = open(
      ['It is ', 'late. And', new ModelError('unreachable', 'm', 'cut')],
      ['Late!'],
    );
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Hello.');
    const [speech] = table.stage.speeches;
    expect(speech).toMatchObject({ text: 'It is late. ', ending: { state: 'cut' } });
    const { ending } = speech ?? {};
    expect(ending !== undefined && 'notice' in ending && ending.notice.actions[0]?.command).toBe('retry');
    expect(faults).toHaveLength(1);
    expect((await transcript()).at(-1)).toMatchObject({ text: 'It is late.', state: 'cut' });
    await scenes.retry(table.visit);
    expect(table.stage.speeches.at(-1)).toMatchObject({ text: 'Late!', ending: { state: 'said' } });
    await expect(scenes.retry(table.visit)).rejects.toThrow(/Nothing waits/u);
  });

  it('shows one sentence where nothing came, and keeps it out of the transcript', async () => {
    const { say, scenes } = open([new ModelError('timeout', 'm', 'slow')]);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Hello.');
    expect(table.stage.speeches[0]).toMatchObject({ text: '', ending: { state: 'failed' } });
    expect((await transcript()).map(({ text }) => text)).toEqual(['Hello.']);
  });

  it('takes an answer without a word for a failure', async () => {
    const { say, scenes } = open([' \n ', '\u200b']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Hello.');
    expect(table.stage.speeches[0]?.ending?.state).toBe('failed');
    expect(faults).toMatchObject([{ kind: 'empty' }]);
  });

  it('asks once more where a rule held everything back, telling the model why', async () => {
    const { say, scenes, model } = open(['Mira: I am a thief.'], ['You look like one.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Who am I?');
    expect(table.stage.speeches[0]).toMatchObject({ text: 'You look like one.', ending: { state: 'said' } });
    expect(JSON.stringify(model.prompts[1])).toContain('it wrote the words of Mira');
    expect(model.open).toBe(0);
  });

  it('speaks for nobody who has left, either', async () => {
    const { say, scenes, model } = open(['Hm.'], ['Tam: I took it.'], ['Ask the others.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await table.campaign.time.change(() => 600);
    await say('Well?', { speaker: { kind: 'character', id: 'player-2', name: 'Tam' } });
    await table.campaign.time.change(() => 900);
    await say('Where is the ring?');
    expect(JSON.stringify(model.prompts.at(-1))).toContain('it wrote the words of Tam');
    expect(model.prompts.at(-1)?.at(-1)?.content).toContain('Also here: Mira.');
    expect(table.stage.speeches.at(-1)?.text).toBe('Ask the others.');
  });

  it('gives up where it is held back twice', async () => {
    const { say, scenes } = open(['Mira: I am.'], ['Mira: I am!']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Who am I?');
    expect(table.stage.speeches[0]).toMatchObject({ text: '', ending: { state: 'failed' } });
    expect(JSON.stringify(table.stage.speeches[0]?.ending)).not.toContain('Mira');
    const [reason] = table.stage.notices.filter(({ audience }) => audience === 'gms');
    expect(JSON.stringify(reason)).toContain('it wrote the words of Mira');
    expect(faults).toEqual([]);
  });

  it('ends a reply whose sign cannot be shown, and it can be asked for again', async () => {
    const { say, scenes } = open(['At last.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    vi.spyOn(table.stage, 'speak').mockRejectedValueOnce(new Error('the channel is gone'));
    await say('Hello.');
    expect(faults).toHaveLength(1);
    expect(table.stage.told.at(-1)).toMatch(/^Tilda does not answer/u);
    await scenes.retry(table.visit);
    expect(table.stage.speeches[0]?.text).toBe('At last.');
  });

  it('keeps a reply as said whose end cannot be shown', async () => {
    const { say, scenes } = open(['Aye.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const end = vi.fn().mockRejectedValue(new Error('the channel is gone'));
    vi.spyOn(table.stage, 'speak').mockResolvedValueOnce({ append: () => {}, end });
    await say('Hello.');
    expect(end).toHaveBeenCalledTimes(1);
    expect(faults).toHaveLength(1);
    expect((await transcript()).at(-1)).toMatchObject({ text: 'Aye.', state: 'said' });
  });

  it('marks on the screen what the store could not keep', async () => {
    const { say, scenes } = open(['One. ', 'Two.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const update = vi.spyOn(table.campaign.lines, 'update').mockRejectedValue(new Error('disk full'));
    await say('Hello.');
    expect(table.stage.speeches[0]).toMatchObject({ text: '', ending: { state: 'failed' } });
    expect(faults).toHaveLength(2);
    update.mockRestore();
  });

  it('cuts at the sentence where one stands already, and stops the model', async () => {
    const { say, scenes, model } = open(['A thief. ', 'Mira: ', 'No! ', 'Never read.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Who am I?');
    expect(table.stage.speeches[0]).toMatchObject({ text: 'A thief. ', ending: { state: 'said' } });
    expect(model.requests).toHaveLength(1);
    expect(model.open).toBe(0);
  });

  it('bounds a model that never ends', async () => {
    const { say, scenes, model } = open(Array.from({ length: 50_000 }, () => 'And so on. '));
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Tell me all.');
    expect(table.stage.speeches[0]?.text.length).toBeLessThanOrEqual(2000);
    expect(table.stage.speeches[0]?.ending).toEqual({ state: 'said' });
    expect(model.open).toBe(0);
  });

  it('marks an answer that ran out of room in the middle of a sentence', async () => {
    for (const [index, text] of ['It was a long night and the', 'word '.repeat(5000)].entries()) {
      const model = new ScriptedModel([[text]], { ending: 'length' });
      const { scenes } = lead(model);
      await scenes.enter(table.visit, await table.addNpc(`Tilda${'ab'.charAt(index)}`), `c${index}`);
      await scenes.hear(table.visit, {
        ...direct,
        id: `m${index}`,
        speaker: mira,
        text: `Tilda${'ab'.charAt(index)}, and?`,
      });
      expect(table.stage.speeches.at(-1)?.ending).toMatchObject({ state: 'cut' });
    }
    expect(faults).toEqual([]);
  });

  it('marks what stands when something of ours fails, and logs it once', async () => {
    const { say, scenes } = open(['One. ', new Error('a fault of ours')]);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Hello.');
    expect(table.stage.speeches[0]?.ending?.state).toBe('cut');
    expect(faults).toHaveLength(1);
    expect((await transcript()).at(-1)?.state).toBe('cut');
  });
});

describe('stop', () => {
  it('ends the reply under way, marks it, and goes on with what waits', async () => {
    const never = new Promise(() => {});
    const { say, scenes, model } = open(['One. ', never, 'Two.'], ['Next.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const said = [say('Hello.'), say('And?')];
    await vi.waitFor(() => expect(table.stage.speeches[0]?.text).toBe('One. '));
    expect(scenes.stop(table.visit)).toBe('stopped');
    await Promise.all(said);
    expect(table.stage.speeches.map(({ text, ending }) => [text, ending?.state])).toEqual([
      ['One. ', 'stopped'],
      ['Next.', 'said'],
    ]);
    expect(model.open).toBe(0);
    expect(scenes.stop(table.visit)).toBe('nothing');
    expect(faults).toEqual([]);
  });

  it('ends the whole answer to a line, also where two were called', async () => {
    const never = new Promise(() => {});
    const { say, scenes, model } = open(['One. ', never]);
    for (const name of ['Tilda', 'Bram']) await scenes.enter(table.visit, await table.addNpc(name), name);
    const said = say('Tilda and Bram, speak!');
    await vi.waitFor(() => expect(table.stage.speeches[0]?.text).toBe('One. '));
    scenes.stop(table.visit);
    await said;
    expect(model.requests).toHaveLength(1);
  });
});

describe('the close', () => {
  it('lets what is being spoken end, and answers nothing else', async () => {
    const rest = Promise.withResolvers<void>();
    const { say, scenes, model } = open(['One. ', rest.promise, 'Two.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const said = say('Hello.', { speaker: gm });
    await vi.waitFor(() => expect(table.stage.speeches[0]?.text).toBe('One. '));
    const waiting = say('And?');
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(3));
    const closing = scenes.close({ graceInMs: 60_000 });
    const late = say('Is anybody there?');
    rest.resolve();
    await Promise.all([closing, said, waiting, late]);
    expect(table.stage.speeches).toMatchObject([{ text: 'One. Two.', ending: { state: 'said' } }]);
    expect(model.requests).toHaveLength(1);
    expect((await transcript()).map(({ text }) => text)).toEqual([
      'Hello.',
      'One. Two.',
      'And?',
      'Is anybody there?',
    ]);
  });

  it('cuts off what has not ended in time, says so and can be asked for it again', async () => {
    const never = new Promise(() => {});
    const { say, scenes } = open(['One. ', never]);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const said = say('Hello.', { speaker: gm });
    await vi.waitFor(() => expect(table.stage.speeches[0]?.text).toBe('One. '));
    await scenes.close({ graceInMs: 0 });
    await said;
    const ending = table.stage.speeches[0]?.ending;
    if (ending === undefined || !('notice' in ending)) throw new Error('it was cut off');
    expect(ending.state).toBe('cut');
    expect(ending.notice.actions).toMatchObject([{ command: 'retry' }]);
    expect(JSON.stringify(ending.notice)).toContain('the program is being ended');
    expect((await transcript()).at(-1)).toMatchObject({ text: 'One.', state: 'cut' });
    expect(faults).toEqual([]);
    const again = open(['One and two.']);
    await again.scenes.retry(table.visit);
    expect(table.stage.speeches.at(-1)).toMatchObject({ text: 'One and two.', ending: { state: 'said' } });
  });
});

describe('retry', () => {
  it('asks nobody who did not hear the line', async () => {
    const { say, scenes, model } = open([new ModelError('timeout', 'm', 'slow')]);
    const tilda = await table.addNpc('Tilda');
    await scenes.enter(table.visit, tilda, 'c1');
    await say('The key is under the mat.');
    await scenes.leave(table.visit, tilda);
    await scenes.enter(table.visit, await table.addNpc('Bram'), 'c2');
    await expect(scenes.retry(table.visit)).rejects.toThrow(/Nothing waits/u);
    expect(model.requests).toHaveLength(1);
  });

  it('asks those whose answer is missing, and them alone', async () => {
    const failing = [new ModelError('timeout', 'm', 'slow')];
    const { say, scenes } = open(failing, ['From Bram.'], ['From Tilda.']);
    for (const name of ['Tilda', 'Bram']) await scenes.enter(table.visit, await table.addNpc(name), name);
    await say('Tilda and Bram, what say you?');
    await expect(scenes.retry(table.visit, 'Bram')).rejects.toThrow(/Nothing waits/u);
    await scenes.retry(table.visit, 'tilda');
    const said = table.stage.speeches.filter(({ ending }) => ending?.state === 'said');
    expect(said.map(({ npc, text }) => [npc, text])).toEqual([
      ['Bram', 'From Bram.'],
      ['Tilda', 'From Tilda.'],
    ]);
  });

  it('asks those whose turn never began', async () => {
    const { scenes } = open(['From Bram.']);
    const tilda = await table.addNpc('Tilda');
    const bram = await table.addNpc('Bram');
    for (const npc of [tilda, bram]) await scenes.enter(table.visit, npc, npc.id);
    const scene = await table.campaign.scenes.open('table');
    const common = {
      sceneId: scene.id,
      kind: 'speech',
      state: 'said',
      witnesses: [tilda.id, bram.id],
    } as const;
    const text = 'Tilda and Bram, what say you?';
    await table.campaign.lines.append({ ...common, id: 'm', speaker: mira, text, replyTo: undefined });
    const speaker = { kind: 'npc', id: tilda.id, name: 'Tilda' } as const;
    await table.campaign.lines.append({ ...common, id: 'm>1', speaker, text: 'Aye.', replyTo: 'm' });
    await scenes.retry(table.visit);
    expect(table.stage.speeches.map(({ npc }) => npc)).toEqual(['Bram']);
  });

  it('is one answer, however often it is pressed', async () => {
    const { say, scenes, model } = open([new ModelError('timeout', 'm', 'slow')], ['Once.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    await say('Hello.');
    await Promise.allSettled([
      scenes.retry(table.visit),
      scenes.retry(table.visit),
      scenes.retry(table.visit),
    ]);
    expect(model.requests).toHaveLength(2);
  });

  it('leaves a line alone that still waits for its turn', async () => {
    let go: (value: unknown) => void = () => {};
    const gate = new Promise((resolve) => {
      go = resolve;
    });
    const { say, scenes, model } = open([gate, 'One.'], ['Two.']);
    await scenes.enter(table.visit, await table.addNpc('Tilda'), 'c1');
    const said = [say('Hello.'), say('And?')];
    await vi.waitFor(async () => expect(await transcript()).toHaveLength(3));
    await expect(scenes.retry(table.visit)).rejects.toThrow(/Nothing waits/u);
    go(undefined);
    await Promise.all(said);
    expect(model.requests).toHaveLength(2);
  });

  it('answers a line whose reply never began', async () => {
    const { scenes } = open(['At last.']);
    const npc = await table.addNpc('Tilda');
    await scenes.enter(table.visit, npc, 'c1');
    const scene = await table.campaign.scenes.open('table');
    await table.campaign.lines.append({
      id: 'lonely',
      sceneId: scene.id,
      speaker: mira,
      kind: 'speech',
      text: 'Hello?',
      state: 'said',
      replyTo: undefined,
      witnesses: [npc.id],
    });
    await scenes.retry(table.visit);
    expect(table.stage.speeches[0]?.text).toBe('At last.');
  });

  it('says so where there is nothing to answer', async () => {
    const { scenes } = open();
    await expect(scenes.retry(table.visit)).rejects.toThrow(/Nothing waits/u);
  });
});
