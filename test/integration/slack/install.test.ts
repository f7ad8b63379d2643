import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import {
  type GameOptions,
  judged,
  openGame,
  type SlackGame,
  SPOTLESS,
  speaking,
} from '../../support/slack/slack-game.ts';
import type { SlackPerson } from '../../support/slack/slack-person.ts';

function play(options: GameOptions = {}): Promise<SlackGame> {
  return openGame({ isInstalledByOAuth: true, ...options });
}

/** Follows the pages as a browser does. */
async function install({ slack, url }: SlackGame, installer: SlackPerson, spoil?: (address: URL) => void) {
  const begun = await fetch(`${url}/slack/install`, { redirect: 'manual' });
  expect(begun.status).toBe(302);
  const cookie = begun.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const back = new URL(slack.authorize(begun.headers.get('location') ?? '', installer));
  spoil?.(back);
  const done = await fetch(back, { headers: { cookie } });
  return { status: done.status, page: await done.text() };
}

async function everythingOnDisk(folder: string): Promise<string> {
  const files = (await readdir(folder, { withFileTypes: true })).filter((file) => file.isFile());
  return (await Promise.all(files.map(({ name }) => readFile(join(folder, name), 'latin1')))).join('\n');
}

function installedTeams({ dataDir }: SlackGame): readonly unknown[] {
  const database = new DatabaseSync(join(dataDir, 'dramatis.db'), { readOnly: true });
  const rows = database.prepare('select team_id from installations order by team_id').all();
  database.close();
  return rows.map(({ team_id: id }) => id);
}

describe.concurrent.each(['socket', 'http'] as const)(
  'workspaces that install the app themselves (%s)',
  (transport) => {
    it('play apart from each other, also after a restart, their tokens sealed on the disk', async () => {
      await using game = await play({ transport });
      const { slack, team, gm, mira, tavern, model } = game;
      const other = slack.openTeam('Other Shore', { isInstalled: false });
      const guide = slack.person(other, 'Gale', { isAdmin: true });
      const quay = slack.channel(other, 'quay', { members: [guide] });
      expect((await install(game, gm)).page).toContain('Salt Docks');
      expect((await install(game, guide)).page).toContain('Other Shore');
      speaking(model, { text: 'Whoever asks.' });

      await game.bringOn('Kettle');
      mira.says(tavern, 'Kettle, who is there?');
      await game.sees(mira, tavern, ({ text }) => text === 'Whoever asks.', 'an answer');
      await guide.slash(quay, '/npc', 'list');
      const list = await game.sees(
        guide,
        quay,
        ({ isEphemeral, from }) => isEphemeral || from !== 'Gale',
        'the list',
      );
      expect(list.text).not.toContain('Kettle is');
      await guide.slash(quay, '/npc', 'talk Hroon');
      await game.sees(guide, quay, ({ from }) => from === 'Hroon', 'a greeting in the other workspace');

      const disk = await everythingOnDisk(game.dataDir);
      for (const token of [team.token, other.token]) expect(disk).not.toContain(token);
      await game.leave();
      await game.start();
      mira.says(tavern, 'Kettle, and now?');
      await slack.until(
        () => mira.sees(tavern).filter(({ text }) => text === 'Whoever asks.').length === 2,
        'an answer after the restart',
      );
      expect(judged(game)).toEqual(SPOTLESS);
    });

    it('are forgotten when they remove the app, and come back when they install it again', async () => {
      await using game = await play({ transport });
      const { slack, team, gm, mira, tavern, model } = game;
      await install(game, gm);
      await game.bringOn('Kettle');
      expect(installedTeams(game)).toEqual([team.id]);
      await slack.uninstall(team);
      await slack.until(() => installedTeams(game).length === 0, 'it is forgotten');
      const calls = slack.journal.calls.length;
      expect((await mira.slash(tavern, '/npc', 'list')).tookInMs).toBeLessThan(3000);
      expect(slack.journal.calls.length).toBe(calls);

      expect((await install(game, gm)).page).toContain('Salt Docks');
      speaking(model, { text: 'Back again.' });
      mira.says(tavern, 'Kettle, are you back?');
      await game.sees(mira, tavern, ({ text }) => text === 'Back again.', 'an answer');
      expect(judged(game)).toEqual(SPOTLESS);
    });
  },
);

describe.concurrent('an installation that goes wrong', () => {
  it('says so on a page, and installs nothing', async () => {
    await using game = await play();
    const { gm } = game;
    const spoils: readonly ((address: URL) => void)[] = [
      (address) => address.searchParams.set('state', 'forged'),
      (address) => address.searchParams.set('code', 'guessed'),
      (address) => {
        address.searchParams.delete('code');
        address.searchParams.set('error', 'access_denied');
      },
    ];
    for (const spoil of spoils) {
      const { status, page } = await install(game, gm, spoil);
      expect(status).toBe(400);
      expect(page).toContain('was not installed');
    }
    expect(installedTeams(game)).toEqual([]);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('needs the browser that it began in', async () => {
    await using game = await play();
    const { slack, url, gm } = game;
    const begun = await fetch(`${url}/slack/install`, { redirect: 'manual' });
    const back = slack.authorize(begun.headers.get('location') ?? '', gm);
    const elsewhere = await fetch(back);
    expect(elsewhere.status).toBe(400);
    expect(installedTeams(game)).toEqual([]);
  });

  it('asks for no more than the manifest says, and Slack knows every scope', async () => {
    await using game = await play();
    const begun = await fetch(`${game.url}/slack/install`, { redirect: 'manual' });
    const asked = new URL(begun.headers.get('location') ?? '').searchParams.get('scope')?.split(',') ?? [];
    expect(asked).toContain('chat:write.customize');
    expect(asked.filter((scope) => !game.slack.app.scopes.includes(scope))).toEqual([]);
  });
});
