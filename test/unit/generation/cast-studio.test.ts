import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CastRequest } from '#src/core/entities.ts';
import { ModelError, Refusal } from '#src/core/errors.ts';
import type { DraftTask, ModelRequest } from '#src/core/model.ts';
import type { Persona } from '#src/core/persona.ts';
import { CastStudio } from '#src/generation/cast-studio.ts';
import type { MissingMember } from '#src/generation/missing-members.ts';
import { draftOf, planOf } from '../../support/answers.ts';
import { type Script, ScriptedModel } from '../../support/scripted-model.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
const faults: unknown[] = [];

beforeEach(async () => {
  table = await openTable();
  faults.length = 0;
});
afterEach(() => table.close());

function studioOf(
  scripts: readonly (Script | ((request: ModelRequest) => Script))[],
  options: { concurrency?: number; tables?: ScriptedModel; now?: () => number } = {},
) {
  const model = new ScriptedModel(scripts);
  let ids = 0;
  const studio = new CastStudio({
    model,
    tables: options.tables ?? new ScriptedModel([]),
    concurrency: options.concurrency ?? 5,
    now: options.now ?? (() => 0),
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    onFault: (error) => faults.push(error),
  });
  return { studio, model };
}

const visit = () => ({ ...table.visit, by: 'GM' });

function request(parts: Partial<CastRequest> = {}): CastRequest {
  const { count = 3, ...rest } = parts;
  return {
    count,
    prompt: 'smugglers',
    level: undefined,
    tone: undefined,
    system: 'none',
    seed: 's',
    ...rest,
  };
}

async function missingMember(studio: CastStudio, name: string): Promise<MissingMember> {
  const missing = await studio.missingMember(table.campaign, name);
  if (missing === undefined) throw new Error(`${name} is not missing`);
  return missing;
}

/** A call that is answered once the test says so. */
function held(script: Script | ((request: ModelRequest) => Script)) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const answer = (asked: ModelRequest): Script => [
    promise,
    ...(typeof script === 'function' ? script(asked) : script),
  ];
  return { answer, release: () => resolve() };
}

/** Whatever order the calls come in. */
const anyDraft = draftOf();

