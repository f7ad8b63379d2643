import fc from 'fast-check';
import { expect } from 'vitest';
import type { Speaker } from '#src/core/entities.ts';
import { ModelError } from '#src/core/errors.ts';
import type { Place } from '#src/core/front.ts';
import type { LoreAudience } from '#src/core/lore.ts';
import type { LanguageModel, ModelEvent, ModelRequest } from '#src/core/model.ts';
import { ModelJudge } from '#src/jobs/model-judge.ts';
import type { Judge } from '#src/memory/judge.ts';
import type { Rephrase } from '#src/scene/rephrase.ts';
import { admin, frontOf, spoken } from './front.ts';
import { leakySearch } from './leaky-search.ts';
import { personaOf } from './personas.ts';
import { defaultProfile } from './profile.ts';
import { RecordingStage } from './recording-stage.ts';
import { gm, mira, openTable, type Table } from './table.ts';

/** Both campaigns have the same NPCs under the same ids: only the campaign tells them apart. */
const NAMES = ['Tilda', 'Bram', 'Ysolde'];
/** So small that what was said a few lines ago is old news. */
const BOUNDS = { shortTerm: 3, episodic: 5, longTerm: 3, semantic: 50 };
const TOPICS = ['the bell in the tower', 'the tunnel under the mill', 'the toll of the bridge'];
/** So that a recall is of some time, too. */
const TIMES = { whole: '', broken: ', last night', failed: ', before the bell' } as const;
const HOURS_BETWEEN_SCENES = 10;
/** Marks one utterance: whoever reads it has read that utterance. */
const MARK = /z\d+q/gu;

interface Step {
  readonly what:
    | 'enter'
    | 'leave'
    | 'say'
    | 'narrate'
    | 'aside'
    | 'next scene'
    | 'reload'
    | 'recall'
    | 'ask all'
    | 'rest'
    | 'revise'
    | 'word'
    | 'forget'
    | 'write';
  readonly campaign: 0 | 1;
  readonly npc: 0 | 1 | 2;
  readonly topic: 0 | 1 | 2;
  /** How the reply ends, where there is one. */
  readonly reply: 'whole' | 'broken' | 'failed';
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('say' as const, 'enter' as const) },
    { weight: 2, arbitrary: fc.constantFrom('narrate' as const, 'recall' as const, 'next scene' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('leave', 'aside', 'reload', 'ask all', 'revise', 'word', 'forget'),
    },
    { weight: 2, arbitrary: fc.constantFrom('rest' as const, 'write' as const) },
  ),
  campaign: fc.constantFrom(0, 1),
  npc: fc.constantFrom(0, 1, 2),
  topic: fc.constantFrom(0, 1, 2),
  reply: fc.constantFrom('whole', 'whole', 'whole', 'broken', 'failed'),
});

/** Who may know what is written, as `/lore add` takes it. */
const AUDIENCES: readonly LoreAudience[] = [
  { kind: 'everyone' },
  { kind: 'npcs', npcIds: ['npc-0'] },
  { kind: 'npcs', npcIds: ['npc-1', 'npc-2'] },
  { kind: 'gm' },
];

/** Retells all that it is told with one call, whatever it is asked for. */
const muddler: LanguageModel = {
  name: 'muddler',
  async *stream(request) {
    const told = JSON.stringify(await request.prompt(defaultProfile)).match(MARK) ?? [];
    yield { type: 'text', text: JSON.stringify({ summary: `${told.join(', ')} of ${TOPICS.join(', ')}.` }) };
    const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
    yield { type: 'end', reason: 'stop', usage };
  },
};
const modelJudge = new ModelJudge({
  model: muddler,
  onFault: (error) => {
    throw error;
  },
});

/** Thinks much of some lines, and retells everything: a summary of what somebody did not witness is seen to be one. */
const judge: Judge = {
  weigh: async (lines) => ({ answers: lines.map((_, at) => (at % 3 === 0 ? 0.95 : 0.4)), byRules: 0 }),
  fold: async (group, origin, signal) => modelJudge.fold(group, origin, signal),
};

/**
 * Plays random stories in two campaigns at once, and looks into every prompt and every answer of `/memory
 * recall`: none holds what its NPC did not witness (a line, or a summary that was made of it), lore that it may not know,
 * what another NPC's sheet and secrets say, or anything of the other campaign. Every other story looks up as much as
 * there is, with questions that a model has rewritten, in a search that finds for everybody what is anybody's.
 * @param cases how many prompts and answers are looked into, at least.
 */
