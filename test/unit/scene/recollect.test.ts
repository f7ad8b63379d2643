import { expect, it } from 'vitest';
import type { Line, Npc } from '#src/core/entities.ts';
import type { MemoryHit } from '#src/core/memory.ts';
import type { SeenLine } from '#src/core/model.ts';
import { recollect, stillInMind } from '#src/scene/recollect.ts';
import { personaOf } from '../../support/personas.ts';
import { openTable } from '../../support/table.ts';

const HOUR_IN_MS = 3_600_000;
const NOW_IN_MS = 100 * HOUR_IN_MS;

const npc: Npc = {
  ...{ id: 'npc-1', campaignId: 'c', persona: personaOf('Tilda'), version: 1, status: 'kept' },
  ...{ cast: undefined, locks: [], sourceFile: undefined, createdAtInMs: 0 },
};

function lineOf(speaker: Line['speaker']): Line {
  return {
    ...{ id: 'heard', sceneId: 'here', seq: 99, speaker, kind: 'speech', text: 'And then?', state: 'said' },
    ...{ replyTo: undefined, createdAtInMs: NOW_IN_MS },
  };
}

const mira = { kind: 'character', id: 'p', name: 'Mira' } as const;

function seen(id: string, text = id): SeenLine {
  return { id, speaker: 'Mira', speakerKind: 'character', isOwn: false, text };
}

function hit(id: string, parts: Partial<MemoryHit['unit']> = {}, score = 1): MemoryHit {
  const unit = { id, speaker: 'Jon', text: id, session: 'long ago', seq: 1, saidAtInMs: 1, ...parts };
  return { unit, score, reasons: [] };
}

/** What comes to mind where these are the hits, and what was asked of the keeper. */
async function comesToMind(options: {
  readonly hits: readonly MemoryHit[];
  readonly transcript: readonly SeenLine[];
  readonly without?: readonly string[];
  readonly before?: number;
  readonly speaker?: Line['speaker'];
  readonly worldMinute?: number;
}) {
  const asked: unknown[] = [];
  const memory = {
    recallInTime: async (_: unknown, npcId: string, query: string, how: { readonly limit: number }) => {
      asked.push([npcId, query, how]);
      return options.hits.slice(0, how.limit);
    },
  };
  const table = await openTable();
  const recalled = await recollect(memory, table.campaign, {
    npc,
    heard: {
      ...lineOf(options.speaker ?? mira),
      ...(options.worldMinute === undefined ? {} : { worldMinute: options.worldMinute }),
    },
    transcript: options.transcript,
    before: options.before ?? Number.POSITIVE_INFINITY,
    without: new Set(options.without),
  });
  await table.close();
  return { ids: recalled.map(({ id }) => id), recalled, asked };
}

it('asks about the line to answer, with the one before it where it is short', async () => {
  const short = await comesToMind({
    hits: [],
    transcript: [seen('1', 'The bell rang.'), seen('2', 'And then?')],
  });
  expect(short.asked).toMatchObject([
    ['npc-1', 'The bell rang. And then?', { askedBy: 'Mira', askedOf: 'Tilda' }],
  ]);
  const long = 'What do you know of the tunnel under the old mill?';
  const whole = await comesToMind({ hits: [], transcript: [seen('1', 'The bell rang.'), seen('2', long)] });
  expect(whole.asked).toMatchObject([['npc-1', long, {}]]);
  const only = await comesToMind({ hits: [], transcript: [seen('1', 'Hello.')] });
  expect(only.asked).toMatchObject([['npc-1', ' Hello.', {}]]);
});

it('knows nobody by the name under which the game master plays', async () => {
  const speaker = { kind: 'gm', id: 'gm', name: 'GM' } as const;
  const { asked } = await comesToMind({ hits: [], transcript: [seen('1')], speaker });
  expect(asked).not.toMatchObject([['npc-1', ' 1', { askedBy: 'GM' }]]);
});

it('leaves out the newest lines, which every prompt holds, and lines that wait for their turn', async () => {
  const transcript = Array.from({ length: 21 }, (_, index) => seen(`seen-${index}`));
  const hits = [hit('seen-20'), hit('waiting'), hit('seen-1'), hit('seen-0'), hit('old')];
  const { ids } = await comesToMind({ hits, transcript, without: ['waiting', 'row'] });
  expect(ids).toEqual(['seen-0', 'old']);
});