describe('generate', () => {
  it('plans, drafts, stores each as a draft, and shows each as it is finished', async () => {
    const { studio } = studioOf([planOf('Ada Reed', 'Bo Finch', 'Cy Marl'), anyDraft, anyDraft, anyDraft]);
    await studio.generate(visit(), request());
    const npcs = await table.campaign.npcs.list();
    expect(npcs.map(({ persona, status }) => [persona.name, status])).toEqual([
      ['Ada Reed', 'draft'],
      ['Bo Finch', 'draft'],
      ['Cy Marl', 'draft'],
    ]);
    const views = table.stage.boards[0] ?? [];
    expect(views[0]).toMatchObject({ phase: 'planning', slots: [] });
    expect(views.at(-1)).toMatchObject({ phase: 'finished', finishedCount: 3, actions: [] });
    const counts = views.map(({ finishedCount }) => finishedCount);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]));
  });

  it('makes ties mutual, in the plan and in each sheet', async () => {
    const { studio } = studioOf([planOf('Ada Reed', 'Bo Finch'), anyDraft, anyDraft]);
    await studio.generate(visit(), request({ count: 2 }));
    const npcs = await table.campaign.npcs.list();
    expect(npcs.map(({ persona }) => persona.bonds.map(({ to }) => to))).toEqual([
      ['Bo Finch'],
      ['Ada Reed'],
    ]);
  });

  it('tells the one who asked how they are tied', async () => {
    const { studio } = studioOf([planOf('Ada Reed', 'Bo Finch'), anyDraft, anyDraft]);
    await studio.generate(visit(), request({ count: 2 }));
    expect(table.stage.told.at(-1)).toContain('Ada Reed → Bo Finch: owes Bo Finch a favour');
    expect(table.stage.notices.at(-1)?.audience).toBe('asker');
  });

  it('shows on the board nothing that is for the GM alone', async () => {
    const { studio } = studioOf([planOf('Ada Reed'), anyDraft]);
    await studio.generate(visit(), request({ count: 1 }));
    expect(JSON.stringify(table.stage.boards)).not.toContain('cannot swim');
  });

  it('never drafts more at once than it may, and shares what is the same between the drafts', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `Person ${'abcdefghi'.charAt(index)}`);
    let open = 0;
    let most = 0;
    const counted = (asked: ModelRequest): Script => {
      open += 1;
      most = Math.max(most, open);
      const done = new Promise<void>((resolve) =>
        setImmediate(() => {
          open -= 1;
          resolve();
        }),
      );
      return [done, ...anyDraft(asked)];
    };
    const { studio, model } = studioOf([planOf(...names), ...names.map(() => counted)], { concurrency: 2 });
    await studio.generate(visit(), request({ count: 9 }));
    expect(most).toBe(2);
    const [first = '', second = ''] = model.prompts.slice(1, 3).map((prompt) => prompt[1]?.content);
    expect(first.slice(0, 300)).toBe(second.slice(0, 300));
  });

  it('shows why one card failed, keeps the others, and drafts that one alone when asked', async () => {
    const failing = (asked: ModelRequest): Script =>
      asked.task.kind === 'draft' && asked.task.member?.name === 'Bo Finch'
        ? [new ModelError('timeout', 'm', 'slow')]
        : anyDraft(asked);
    const { studio } = studioOf([planOf('Ada Reed', 'Bo Finch'), failing, failing, anyDraft]);
    await studio.generate(visit(), request({ count: 2 }));
    const last = table.stage.boards[0]?.at(-1);
    const failed = last?.slots.find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({
      name: 'Bo Finch',
      reason: 'the model took too long. Try again in a moment.',
      actions: [{ command: 'npc reroll', options: { npc: 'Bo Finch' } }],
    });
    expect(faults).toHaveLength(1);
    const before = await table.campaign.npcs.list();
    expect(before.map(({ persona }) => persona.name)).toEqual(['Ada Reed']);
    const missing = await missingMember(studio, 'Bo Finch');
    const npc = await studio.draftMissing(visit(), missing, { hint: '' });
    const place = { id: missing.cast.id, member: 'Bo Finch' };
    expect(npc).toMatchObject({ persona: { name: 'Bo Finch' }, status: 'draft', cast: place });
    expect(await studio.missingMember(table.campaign, 'Bo Finch')).toBeUndefined();
    expect((await table.campaign.npcs.list())[0]).toEqual(before[0]);
  });

  it('can be cancelled, and what is finished stays', async () => {
    const never = new Promise(() => {});
    const stalling = (asked: ModelRequest): Script =>
      asked.task.kind === 'draft' && asked.task.member?.name === 'Ada Reed' ? anyDraft(asked) : [never];
    const names = ['Ada Reed', 'Bo Finch', 'Cy Marl', 'Di Holt'];
    const { studio, model } = studioOf([planOf(...names), ...names.map(() => stalling)], { concurrency: 2 });
    const drafting = studio.generate(visit(), request({ count: 4 }));
    await vi.waitFor(() => expect(table.stage.boards[0]?.at(-1)?.finishedCount).toBe(1));
    expect(studio.stop(visit())).toBe(true);
    await drafting;
    const last = table.stage.boards[0]?.at(-1);
    expect(last?.phase).toBe('cancelled');
    expect(last?.slots.map(({ state }) => state)).toEqual([
      'finished',
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    expect(await table.campaign.npcs.list()).toHaveLength(1);
    expect(model.open).toBe(0);
    expect(faults).toEqual([]);
    expect(studio.stop(visit())).toBe(false);
  });

  it('can be cancelled while it plans', async () => {
    const { studio } = studioOf([[new Promise(() => {})]]);
    const drafting = studio.generate(visit(), request());
    await vi.waitFor(() => expect(table.stage.boards).toHaveLength(1));
    await studio.close({ graceInMs: 0 });
    await drafting;
    expect(table.stage.boards[0]?.at(-1)?.phase).toBe('cancelled');
    expect(table.stage.told).toEqual([]);
  });

  it('lets what is being drafted end at the close, and begins nothing more', async () => {
    const draft = held(anyDraft);
    const { studio } = studioOf([planOf('Ada Reed'), draft.answer]);
    const drafting = studio.generate(visit(), request({ count: 1 }));
    await vi.waitFor(() => expect(table.stage.boards[0]?.at(-1)?.phase).toBe('drafting'));
    const closing = studio.close({ graceInMs: 60_000 });
    await expect(studio.quick(visit(), 'barkeep', undefined)).rejects.toMatchObject({ kind: 'aborted' });
    draft.release();
    await Promise.all([closing, drafting]);
    expect(table.stage.boards[0]?.at(-1)).toMatchObject({ phase: 'finished', finishedCount: 1 });
  });

  it('says in one sentence why a cast could not be planned', async () => {
    const bad = ['not json'];
    const { studio } = studioOf([bad, bad, bad]);
    await studio.generate(visit(), request());
    expect(table.stage.boards[0]?.at(-1)?.phase).toBe('failed');
    expect(table.stage.told).toEqual([
      'The cast could not be planned: the model sent something that cannot be used. Try again.',
    ]);
    expect(faults).toHaveLength(1);
    expect(await table.campaign.casts.recent(1)).toEqual([]);
  });

  it('has a plan mended that is not what was asked for', async () => {
    await table.addNpc('Ada Reed');
    const { studio, model } = studioOf([planOf('Ada Reed', 'Bo'), planOf('Bo', 'Cy'), anyDraft, anyDraft]);
    await studio.generate(visit(), request({ count: 2 }));
    expect(JSON.stringify(model.prompts[1])).toContain('The name Ada Reed is taken');
    expect((await table.campaign.npcs.list(['draft'])).map(({ persona }) => persona.name)).toEqual([
      'Bo',
      'Cy',
    ]);
  });

  it('says on the board how many there are, and not what the GM asked for', async () => {
    const { studio } = studioOf([planOf('Ada Reed'), anyDraft, planOf('Bo', 'Cy'), anyDraft, anyDraft]);
    await studio.generate(visit(), request({ count: 1, prompt: 'who secretly serve the lich' }));
    await studio.generate(visit(), request({ count: 2, prompt: 'who secretly serve the lich' }));
    expect(table.stage.boards.map((views) => [views[0]?.title, views.at(-1)?.title])).toEqual([
      ['1 NPC is being drafted', '1 NPC'],
      ['2 NPCs are being drafted', '2 NPCs'],
    ]);
    expect(JSON.stringify(table.stage.boards)).not.toContain('lich');
  });

  it('goes on where the board cannot be changed, and says so once in the log', async () => {
    table.stage.onBoard = () => {
      throw new Error('the channel is gone');
    };
    const { studio } = studioOf([planOf('Ada Reed', 'Bo Finch'), anyDraft, anyDraft]);
    await studio.generate(visit(), request({ count: 2 }));
    expect((await table.campaign.npcs.names()).map(({ name }) => name).toSorted()).toEqual([
      'Ada Reed',
      'Bo Finch',
    ]);
    expect(faults).toEqual([new Error('the channel is gone')]);
    expect(table.stage.told.at(-1)).toContain('How they are tied');
  });

  it('shows no more names to a model than fit, and checks against all', async () => {
    for (let index = 1; index <= 250; index += 1) await table.addNpc(`Person ${index}`);
    const { studio, model } = studioOf([planOf('Person 3'), planOf('Ada Reed'), anyDraft]);
    await studio.generate(visit(), request({ count: 1 }));
    expect(JSON.stringify(model.prompts[0]).match(/Person \d+/gu)).toHaveLength(200);
    expect(JSON.stringify(model.prompts[1])).toContain('The name Person 3 is taken');
    expect(model.requests[0]?.task).toMatchObject({ takenNames: { length: 250 } });
  });

  it('is one at a time in a channel', async () => {
    const { studio } = studioOf([[new Promise(() => {})]]);
    const drafting = studio.generate(visit(), request());
    await expect(studio.generate(visit(), request())).rejects.toThrow(
      /A cast is being drafted here already/u,
    );
    studio.stop(visit());
    await drafting;
  });

  it('estimates the time left from the rounds so far', async () => {
    let now = 0;
    const timed = (asked: ModelRequest): Script => {
      now += 500;
      return anyDraft(asked);
    };
    const names = ['Ada Reed', 'Bo Finch', 'Cy Marl'];
    const { studio } = studioOf([planOf(...names), timed, timed, timed], { concurrency: 1, now: () => now });
    await studio.generate(visit(), request());
    const estimates = table.stage.boards[0]?.map(({ timeLeftInMs }) => timeLeftInMs);
    expect(estimates?.filter((estimate) => estimate !== undefined)).toContain(1000);
    expect(estimates?.at(-1)).toBeUndefined();
  });
});

