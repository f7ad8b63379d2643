import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, openApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { admin, place, spoken } from '../support/front.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { recordingLog } from '../support/recording-log.ts';
import { RecordingStage } from '../support/recording-stage.ts';

const SMALL_TALK = 12;
const LABEL = / remembers, oldest first\./u;

let remote: ModelServer;
let dataDir: string;
let app: App;
let calls = 0;

beforeEach(async () => {
  remote = await startModelServer();
  dataDir = await mkdtemp(join(tmpdir(), 'dramatis-time-'));
  app = await open();
});
afterEach(async () => {
  await app.close({ graceInMs: 0 });
  await remote.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(): Promise<App> {
  const { config } = readConfig({
    ...{ DATA_DIR: dataDir, OPENAI_BASE_URL: remote.url, CHAT_MODEL: 'stand-in', OPENAI_API_KEY: 'sk-test' },
  });
  return openApp({ config, log: recordingLog().log });
}

async function run(command: string, options: Readonly<Record<string, string>>): Promise<string> {
  calls += 1;
  const stage = new RecordingStage();
  const call = { place, callId: `call-${calls}`, person: admin, command, options } as const;
  await app.front.run({ ...call, speaker: { kind: 'gm', id: 'gm', name: 'GM' } }, stage);
  return stage.told.join('\n');
}

async function say(text: string, speaker: 'Mira' | 'GM' = 'Mira'): Promise<void> {
  calls += 1;
  const line = { ...spoken, place, messageId: `m${calls}`, person: admin, text } as const;
  const who =
    speaker === 'GM'
      ? ({ kind: 'gm', id: 'gm', name: 'GM' } as const)
      : ({ kind: 'character', id: 'p1', name: 'Mira' } as const);
  await app.front.hear({ ...line, speaker: who }, new RecordingStage());
}

/** What the model was last given to speak from. */
function prompt(): { readonly before: string; readonly last: string } {
  const messages = remote.journal.at(-1)?.body.messages.map(({ content }) => String(content)) ?? [];
  return { before: messages.slice(0, -1).join('\n\n'), last: messages.at(-1) ?? '' };
}

/** What came to mind, line by line. */
function remembered(): readonly string[] {
  const { last } = prompt();
  const from = last.search(LABEL);
  return from < 0
    ? []
    : last
        .slice(from)
        .split('\n')
        .filter((line) => line.startsWith('- '));
}

async function smallTalk(npc: string): Promise<void> {
  for (let index = 0; index < SMALL_TALK; index += 1) await say(`${npc}, another ale, the ${index}th.`);
}

async function bringIn(role: string): Promise<string> {
  const told = await run('npc quick', { role });
  const npc = /(\S.*) is ready/u.exec(told)?.[1] ?? '';
  expect(npc).not.toBe('');
  await run('npc talk', { npc });
  return npc;
}

describe('a game whose in-world time is kept', () => {
  it('plays an evening, and is asked the next day what was heard last night', {
    timeout: 120_000,
  }, async () => {
    const keeper = await bringIn('barkeep');
    expect(await run('campaign time', { set: 'day 1, evening' })).toContain('day 1, 18:00 (evening)');
    await say(`${keeper}, a stranger in grey asked after the ferry.`);
    await smallTalk(keeper);
    await run('campaign time', { set: 'day 2, evening' });
    await say('Smoke over the roofs: the granary is on fire!', 'GM');
    await say(`${keeper}, the miller whispered of a silver key under the well.`);
    await smallTalk(keeper);
    await run('campaign time', { later: 'next morning' });
    const late = await bringIn('ferryman');
    await smallTalk(keeper);

    // Their lines lie beyond what is surely in every prompt; where they are read, they are marked.
    await say(`${keeper}, what did you hear last night?`);
    expect(prompt().last).toContain('(It is day 3, morning. Also here:');
    expect(prompt().before).toContain('[It is day 2, evening]');
    const ofMiller = { npc: keeper, query: 'What did you hear of the miller last night?', why: 'true' };
    expect(await run('memory recall', ofMiller)).toMatch(
      /remembers\nMira: .*silver key under the well\. — day 2, evening .*last night \(day 2, evening\)/u,
    );
    const ofFerry = { npc: keeper, query: 'Who asked after the ferry before the fire?', why: 'true' };
    expect(await run('memory recall', ofFerry)).toMatch(
      /remembers\nMira: .*stranger in grey.*before the fire \(day 1, evening\)/u,
    );

    // Whoever came in later has heard nothing of it.
    expect(await run('memory recall', { npc: late, query: 'What did you hear last night?' })).not.toMatch(
      /silver key|grey|fire/u,
    );

    // In another scene there is nothing to read: it comes to mind, and says when it was.
    await run('npc dismiss', { npc: late });
    await app.close({ graceInMs: 0 });
    app = await open();
    expect(await run('campaign time', {})).toContain('day 3, 08:00');
    await run('campaign time', { later: '2 days' });
    const other = { ...place, channelId: 'elsewhere' };
    const stage = new RecordingStage();
    const gm = { kind: 'gm', id: 'gm', name: 'GM' } as const;
    const call = { place: other, callId: 'talk', person: admin, speaker: gm, command: 'npc talk' } as const;
    await app.front.run({ ...call, options: { npc: keeper } }, stage);
    const asking = { ...spoken, place: other, messageId: 'ask', person: admin } as const;
    const speaker = { kind: 'character', id: 'p1', name: 'Mira' } as const;
    await app.front.hear({ ...asking, speaker, text: `${keeper}, what of the key three nights ago?` }, stage);
    expect(prompt().last).toContain('(It is day 5, morning. Also here:');
    expect(remembered().join('\n')).toMatch(/- three nights ago, Mira said: .*silver key/u);
  });

  it('understands last night by the evening of play where no time is kept', async () => {
    const keeper = await bringIn('barkeep');
    await say(`${keeper}, the miller whispered of a silver key.`);
    expect(
      await run('memory recall', { npc: keeper, query: 'What was whispered tonight?', why: 'true' }),
    ).toMatch(/silver key.* — .*tonight \(\d{4}-\d\d-\d\d\)/u);
    expect(prompt().last).not.toContain('It is day');
  });
});
