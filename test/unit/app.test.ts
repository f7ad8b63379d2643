import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { type Clock, systemClock } from '#src/core/clock.ts';
import { openLog } from '#src/log.ts';
import { admin, place, spoken } from '../support/front.ts';
import { startModelServer } from '../support/model-server.ts';
import { RecordingPlatform } from '../support/recording-platform.ts';
import { RecordingStage } from '../support/recording-stage.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dramatis-app-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const open = (environment: Readonly<Record<string, string>> = {}, clock: Clock = systemClock) => {
  const { config } = readConfig({ ...environment, DATA_DIR: dataDir });
  return openApp({ config, log: openLog({ level: 'silent', secrets: [] }), clock });
};

describe('the app', () => {
  it('is ready until it closes, and closes with nothing under way', async () => {
    const app = await open();
    expect(app.isReady()).toBe(true);
    await app.close({ graceInMs: 60_000 });
    expect(app.isReady()).toBe(false);
  });

  it('loads ahead what the first line needs, with a model and without', async () => {
    for (const environment of [{}, { CHAT_MODEL: 'gpt-4o-mini', OPENAI_API_KEY: 'sk-test-not-a-key' }]) {
      const app = await open(environment);
      await app.warmUp();
      await app.close({ graceInMs: 0 });
    }
  });

  it('has memory and lore follow the settings', async () => {
    const app = await open({ MEMORY_CLOCK: 'wall', LORE_PASSAGES: '1', LORE_MIN_SIMILARITY: '0' });
    const stage = new RecordingStage();
    const call = { place, person: admin, speaker: undefined };
    let calls = 0;
    const run = async (command: string, options: Readonly<Record<string, string>>) => {
      calls += 1;
      await app.front.run({ ...call, callId: `c${calls}`, command, options }, stage);
      return stage.told.at(-1) ?? '';
    };
    for (const title of ['Toll', 'Ferry'])
      await run('lore add', { title, text: `The ${title} of the salt docks costs four coppers.` });
    const found = await run('lore search', { query: 'What does it cost at the salt docks by night?' });
    expect(found.match(/four coppers/gu)).toHaveLength(1);
    expect(await run('admin memory', {})).toContain('MEMORY_CLOCK=wall');
    await app.close({ graceInMs: 0 });
  });

  it('has prompts and consolidation follow the settings', async () => {
    const server = await startModelServer();
    const clock = { time: Date.UTC(2031, 4, 1), now: () => clock.time };
    const model = { CHAT_MODEL: 'scripted', OPENAI_BASE_URL: server.url };
    const settings = { PROMPT_SHARES: '0.6,0.4,0', MEMORY_CLOCK: 'wall', MEMORY_PROMOTE_ABOVE: '0' };
    const app = await open({ ...model, ...settings }, clock);
    const stage = new RecordingStage();
    const call = { place, person: admin, speaker: undefined };
    let calls = 0;
    const run = async (command: string, options: Readonly<Record<string, string>>) => {
      calls += 1;
      await app.front.run({ ...call, callId: `c${calls}`, command, options }, stage);
      return stage.told.at(-1) ?? '';
    };
    await run('npc quick', { role: 'barkeep' });
    const npc = /(\S.*) is ready, and only you see this/u.exec(stage.told.join('\n'))?.[1] ?? '';
    await run('npc talk', { npc });
    await run('memory add', { npc, text: 'Aldo is dead.' });
    await app.front.hear({ ...call, ...spoken, messageId: 'm1', text: 'Good evening.' }, stage);
    const prompts = server.journal.map(({ body }) => JSON.stringify(body));
    expect(prompts.at(-1)).toContain('Good evening.');
    expect(prompts.join()).not.toContain('Aldo is dead.');
    expect(await run('admin consolidate', {})).not.toContain('moved to long-term memory');
    clock.time += 60 * 60_000;
    expect(await run('admin consolidate', {})).toContain('moved to long-term memory');
    await app.close({ graceInMs: 0 });
    await server.close();
  });

  it('keeps what was said over a restart, and knows its admins', async () => {
    const chat = { ...place, platform: 'discord' } as const;
    const person = { ...admin, id: '123456789012345678', permission: 'player', isManager: false } as const;
    const call = { place: chat, person, speaker: undefined, options: {} };
    const first = await open({ ADMIN_IDS: '123456789012345678' });
    const stage = new RecordingStage();
    await first.front.run(
      { ...call, callId: 'c1', command: 'npc quick', options: { role: 'barkeep' } },
      stage,
    );
    const name = /(\S.*) is ready, and only you see this/u.exec(stage.told.join('\n'))?.[1] ?? '';
    await first.front.run({ ...call, callId: 'c2', command: 'npc talk', options: { npc: name } }, stage);
    await first.close({ graceInMs: 0 });
    const again = await open();
    await again.front.join(new RecordingPlatform('discord'));
    const line = {
      ...spoken,
      place: chat,
      messageId: 'm1',
      person,
      speaker: undefined,
      text: 'Good evening.',
    };
    await again.front.hear(line, stage);
    expect(stage.speeches.at(-1)).toMatchObject({ npc: name, ending: { state: 'said' } });
    await again.front.run({ ...call, callId: 'c3', command: 'npc list' }, stage);
    expect(stage.told.at(-1)).toMatch(/for the game master/u);
    await again.close({ graceInMs: 0 });
  });
});
