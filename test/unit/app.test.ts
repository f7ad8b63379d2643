import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { openLog } from '#src/log.ts';
import { admin, place, spoken } from '../support/front.ts';
import { RecordingPlatform } from '../support/recording-platform.ts';
import { RecordingStage } from '../support/recording-stage.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dramatis-app-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const open = (environment: Readonly<Record<string, string>> = {}) => {
  const { config } = readConfig({ ...environment, DATA_DIR: dataDir });
  return openApp({ config, log: openLog({ level: 'silent', secrets: [] }) });
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