it('leaves out what was committed in this scene after the answer began', async () => {
  const hits = [
    hit('later', { session: 'here', seq: 9 }),
    hit('there', { seq: 9 }),
    hit('old', { session: 'here' }),
  ];
  const { ids } = await comesToMind({ hits, transcript: [seen('1')], before: 9 });
  expect(ids).toEqual(['there', 'old']);
});

it('keeps the twelve best beyond the transcript, and as many of its old part', async () => {
  const transcript = Array.from({ length: 60 }, (_, index) => seen(`seen-${index}`));
  const old = Array.from({ length: 20 }, (_, index) => hit(`seen-${index}`));
  const beyond = Array.from({ length: 20 }, (_, index) => hit(`beyond-${index}`));
  const { ids } = await comesToMind({ hits: [...old, ...beyond], transcript });
  expect(ids).toEqual([...old.slice(0, 12), ...beyond.slice(0, 12)].map(({ unit }) => unit.id));
});

it('tells what was said on this occasion from what was said on another', async () => {
  const hits = [
    hit('just now', { session: 'here', saidAtInMs: NOW_IN_MS - HOUR_IN_MS }),
    hit('last week', { session: 'here', saidAtInMs: NOW_IN_MS - 7 * HOUR_IN_MS }),
    hit('elsewhere', { saidAtInMs: NOW_IN_MS - HOUR_IN_MS }),
  ];
  const { recalled } = await comesToMind({ hits, transcript: [seen('heard')] });
  expect(recalled.map(({ when }) => when)).toEqual([
    'earlier here',
    'on an earlier occasion',
    'on an earlier occasion',
  ]);
});

it('leaves out what is far weaker than the best, without counting the line itself', async () => {
  const hits = [hit('heard', {}, 9), hit('good', {}, 2), hit('fair', {}, 1.1), hit('weak', {}, 1)];
  const { ids } = await comesToMind({ hits, transcript: [seen('heard')] });
  expect(ids).toEqual(['good', 'fair']);
});

it('asks as of when the line was said, and says when it was, seen from then', async () => {
  const morning = (3 * 24 + 8) * 60;
  const hits = [hit('bell', { worldMinute: morning - 600 }), hit('old')];
  const { asked, recalled } = await comesToMind({ hits, transcript: [seen('1')], worldMinute: morning });
  expect(asked).toMatchObject([['npc-1', ' 1', { now: { atInMs: NOW_IN_MS, worldMinute: morning } }]]);
  expect(recalled.map(({ when }) => when)).toEqual(['last night', 'on an earlier occasion']);
  const unkept = await comesToMind({ hits, transcript: [seen('1')] });
  expect(unkept.asked).toMatchObject([
    ['npc-1', ' 1', { now: { atInMs: NOW_IN_MS, worldMinute: undefined } }],
  ]);
  expect(unkept.recalled.map(({ when }) => when)).toEqual([
    'on an earlier occasion',
    'on an earlier occasion',
  ]);
});

it('has in mind of older times on which day they were, whatever day it is', async () => {
  const table = await openTable();
  const keeper = await table.addNpc('Tilda');
  const scene = await table.campaign.scenes.open('table');
  await table.campaign.time.change(() => (2 * 24 + 22) * 60);
  const line = { id: 'l1', sceneId: scene.id, speaker: mira, kind: 'speech', text: 'A bell.' } as const;
  await table.campaign.lines.append({ ...line, state: 'said', replyTo: undefined, witnesses: [keeper.id] });
  const sources = [{ id: 'l1', text: 'A bell.' }];
  const folded = [{ memoryId: 'sum', text: 'A bell rang.', importance: 0.5, sources }];
  await table.campaign.consolidation.settle(keeper.id, { weighed: [], folded, letGo: [] });
  const whens = await Promise.all(
    [3, 4].map(async (day) => {
      const heard = { ...lineOf(mira), worldMinute: day * 24 * 60 };
      return (await stillInMind(table.campaign, { npc: keeper, heard, before: 9 })).map(({ when }) => when);
    }),
  );
  expect(whens).toEqual([['on day 2, night'], ['on day 2, night']]);
  await table.close();
});