describe('who is missing', () => {
  const fails: Script = [new ModelError('timeout', 'm', 'slow')];
  const missing = async (studio: CastStudio) =>
    (await studio.missingMembers(table.campaign)).map(({ member }) => member.name);

  it('are the failed of the last casts and of the last day, whatever the drafted are called now', async () => {
    let now = Date.now();
    const only = (name: string) => (asked: ModelRequest) =>
      asked.task.kind === 'draft' && asked.task.member?.name === name ? anyDraft(asked) : fails;
    const { studio } = studioOf(
      [planOf('Ada', 'Bo'), only('Ada'), only('Ada'), planOf('Cy', 'Di'), only('Di'), only('Di')],
      { now: () => now },
    );
    await studio.generate(visit(), request({ count: 2 }));
    await studio.generate(visit(), request({ count: 2 }));
    const ada = await table.campaign.npcs.byName('Ada');
    const di = await table.campaign.npcs.byName('Di');
    if (ada === undefined || di === undefined) throw new Error('both are drafted');
    const renamed = { ...ada.persona, name: 'Countess Ada' };
    const change = { base: 1, persona: renamed, reason: 'edited', by: 'GM', follow: false } as const;
    await table.campaign.npcs.addVersion(ada.id, change);
    await table.campaign.npcs.setStatus(di.id, 'discarded');
    expect(await missing(studio)).toEqual(['Cy', 'Bo']);
    await table.addNpc('Bo');
    expect(await missing(studio)).toEqual(['Cy']);
    now += 25 * 60 * 60 * 1000;
    expect(await missing(studio)).toEqual([]);
    expect(await studio.missingMember(table.campaign, ' cy ')).toMatchObject({ member: { name: 'Cy' } });
  });

  it('are not those of casts long past', async () => {
    const casts = ['Ada', 'Bo', 'Cy', 'Di', 'Ed', 'Fa'];
    const { studio } = studioOf(
      casts.flatMap((name) => [planOf(name), fails]),
      { now: Date.now },
    );
    for (const _ of casts) await studio.generate(visit(), request({ count: 1 }));
    expect(await missing(studio)).toEqual(['Fa', 'Ed', 'Di', 'Cy', 'Bo']);
  });

  it('are not those of a cast that a person stopped, who can still be drafted by name', async () => {
    const { studio } = studioOf([planOf('Ada', 'Bo'), anyDraft, [new Promise(() => {})], anyDraft], {
      concurrency: 1,
      now: Date.now,
    });
    const drafting = studio.generate(visit(), request({ count: 2 }));
    await vi.waitFor(() => expect(table.stage.boards[0]?.at(-1)?.finishedCount).toBe(1));
    studio.stop(visit());
    await drafting;
    expect(await missing(studio)).toEqual([]);
    const bo = await studio.draftMissing(visit(), await missingMember(studio, 'Bo'), { hint: '' });
    expect(bo.persona.name).toBe('Bo');
  });

  it('are those of a cast that ended with the process', async () => {
    const { studio } = studioOf([planOf('Ada'), [new Promise(() => {})]], { now: Date.now });
    const drafting = studio.generate(visit(), request({ count: 1 }));
    await vi.waitFor(() => expect(table.stage.boards[0]?.at(-1)?.slots[0]?.state).toBe('drafting'));
    expect(await missing(studio)).toEqual([]);
    await studio.close({ graceInMs: 0 });
    await drafting;
    expect(await missing(studio)).toEqual(['Ada']);
  });

  it('are drafted once at a time', async () => {
    const ada = held(anyDraft);
    const { studio } = studioOf([planOf('Ada'), ada.answer]);
    const drafting = studio.generate(visit(), request({ count: 1 }));
    await vi.waitFor(() => expect(table.stage.boards[0]?.at(-1)?.slots[0]?.state).toBe('drafting'));
    const again = studio.draftMissing(visit(), await missingMember(studio, 'Ada'), { hint: '' });
    await expect(again).rejects.toThrow(/Ada is being drafted already/u);
    ada.release();
    await drafting;
    expect(table.stage.boards[0]?.at(-1)?.slots[0]?.state).toBe('finished');
  });

  it('cannot take a name that another got meanwhile, nor be tried again as that one', async () => {
    const [ada, bo] = [held(anyDraft), held(anyDraft)];
    const { studio, model } = studioOf([planOf('Ada', 'Bo'), ada.answer, bo.answer]);
    const drafting = studio.generate(visit(), request({ count: 2 }));
    await vi.waitFor(() => expect(model.requests).toHaveLength(3));
    const other = await table.addNpc('Bo');
    ada.release();
    bo.release();
    await drafting;
    const [, slot] = table.stage.boards[0]?.at(-1)?.slots ?? [];
    expect(slot).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(
        /^Another NPC has taken the name Bo\. Rename .*\/npc edit npc:Bo field:name/u,
      ),
      actions: [],
    });
    const asked = model.requests.length;
    const again = studio.draftMissing(visit(), await missingMember(studio, 'Bo'), { hint: '' });
    await expect(again).rejects.toThrow(/Another NPC has taken the name Bo/u);
    expect(model.requests).toHaveLength(asked);
    expect(await table.campaign.npcs.byId(other.id)).toEqual(other);
    expect(faults).toEqual([]);
  });
});

