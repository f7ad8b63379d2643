import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boltLogger } from '#src/adapters/slack/bolt-log.ts';
import { type Transport, transportOf } from '#src/adapters/slack/transport.ts';
import { PlatformAway, Refusal } from '#src/core/errors.ts';
import { type SlackServer, startSlackServer } from '../../../support/slack/slack-server.ts';
import { recordingLog } from './open-team.ts';

let slack: SlackServer;
let transport: Transport | undefined;
beforeEach(async () => {
  slack = await startSlackServer();
});
afterEach(async () => {
  await transport?.close();
  transport = undefined;
  await slack.close();
});

function openTransport(settings: Parameters<typeof transportOf>[0]): Transport {
  const log = recordingLog([]);
  transport = transportOf({ apiUrl: slack.apiUrl, ...settings }, boltLogger(log), log);
  return transport;
}

describe('the way on which Slack reaches us', () => {
  it('is open while a socket stands', async () => {
    const socket = openTransport({ appToken: slack.app.appToken });
    expect(socket.isOpen()).toBe(false);
    await socket.open();
    expect(socket.isOpen()).toBe(true);
    slack.disturb(() => ({ error: 'internal_error' }));
    slack.sockets.drop();
    await slack.until(() => !socket.isOpen(), 'it is known to be gone');
    slack.disturb(undefined);
    await slack.until(() => socket.isOpen(), 'another stands');
    await socket.close();
    expect(socket.isOpen()).toBe(false);
  });

  it('may be there later where Slack is in trouble, and never where it refuses our token', async () => {
    const openFails = async (appToken: string) => {
      try {
        await openTransport({ appToken }).open();
      } catch (error) {
        return error;
      }
      throw new Error('It was opened.');
    };
    const refused = await openFails('xapp-wrong');
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).not.toBeInstanceOf(PlatformAway);
    slack.disturb(() => ({ error: 'internal_error' }));
    expect(await openFails(slack.app.appToken)).toBeInstanceOf(PlatformAway);
    slack.disturb(undefined);
    await openTransport({ appToken: slack.app.appToken }).open();
    expect(transport?.isOpen()).toBe(true);
  });

  it('is always open over HTTP', async () => {
    const http = openTransport({ signingSecret: 'secret' });
    await http.open();
    expect(http.isOpen()).toBe(true);
  });
});
