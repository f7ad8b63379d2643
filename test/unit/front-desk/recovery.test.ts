import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecoveredLine } from '#src/core/store.ts';
import { inn, openDesk } from '../../support/chat-desk.ts';
import { RecordingPlatform } from '../../support/recording-platform.ts';
import { openTable, type Table } from '../../support/table.ts';

let table: Table;
beforeEach(async () => {
  table = await openTable();
});
afterEach(() => table.close());

const { platform, workspace, channelId } = inn;
const cutOff = (id: string, parts: Partial<RecoveredLine> = {}): RecoveredLine => ({
  campaignId: 'c',
  line: {
    ...{ id, sceneId: 's', seq: 1, kind: 'speech', text: 'One.', state: 'cut', replyTo: undefined },
    ...{ speaker: { kind: 'npc', id: 'n', name: 'Tilda' }, createdAtInMs: 0 },
  },
  workspace: { id: 'w', platform, ...workspace },
  channelId,
  messageIds: [`post of ${id}`],
  ...parts,
});

describe('a reply that a crash cut off', () => {
  it('is marked where it stands once its platform is within reach, and once', async () => {
    const { front } = await openDesk(table);
    const slack = new RecordingPlatform('slack');
    const onSlack = { id: 'w2', platform: 'slack', platformId: 'team', name: 'Team' } as const;
    await front.recovered([
      cutOff('a', { workspace: onSlack }),
      cutOff('b', { workspace: onSlack, messageIds: [] }),
    ]);
    await front.join(slack);
    await front.join(slack);
    expect(slack.brokenOff).toHaveLength(1);
    expect(slack.brokenOff[0]).toMatchObject({
      place: { platform: 'slack', workspace: { platformId: 'team', name: 'Team' }, channelId: 'inn' },
      messageIds: ['post of a'],
      npcName: 'Tilda',
      npcId: 'n',
      text: 'One.',
      notice: { tone: 'trouble', actions: [{ command: 'retry', options: { npc: 'Tilda' } }] },
    });
    expect(JSON.stringify(slack.brokenOff[0]?.notice)).toContain(
      'Tilda breaks off: the program ended meanwhile',
    );
  });

  it('is marked at once where the platform is there, and one that fails holds up no other', async () => {
    const desk = await openDesk(table);
    vi.spyOn(desk.platform, 'markBrokenOff').mockRejectedValueOnce(new Error('403'));
    const { line } = cutOff('b');
    await desk.front.recovered([cutOff('a'), cutOff('b', { line: { ...line, text: '', state: 'failed' } })]);
    expect(desk.platform.brokenOff.map(({ messageIds }) => messageIds)).toEqual([['post of b']]);
    expect(JSON.stringify(desk.platform.brokenOff[0]?.notice)).toContain('Tilda does not answer');
    expect(desk.faults).toHaveLength(1);
  });
});