describe('create and quick', () => {
  it('drafts one from notes, which stay with it', async () => {
    const { studio, model } = studioOf([anyDraft]);
    const npc = await studio.create(visit(), 'Wen keeps the ferry', 'none');
    expect(npc).toMatchObject({
      status: 'draft',
      persona: { name: 'Wen', creator_notes: 'Wen keeps the ferry' },
    });
    expect(JSON.stringify(model.prompts[0])).toContain('<wish>Wen keeps the ferry</wish>');
  });

  it('asks again where the name is taken', async () => {
    await table.addNpc('Wen');
    const { studio } = studioOf([anyDraft, draftOf({ name: 'Oda' })]);
    expect((await studio.create(visit(), 'a ferrywoman', 'none')).persona.name).toBe('Oda');
  });

  it('draws one from the tables, whatever model there is, as a lean sheet', async () => {
    const tables = new ScriptedModel([anyDraft]);
    const { studio, model } = studioOf([], { tables });
    const npc = await studio.quick(visit(), 'barkeep', 'seed');
    expect(npc.persona).toMatchObject({ name: 'Wen', goals: [], secrets: [] });
    expect(model.requests).toHaveLength(0);
    expect(tables.requests[0]?.task).toMatchObject({
      kind: 'draft',
      prompt: 'barkeep',
      depth: 'lean',
      seed: 'seed',
    });
  });
});

