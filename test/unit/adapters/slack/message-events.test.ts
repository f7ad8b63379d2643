import { describe, expect, it } from 'vitest';
import { messageNews, type SlackMessageEvent } from '#src/adapters/slack/message-events.ts';

const said: SlackMessageEvent = {
  type: 'message',
  channel: 'C1',
  channel_type: 'channel',
  user: 'U1',
  text: 'Hello',
  ts: '1.000001',
};
const news = (event: SlackMessageEvent) => messageNews(event, 'UBOT');

describe('a message', () => {
  it('is said', () => {
    expect(news(said)).toEqual({
      kind: 'said',
      channel: 'C1',
      ts: '1.000001',
      userId: 'U1',
      text: 'Hello',
      isDirect: false,
      isBroadcast: false,
      threadTs: undefined,
      parentUserId: undefined,
      files: [],
    });
  });

  it('in a direct conversation is said to us', () => {
    expect(news({ ...said, channel_type: 'im' })).toMatchObject({ isDirect: true });
  });

  it('in a thread names it, the first message of a thread does not', () => {
    expect(news({ ...said, thread_ts: '0.5', parent_user_id: 'UBOT' })).toMatchObject({
      threadTs: '0.5',
      parentUserId: 'UBOT',
    });
    expect(news({ ...said, thread_ts: said.ts ?? '' })).toMatchObject({ threadTs: undefined });
  });

  it('with files, shown in the channel too, or as an action is said as well', () => {
    expect(news({ ...said, subtype: 'file_share', files: [{ name: 'a.png' }] })).toMatchObject({
      files: [{ name: 'a.png' }],
    });
    expect(news({ ...said, subtype: 'thread_broadcast', thread_ts: '0.5' })).toMatchObject({
      isBroadcast: true,
      threadTs: '0.5',
    });
    expect(news({ ...said, subtype: 'me_message', text: 'waves' })).toMatchObject({ text: '*waves*' });
  });

  it.each([
    ['of ours', { user: 'UBOT' }],
    ['of a program', { bot_id: 'B1' }],
    ['of a program without a person', { subtype: 'bot_message', bot_id: 'B1' }],
    ['of Slack itself', { user: 'USLACKBOT' }],
    ['about somebody who joined', { subtype: 'channel_join' }],
    ['about the topic', { subtype: 'channel_topic' }],
  ])('%s is not heard', (_, change) => {
    expect(news({ ...said, ...change })).toBeUndefined();
  });
});

describe('a change', () => {
  const changed = (message: SlackMessageEvent, before: SlackMessageEvent = said) =>
    news({ subtype: 'message_changed', channel: 'C1', ts: '2.0', message, previous_message: before });

  it('is of the message that was changed', () => {
    expect(changed({ ...said, text: 'Hello again' })).toEqual({
      kind: 'changed',
      channel: 'C1',
      ts: '1.000001',
      userId: 'U1',
      text: 'Hello again',
      threadTs: undefined,
    });
  });

  it('of the same text is none: a link was unfolded', () => {
    expect(changed({ ...said })).toBeUndefined();
  });

  it('of ours or of a program is none of ours', () => {
    expect(changed({ ...said, user: 'UBOT', text: 'x' })).toBeUndefined();
    expect(changed({ ...said, bot_id: 'B1', text: 'x' })).toBeUndefined();
  });

  it('to a tombstone is a deletion', () => {
    expect(changed({ ts: '1.000001', subtype: 'tombstone', user: 'USLACKBOT', text: '' })).toMatchObject({
      kind: 'deleted',
      ts: '1.000001',
    });
  });
});

describe('a deletion', () => {
  it('names what was deleted', () => {
    expect(
      news({
        subtype: 'message_deleted',
        channel: 'C1',
        deleted_ts: '1.000001',
        previous_message: { ...said, thread_ts: '0.5' },
      }),
    ).toEqual({
      kind: 'deleted',
      channel: 'C1',
      ts: '1.000001',
      userId: 'U1',
      threadTs: '0.5',
    });
  });

  it('of which Slack tells nothing but the id counts', () => {
    expect(news({ subtype: 'message_deleted', channel: 'C1', deleted_ts: '1.000001' })).toEqual({
      kind: 'deleted',
      channel: 'C1',
      ts: '1.000001',
      userId: undefined,
      threadTs: undefined,
    });
  });

  it('of ours is left alone', () => {
    expect(
      news({
        subtype: 'message_deleted',
        channel: 'C1',
        deleted_ts: '1.0',
        previous_message: { ...said, user: 'UBOT', bot_id: 'B1' },
      }),
    ).toBeUndefined();
  });
});
