import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boltLogger } from '#src/adapters/slack/bolt-log.ts';
import { installingReceiver } from '#src/adapters/slack/installing.ts';
import { systemClock } from '#src/core/clock.ts';
import { Refusal } from '#src/core/errors.ts';
import type { InstallationStore } from '#src/core/store.ts';
import { type SlackServer, startSlackServer } from '../../../support/slack/slack-server.ts';
import { recordingLog } from './open-team.ts';

let slack: SlackServer;
let server: Server;
let url: string;
let save: InstallationStore['save'];
let logged: string[];
beforeEach(async () => {
  slack = await startSlackServer();
  logged = [];
  server = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = recordingLog(logged);
  const receiver = installingReceiver({
    clientId: slack.app.clientId,
    clientSecret: slack.app.clientSecret,
    stateSecret: 'a-secret-of-the-tests',
    publicUrl: url,
    apiUrl: slack.apiUrl,
    installations: {
      save: (installation) => save(installation),
      byTeam: async () => undefined,
      remove: async () => {},
      teams: async () => [],
    },
    clock: systemClock,
    log,
    boltLogger: boltLogger(log),
    onInstalled: () => {},
  });
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await slack.close();
});

/** Follows the pages as a browser does, and gives the last. */
async function install(): Promise<string> {
  const installer = slack.person(slack.openTeam('Salt Docks', { isInstalled: false }), 'Gwen');
  const begun = await fetch(`${url}/slack/install`, { redirect: 'manual' });
  const cookie = begun.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const back = slack.authorize(begun.headers.get('location') ?? '', installer);
  return (await fetch(back, { headers: { cookie } })).text();
}

describe('an installation', () => {
  it('that we refuse says why, and is no fault', async () => {
    save = () => Promise.reject(new Refusal('Not for <everybody>.'));
    expect(await install()).toContain('Dramatis was not installed.</h1><p>Not for &lt;everybody&gt;.');
    expect(logged.filter((line) => line.includes('could not be installed'))).toEqual([]);
  });

  it('that fails says so without the cause, which is in the log', async () => {
    save = () => Promise.reject(new Error('the disk is full of secrets'));
    const page = await install();
    expect(page).toContain('Nothing was installed. Start again from the beginning.');
    expect(page).not.toContain('secrets');
    expect(logged.filter((line) => line.includes('could not be installed'))).toHaveLength(1);
  });
});