describe('reroll', () => {
  const draftTask = (model: ScriptedModel): DraftTask => {
    const task = model.requests.at(-1)?.task;
    if (task?.kind !== 'draft') throw new Error('a draft was asked for');
    return task;
  };

  it('leaves the picture alone, which no draft knows of', async () => {
    const { studio } = studioOf([anyDraft, anyDraft]);
    const avatar = 'https://example.org/wen.png';
    const npc = await table.addNpc('Wen', { avatar });
    const again = await studio.reroll(visit(), npc, { hint: '', deepen: false });
    expect(again.persona).toMatchObject({ voice: 'Slow.', avatar });
    const deep = await studio.reroll(visit(), again, { hint: '', deepen: true });
    expect(deep.persona.avatar).toBe(avatar);
  });

  it('is a new version with the locked fields as they were, and the cast and hint in view', async () => {
    const changed = draftOf({ voice: 'Fast.', goals: ['a boat'] });
    const { studio, model } = studioOf([planOf('Ada Reed', 'Bo Finch'), anyDraft, anyDraft, changed]);
    await studio.generate(visit(), request({ count: 2 }));
    const npc = await table.campaign.npcs.byName('Ada Reed');
    if (npc === undefined) throw new Error('Ada is drafted');
    const locked = (await table.campaign.npcs.setLocks(npc.id, ['voice'])) ?? npc;
    const again = await studio.reroll(visit(), locked, { hint: 'meaner', deepen: false });
    expect(again).toMatchObject({
      version: 2,
      persona: { name: 'Ada Reed', voice: 'Slow.', goals: ['a boat'] },
    });
    expect(draftTask(model)).toMatchObject({
      hint: 'meaner',
      keep: { voice: 'Slow.' },
      previous: npc.persona,
    });
    expect(draftTask(model).others.map(({ name }) => name)).toEqual(['Bo Finch']);
    const versions = await table.campaign.npcs.versions(npc.id);
    expect(versions.map(({ reason }) => reason)).toEqual(['rerolled', 'drafted']);
  });

  it('deepens: what is there stands, what is empty is filled', async () => {
    const npc = await table.addNpc('Wen', { voice: 'Slow and low.', role: 'ferrywoman', goals: [] });
    const { studio } = studioOf([draftOf({ voice: 'Other.', name: 'Other' })]);
    const deep = await studio.reroll(visit(), npc, { hint: '', deepen: true });
    expect(deep.persona).toMatchObject({ name: 'Wen', voice: 'Slow and low.', goals: ['a dry bed'] });
    expect((await table.campaign.npcs.versions(npc.id))[0]?.reason).toBe('deepened');
  });

  it('keeps what other tools put into the sheet, and its tags', async () => {
    const extensions = { other: { keep: true }, dramatis: { voice: 'old' } };
    const npc = await table.addNpc('Wen', { tags: ['harbour'], creator_notes: 'Mine.', extensions });
    const { studio } = studioOf([
      draftOf({ tags: ['new'], extensions: { dramatis: { voice: 'new' } } }),
      anyDraft,
      anyDraft,
    ]);
    const again = await studio.reroll(visit(), npc, { hint: '', deepen: false });
    expect(again.persona).toMatchObject({ tags: ['harbour'], creator_notes: 'Mine.' });
    expect(again.persona.extensions).toEqual({ other: { keep: true }, dramatis: { voice: 'new' } });
    const deep = await studio.reroll(visit(), again, { hint: '', deepen: true });
    expect(deep.persona).toMatchObject({ tags: ['harbour'], extensions: again.persona.extensions });
    const other = await studio.reroll(visit(), deep, { hint: '', deepen: false });
    expect(other.persona.extensions).toEqual({ other: { keep: true } });
  });

  it('leaves what was edited, locked or filled meanwhile', async () => {
    const [first, second] = [held(anyDraft), held(anyDraft)];
    const { studio, model } = studioOf([first.answer, second.answer]);
    const { npcs } = table.campaign;
    const npc = await table.addNpc('Wen', { voice: 'Hoarse.', personality: 'Grim.', role: 'spy' });
    const edit = async (parts: Partial<Persona>) => {
      const now = (await npcs.byId(npc.id)) ?? npc;
      const persona = { ...now.persona, ...parts };
      return npcs.addVersion(npc.id, {
        base: now.version,
        persona,
        reason: 'edited',
        by: 'GM',
        follow: false,
      });
    };
    const rerolling = studio.reroll(visit(), npc, { hint: '', deepen: false });
    await vi.waitFor(() => expect(model.requests).toHaveLength(1));
    await edit({ goals: ['revenge'] });
    await npcs.setLocks(npc.id, ['personality']);
    first.release();
    const rerolled = await rerolling;
    expect(rerolled).toMatchObject({ version: 3, locks: ['personality'] });
    expect(rerolled.persona).toMatchObject({ goals: ['revenge'], personality: 'Grim.', voice: 'Slow.' });

    await edit({ knowledge: [], fears: [] });
    const empty = (await npcs.byId(npc.id)) ?? npc;
    const deepening = studio.reroll(visit(), empty, { hint: '', deepen: true });
    await vi.waitFor(() => expect(model.requests).toHaveLength(2));
    await edit({ fears: ['dogs'], voice: '' });
    second.release();
    expect((await deepening).persona).toMatchObject({
      fears: ['dogs'],
      voice: '',
      knowledge: ['the toll is doubled at night'],
      goals: ['revenge'],
    });
  });

  it('is one at a time of an NPC, and none of one that was discarded meanwhile', async () => {
    const draft = held(anyDraft);
    const { studio, model } = studioOf([draft.answer]);
    const npc = await table.addNpc('Wen');
    const rerolling = studio.reroll(visit(), npc, { hint: '', deepen: false });
    await vi.waitFor(() => expect(model.requests).toHaveLength(1));
    await expect(studio.reroll(visit(), npc, { hint: '', deepen: true })).rejects.toThrow(
      /Wen is being drafted already/u,
    );
    await table.campaign.npcs.setStatus(npc.id, 'discarded');
    draft.release();
    await expect(rerolling).rejects.toThrow(/Wen was discarded meanwhile.*\/npc restore npc:Wen/u);
  });

  it('leaves a draft the name that a GM gave it', async () => {
    const { studio, model } = studioOf([planOf('Ada', 'Bo'), anyDraft, anyDraft, anyDraft]);
    await studio.generate(visit(), request({ count: 2 }));
    const ada = await table.campaign.npcs.byName('Ada');
    if (ada === undefined) throw new Error('Ada is drafted');
    const persona = { ...ada.persona, name: 'Countess Ada' };
    const change = { base: 1, persona, reason: 'edited', by: 'GM', follow: false } as const;
    const renamed = await table.campaign.npcs.addVersion(ada.id, change);
    if (typeof renamed === 'string') throw new Error(renamed);
    const again = await studio.reroll(visit(), renamed, { hint: '', deepen: false });
    expect(again.persona.name).toBe('Countess Ada');
    expect(draftTask(model).others.map(({ name }) => name)).toEqual(['Bo']);
  });

  it('changes nothing where it fails', async () => {
    const npc = await table.addNpc('Wen');
    const { studio } = studioOf([[new ModelError('rate-limited', 'm', '429')]]);
    await expect(studio.reroll(visit(), npc, { hint: '', deepen: false })).rejects.toThrow(ModelError);
    expect(await table.campaign.npcs.versions(npc.id)).toHaveLength(1);
  });

  it('bounds what goes on at once in a channel', async () => {
    const { studio } = studioOf(Array.from({ length: 11 }, () => [new Promise(() => {})]));
    const npcs = await Promise.all(Array.from({ length: 11 }, (_, index) => table.addNpc(`Wen ${index}`)));
    const rerolls = npcs.map((npc) => studio.reroll(visit(), npc, { hint: '', deepen: false }));
    const outcomes = Promise.allSettled(rerolls);
    await expect(rerolls[10]).rejects.toThrow(Refusal);
    studio.stop(visit());
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
  });
});