export async function playStories(cases: number): Promise<void> {
  const table = await openTable();
  const figures = { checked: 0, remembered: 0, summaries: 0, lore: 0 };
  let storyteller: Pick<LanguageModel, 'stream'> | undefined;
  const model: LanguageModel = {
    name: 'storyteller',
    async *stream(request, signal) {
      if (storyteller !== undefined) yield* storyteller.stream(request, signal);
    },
  };
  const usual = { model, adminIds: [admin.id], bounds: BOUNDS };
  let story: Awaited<ReturnType<typeof openStory>> | undefined;
  const desks = [
    frontOf(table, usual),
    frontOf(table, {
      ...usual,
      judge,
      ragMode: 'full',
      rephrase: async (...given) => (await story?.rephrase(...given)) ?? '',
      search: leakySearch(() => story?.campaigns ?? []),
    }),
  ] as const;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 30, maxLength: 50 }), async (steps) => {
        const desk = desks[stories % 2 === 0 ? 0 : 1];
        story = await openStory(table, desk, figures);
        storyteller = story.storyteller;
        desk.faults.length = 0;
        for (const step of steps) await story.play(step);
        expect(desk.faults.filter((fault) => !(fault instanceof ModelError))).toEqual([]);
      }),
      { numRuns: Math.ceil(cases / 10), endOnFailure: true },
    );
    expect(figures.checked).toBeGreaterThanOrEqual(cases);
    // Enough must have come to mind for this to mean anything.
    expect(figures.remembered).toBeGreaterThan(cases / 5);
    expect(figures.lore).toBeGreaterThan(cases / 5);
    expect(figures.summaries).toBeGreaterThan(cases / 50);
  } finally {
    await table.close();
  }
}

let stories = 0;

