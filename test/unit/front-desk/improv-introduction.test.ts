import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person, Place } from '#src/core/front.ts';
import { ann, inn, owner } from '../../support/chat-desk.ts';
import { frontOf } from '../../support/front.ts';
import { RecordingStage } from '../../support/recording-stage.ts';
import { ScriptedModel } from '../../support/scripted-model.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

const den: Place = { ...inn, channelId: 'den' };
const direct: Place = {
  ...inn,
  workspace: { platformId: 'dm:owner', name: 'Direct' },
  channelId: 'dm-owner',
};

function openDesk(modelNames: readonly string[] = []) {
  const { front } = frontOf(table, { model: new ScriptedModel([]), modelNames, adminIds: ['root'] });
  const stage = new RecordingStage();
  const run = (command: string, person: Person, place: Place = inn, options = {}) =>
    front.run({ place, callId: randomUUID(), person, speaker: undefined, command, options }, stage);
  const introductions = () => stage.told.filter((text) => text.includes('No language model is connected'));
  return { front, stage, run, introductions };
}

describe('improv, where people chat', () => {
  it('is introduced to whoever leads, alone, after what they asked for', async () => {
    const { front, run, stage, introductions } = openDesk();
    await run('scene', ann);
    const line = { place: inn, messageId: 'm1', person: ann, speaker: undefined, text: 'Hello?' };
    await front.hear(
      { ...line, isDirect: true, repliesTo: undefined, attachments: [], source: 'person' },
      stage,
    );
    expect(introductions()).toEqual([]);
    await run('scene', owner);
    expect(stage.told.at(-2)).toContain('Nobody is on stage.');
    expect(stage.notices.at(-1)?.audience).toBe('asker');
    expect(introductions()).toHaveLength(1);
    expect(introductions()[0]).not.toMatch(/[A-Z]_[A-Z]/u);
  });

  it('says how to connect a model to whoever runs the program', async () => {
    const { run, introductions } = openDesk();
    await run('scene', { ...owner, id: 'root' });
    expect(introductions()[0]).toContain('CHAT_MODEL');
  });

  it('is introduced once: in no other campaign, conversation or process again', async () => {
    const { run, introductions } = openDesk();
    await Promise.all([run('scene', owner), run('scene', owner)]);
    await run('campaign create', owner, den, { name: 'Another' });
    await run('scene', owner, den);
    await run('scene', owner, direct);
    await run('scene', { ...owner, id: 'warden' });
    expect(introductions()).toHaveLength(1);
    const restarted = openDesk();
    await restarted.run('scene', owner);
    await restarted.run('scene', owner, den);
    expect(restarted.introductions()).toEqual([]);
  });

  it('is not introduced where a model is connected', async () => {
    const { run, introductions } = openDesk(['gpt-x']);
    await run('scene', owner);
    expect(introductions()).toEqual([]);
  });
});
