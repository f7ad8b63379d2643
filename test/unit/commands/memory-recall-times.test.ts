import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newLine, TestClock } from '../../contract/store-samples.ts';
import { frontOf } from '../../support/front.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { openTable, type Table } from '../../support/table.ts';

const DAY_IN_MS = 24 * 60 * 60_000;
let table: Table;
let clock: TestClock;
let desk: ReturnType<typeof frontOf>;
let lines: number;

beforeEach(async () => {
  clock = new TestClock();
  clock.time = Date.UTC(2026, 10, 20, 19);
  table = await openTable({ clock });
  desk = frontOf(table, { model: new ScriptedModel([]) });
  lines = 0;
  await table.addNpc('Hroon', { role: 'keeper of the gate' });
  await table.addNpc('Tilda');
});
afterEach(async () => {
  expect(desk.faults).toEqual([]);
  await table.close();
});

async function say(text: string, witnesses = ['npc-1']) {
  const scene = await table.campaign.scenes.open('table');
  lines += 1;
  clock.time += 60_000;
  await table.campaign.lines.append(newLine(`line-${lines}`, scene.id, { text, witnesses }));
}

const ask = (query: string, options = {}) => desk.run('memory recall', { query, ...options });

describe('on the first evening', () => {
  beforeEach(async () => {
    await say('The tide is low tonight, and the abbot counts his coins.');
    await say('Take your time, the evening is long.');
  });

  it.each([
    'last night',
    'yesterday',
    'last week',
    'a month ago',
    'last session',
    'on day 3',
    'before the siege',
  ])('says that nothing is remembered from “%s”, and finds nothing by its words', async (words) => {
    expect(await ask(`what happened ${words}?`)).toBe(`Nobody remembers anything from “${words}”.`);
    expect(await ask(`what happened ${words}?`, { npc: 'Hroon' })).toBe(
      `Hroon remembers nothing from “${words}”.`,
    );
  });

  it('shows what else was asked for as no more than the nearest', async () => {
    for (const query of ['what did the abbot count yesterday?', 'who knows of the coins on 3 May 2019?'])
      expect(await ask(query)).toMatch(
        /^Nobody remembers anything from “(?:yesterday|3 May 2019)”\. This comes nearest:\n.*abbot counts.* heard by Hroon/u,
      );
    expect(await ask('what did Wren say yesterday?', { npc: 'Hroon' })).toMatch(
      /^Hroon remembers nothing from “yesterday”\. This comes nearest:\n/u,
    );
    expect(await ask('yesterday or last night, the coins?')).toContain('from “yesterday” or “last night”.');
  });

  it('takes for a time only what may be one', async () => {
    await say('A stranger asked after the ferry.');
    expect(await ask('Who asked after the ferry?')).toMatch(
      /^Hroon knows of it; Tilda does not\.\n.*stranger/u,
    );
  });
});

describe('on later evenings', () => {
  beforeEach(async () => {
    await say('The abbot counts his coins.');
    clock.time += 7 * DAY_IN_MS;
    await say('We are back.', ['npc-2']);
  });

  it.each([
    'on 20 November',
    'on 20 November 2026',
    'last week',
    'a week ago',
    'seven days ago',
    'last night',
  ])('knows what was said %s', async (words) => {
    expect(await ask(`what happened ${words}?`)).toMatch(
      /^Hroon knows of it; Tilda does not\.\n.*coins.* known to Hroon/u,
    );
  });

  it('tells who knows of what else was asked for, and only from that time', async () => {
    expect(await ask('who knew of the abbot last week?')).toMatch(/^Hroon knows of it; Tilda does not\./u);
    await say('The abbot is here.', ['npc-2']);
    expect(await ask('what was said of the abbot last week?')).toMatch(
      /^Hroon knows of it; Tilda does not\./u,
    );
    expect(await ask('what of the dragon last week?')).toMatch(/^No memory tells of it plainly\./u);
    expect(await ask('what happened on 21 November?')).toMatch(
      /^Nobody remembers anything from “21 November”\./u,
    );
  });

  it('looks for an event as it was told, whoever its words may mean', async () => {
    await say('The gate falls!', ['npc-1', 'npc-2']);
    await say('Hold the stairs.', ['npc-2']);
    expect(await ask('what was said after the gate fell?')).toMatch(
      /^Tilda knows of it; Hroon does not\.\n.*stairs/u,
    );
    expect(await ask('what happened since the keeper came?')).toBe(
      'Nobody remembers anything from “since the keeper came”.',
    );
  });
});