async function openStory(
  table: Table,
  { front, memory }: Pick<ReturnType<typeof frontOf>, 'front' | 'memory'>,
  figures: { checked: number; remembered: number; summaries: number; lore: number },
) {
  stories += 1;
  const story = stories;
  const stage = new RecordingStage();
  const places = [0, 1].map((index) => placeOf(`story ${story}, table ${index}`));
  const campaigns = await Promise.all(places.map((place) => openCampaign(table, place)));
  /** By campaign: names of those on stage. */
  const onStage = campaigns.map(() => new Set<string>());
  /** By mark: who may know of it, as "campaign/name". */
  const knowers = new Map<string, Set<string>>();
  /** What people said, as it can be changed. */
  const said: { campaign: number; place: Place; messageId: string; mark: string }[] = [];
  /** Whether a summary may stand for what somebody witnessed. */
  const hasRested = campaigns.map(() => false);
  /** By mark of what is written: where. */
  const written = new Map<string, string>();
  let marks = 0;
  let messages = 0;
  let reply: Step['reply'] = 'whole';

  const witnessed = (mark: string, campaign: number) => {
    const known = knowers.get(mark) ?? new Set();
    for (const name of onStage[campaign] ?? []) known.add(`${campaign}/${name}`);
    knowers.set(mark, known);
  };
  const newMark = () => {
    marks += 1;
    return `z${story}${String(marks).padStart(3, '0')}q`;
  };
  const check = (text: string, knower: string, where: string) => {
    figures.checked += 1;
    for (const [mark] of text.matchAll(MARK))
      expect(knowers.get(mark) ?? new Set(), `${mark} in ${where} of ${knower}`).toContain(knower);
  };

  const storyteller = {
    async *stream(request: ModelRequest): AsyncGenerator<ModelEvent, void, void> {
      if (request.task.kind !== 'speak') throw new Error('Only speech is asked for here.');
      const { task } = request;
      const campaign = campaigns.findIndex(({ campaignId }) => campaignId === request.origin.campaignId);
      figures.remembered += task.memories?.length ?? 0;
      figures.summaries += task.memories?.filter(({ id }) => id.startsWith('summary:')).length ?? 0;
      figures.lore += task.lore?.length ?? 0;
      const { transcript, memories = [], summaries = [], lore = [] } = task;
      // Not their ids, which may look like anything.
      const texts = [...transcript, ...memories, ...summaries, ...lore].map(({ text }) => text);
      const shown = JSON.stringify([texts, await request.prompt(defaultProfile)]);
      check(shown, `${campaign}/${task.persona.name}`, 'a prompt');
      if (reply === 'failed') throw new ModelError('timeout', 'storyteller', 'scripted');
      const mark = newMark();
      witnessed(mark, campaign);
      yield { type: 'text', text: `I heard ${mark} of ${TOPICS.join(', ')}. ` };
      if (reply === 'broken') throw new ModelError('timeout', 'storyteller', 'scripted');
      yield { type: 'text', text: 'That is all.' };
      const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
      yield { type: 'end', reason: 'stop', usage };
    },
  };
  const rephrase: Rephrase = async ({ name, transcript }, { campaignId }) => {
    const campaign = campaigns.findIndex((each) => each.campaignId === campaignId);
    check(JSON.stringify(transcript), `${campaign}/${name}`, 'what a question is rewritten from');
    return TOPICS[marks % TOPICS.length] ?? '';
  };
  const hear = async (campaign: 0 | 1, speaker: Speaker, text: string) => {
    messages += 1;
    const person = { ...spoken, person: admin, speaker };
    const line = { ...person, place: placeAt(campaign), messageId: `m${messages}`, text };
    await front.hear(line, stage);
    const mark = text.match(MARK)?.at(-1);
    if (mark !== undefined && !text.startsWith('//')) said.push({ campaign, ...line, mark });
    // The platform delivers some of them twice.
    if (messages % 3 === 0) await front.hear(line, stage);
  };
  const run = async (campaign: 0 | 1, command: string, options: Readonly<Record<string, string>>) => {
    messages += 1;
    const told = stage.told.length;
    const call = { place: placeAt(campaign), callId: `c${messages}`, person: admin, speaker: gm };
    await front.run({ ...call, command, options }, stage);
    return stage.told.slice(told).join('\n');
  };
  const sceneCounts: [number, number] = [0, 0];
  const placeAt = (campaign: 0 | 1) => ({
    ...(places[campaign] ?? placeOf('')),
    channelId: `table-${sceneCounts[campaign]}`,
  });

  const bringIn = async (campaign: 0 | 1, name: string) => {
    onStage[campaign]?.add(name);
    witnessed(greetingMark(campaign, name), campaign);
    await run(campaign, 'npc talk', { npc: name });
  };

  const play = async (step: Step): Promise<void> => {
    const { campaign } = step;
    const name = NAMES[step.npc] ?? '';
    const topic = TOPICS[step.topic] ?? '';
    const store = campaigns[campaign];
    const present = onStage[campaign];
    if (store === undefined || present === undefined) return;
    reply = step.reply;
    switch (step.what) {
      case 'enter':
        if (present.has(name)) await run(campaign, 'npc talk', { npc: name });
        else await bringIn(campaign, name);
        return;
      case 'leave':
        if (present.delete(name)) await run(campaign, 'npc dismiss', { npc: name });
        return;
      case 'say':
      case 'narrate': {
        const mark = newMark();
        witnessed(mark, campaign);
        const aside = step.topic === 0 ? `((psst, ${newMark()})) ` : '';
        await hear(campaign, step.what === 'say' ? mira : gm, `${aside}${name}, ${mark}: what of ${topic}?`);
        return;
      }
      case 'aside':
        await hear(campaign, mira, `// ${newMark()} knows of ${topic}`);
        return;
      case 'next scene': {
        // Another channel is another scene.
        sceneCounts[campaign] += 1;
        const cast = [...present].filter((_, index) => index !== step.topic);
        present.clear();
        for (const each of cast) await bringIn(campaign, each);
        // Where one campaign keeps in-world time, the other has evenings of play.
        if (campaign === 0) await store.time.change((now = 0) => now + HOURS_BETWEEN_SCENES * 60);
        return;
      }
      case 'write':
        await write(campaign, step.npc, step.topic);
        return;
      case 'reload':
        memory.release(store, `npc-${step.npc}`);
        return;
      case 'recall':
        check(
          await run(campaign, 'memory recall', { query: `${topic}${TIMES[step.reply]}`, npc: name }),
          `${campaign}/${name}`,
          'a recall',
        );
        return;
      case 'rest':
        hasRested[campaign] = true;
        expect(await run(campaign, 'admin consolidate', {})).toContain('it took');
        return;
      case 'word': {
        const mark = newMark();
        knowers.set(mark, new Set([`${campaign}/${name}`]));
        await run(campaign, 'memory add', { npc: name, text: `They say ${mark} of ${topic}.` });
        return;
      }
      case 'forget': {
        const forget = (memory: string) => run(campaign, 'memory forget', { npc: name, memory });
        const answer = await forget(topic);
        // Where several have the words, their codes are told; where it is done, those of others that say the like.
        const isDone = answer.includes('has forgotten this');
        const [, code] = isDone ? [] : (/: ([a-z]{9}) \(/u.exec(answer) ?? []);
        const told = code === undefined ? answer : await forget(code);
        check(`${answer} ${told}`, `${campaign}/${name}`, 'what is forgotten');
        const [forgotten = ''] = /^.* has forgotten this: .* Others remember/u.exec(told) ?? [];
        // A greeting is the same words each time, and stands in the sheet too.
        for (const [mark] of forgotten.includes('Greetings') ? [] : forgotten.matchAll(MARK))
          knowers.get(mark)?.delete(`${campaign}/${name}`);
        return;
      }
      case 'revise': {
        const own = said.filter((each) => each.campaign === campaign);
        const changed = own[Math.floor((own.length * (step.npc * 3 + step.topic)) / 9)];
        if (changed === undefined) return;
        const mark = newMark();
        knowers.set(mark, new Set(knowers.get(changed.mark)));
        // What it said before was never said.
        knowers.set(changed.mark, new Set());
        await front.revise({ ...changed, text: `Never mind: ${mark} of ${topic}.` });
        changed.mark = mark;
        return;
      }
      case 'ask all':
        checkAll(await run(campaign, 'memory recall', { query: topic }), campaign);
        return;
    }
  };

  /** Writes a document, or another text in place of it for others: what it said before nobody may know any more. */
  const write = async (campaign: 0 | 1, document: number, topic: number) => {
    const audience = AUDIENCES[(document + topic + marks) % AUDIENCES.length] ?? { kind: 'gm' };
    const title = `Document ${document}`;
    for (const [mark, place] of written) if (place === `${campaign}/${title}`) knowers.delete(mark);
    const passage = (keys: readonly string[]) => {
      const mark = newMark();
      written.set(mark, `${campaign}/${title}`);
      const readers = NAMES.filter(
        (_, at) =>
          audience.kind === 'everyone' || (audience.kind === 'npcs' && audience.npcIds.includes(`npc-${at}`)),
      );
      knowers.set(mark, new Set(readers.map((name) => `${campaign}/${name}`)));
      const text = `It is written of ${TOPICS[topic]}: ${mark}.`;
      return { heading: '', text, keys, secondaryKeys: [] };
    };
    const passages = [passage([]), passage(['bell', 'tunnel'])];
    await campaigns[campaign]?.lore.put({ title, audience, passages, sizeInCharacters: 100, by: 'test' });
  };

  /** Every hit says of itself who knows of it: exactly those who witnessed it, as long as no summary stands for it. */
  const checkAll = (told: string, campaign: number) => {
    figures.checked += 1;
    for (const row of told.split('\n')) {
      const marksHere = row.match(MARK) ?? [];
      const [mark] = marksHere;
      if (mark === undefined) continue;
      const named = / · (?:known to|heard by) (.*?) · /u.exec(row)?.[1]?.split(', ') ?? [];
      const known = [...(knowers.get(mark) ?? [])].filter((knower) => knower.startsWith(`${campaign}/`));
      // A greeting is the same words each time: other entrances had other witnesses.
      const isGreeting = row.includes('Greetings');
      if (isGreeting || hasRested[campaign] === true) {
        for (const each of isGreeting ? [mark] : marksHere)
          for (const name of named) expect(knowers.get(each) ?? new Set()).toContain(`${campaign}/${name}`);
      } else expect(named.map((name) => `${campaign}/${name}`).toSorted()).toEqual(known.toSorted());
    }
  };

  const greetingMark = (campaign: number, name: string) => `z9${story}9${campaign}${NAMES.indexOf(name)}q`;
  for (const [campaign, store] of campaigns.entries()) {
    for (const [index, name] of NAMES.entries()) {
      const own = (what: number) => {
        const mark = `z${what}${story}8${campaign}${index}q`;
        knowers.set(mark, new Set([`${campaign}/${name}`]));
        return `${mark} of ${TOPICS[index] ?? ''}`;
      };
      await store.npcs.add({
        id: `npc-${index}`,
        persona: personaOf(name, {
          first_mes: `Greetings, ${greetingMark(campaign, name)}, by the bell and the toll.`,
          knowledge: [own(7)],
          secrets: [{ text: own(8), until: 'they are asked' }],
        }),
        status: 'kept',
        cast: undefined,
        sourceFile: undefined,
        reason: 'drafted',
        by: 'test',
      });
    }
  }
  return { campaigns, play, storyteller, rephrase };
}

function placeOf(platformId: string): Place {
  return { platform: 'terminal', workspace: { platformId, name: platformId }, channelId: 'table' };
}

async function openCampaign({ store }: Table, { workspace }: Place) {
  const { id } = await store.openWorkspace({ platform: 'terminal', ...workspace });
  return store.campaign((await store.campaignOf(id, 'table')).id);
}
