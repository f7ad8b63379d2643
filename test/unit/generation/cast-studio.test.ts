import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CastRequest } from '#src/core/entities.ts';
import { ModelError, Refusal } from '#src/core/errors.ts';
import type { DraftTask, ModelRequest } from '#src/core/model.ts';
import { CastStudio } from '#src/generation/cast-studio.ts';
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
    const cast = await table.campaign.casts.latest();
    const member = cast?.members.find(({ name }) => name === 'Bo Finch');
    if (cast === undefined || member === undefined) throw new Error('the cast is stored');
    const npc = await studio.draftMissing(visit(), cast, member, '');
    expect(npc).toMatchObject({ persona: { name: 'Bo Finch' }, status: 'draft', castId: cast.id });
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
    await studio.close();
    await drafting;
    expect(table.stage.boards[0]?.at(-1)?.phase).toBe('cancelled');
    expect(table.stage.told).toEqual([]);
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
    expect(await table.campaign.casts.latest()).toBeUndefined();
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

  it('changes nothing where it fails', async () => {
    const npc = await table.addNpc('Wen');
    const { studio } = studioOf([[new ModelError('rate-limited', 'm', '429')]]);
    await expect(studio.reroll(visit(), npc, { hint: '', deepen: false })).rejects.toThrow(ModelError);
    expect(await table.campaign.npcs.versions(npc.id)).toHaveLength(1);
  });

  it('bounds what goes on at once in a channel', async () => {
    const npc = await table.addNpc('Wen');
    const { studio } = studioOf(Array.from({ length: 11 }, () => [new Promise(() => {})]));
    const rerolls = Array.from({ length: 11 }, () =>
      studio.reroll(visit(), npc, { hint: '', deepen: false }),
    );
    const outcomes = Promise.allSettled(rerolls);
    await expect(rerolls[10]).rejects.toThrow(Refusal);
    studio.stop(visit());
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
  });
});
