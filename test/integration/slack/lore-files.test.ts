import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { pdfOf } from '../../support/pdf.ts';
import { loginPage, type Upload } from '../../support/slack/files.ts';
import { judged, openGame, ownManifest, type SlackGame, SPOTLESS } from '../../support/slack/slack-game.ts';
import type { SlackPerson } from '../../support/slack/slack-person.ts';
import { labelsOf } from '../../support/slack/submissions.ts';
import type { OpenView } from '../../support/slack/view-desk.ts';

const TOLLS = '# Tolls\n\nEvery barrel over the salt docks pays two coppers, and Hroon keeps the tally.\n';
const TUNNEL = 'The smugglers dug their tunnel below the chapel of Saint Odo.';
const MARKDOWN: Upload = { name: 'The_salt_docks.md', bytes: TOLLS };
const MB = 1024 * 1024;

async function formOf(game: SlackGame, person: SlackPerson, act: () => unknown): Promise<OpenView> {
  const before = person.modal;
  await act();
  await game.slack.until(() => person.modal !== undefined && person.modal !== before, 'a form opens');
  if (person.modal === undefined) throw new Error('gone again');
  return person.modal;
}

/** What is told to somebody alone, as soon as one of it fits. */
async function toldTo(game: SlackGame, person: SlackPerson, fits: RegExp, act: () => unknown) {
  const before = new Set(person.sees(game.tavern).map(({ ts }) => ts));
  await act();
  const answer = await game.sees(
    person,
    game.tavern,
    ({ ts, text, message }) => !before.has(ts) && message.author.kind === 'app' && fits.test(text),
    `an answer like ${fits.source}`,
  );
  expect(answer.isEphemeral).toBe(true);
  return answer;
}

const listed = (game: SlackGame) =>
  toldTo(game, game.gm, /./u, () => game.gm.slash(game.tavern, '/lore', 'list'));

/** Sends the form of `/lore add` with a file; gives its one answer, whether under its field or beside it. */
async function handIn(
  game: SlackGame,
  upload: Upload,
  meanwhile: (id: string) => void = () => {},
): Promise<string> {
  const { gm, tavern, slack } = game;
  const form = await formOf(game, gm, () => gm.slash(tavern, '/lore', 'add'));
  const { id } = gm.uploads(upload);
  const before = gm.sees(tavern).length;
  meanwhile(id);
  const { errors } = await gm.submits(form, { File: [id] });
  const [complaint] = Object.values(errors);
  if (complaint !== undefined) {
    expect(Object.keys(errors)).toEqual(['File']);
    return complaint;
  }
  const answers = () =>
    gm
      .sees(tavern)
      .slice(before)
      .filter(({ text }) => !text.startsWith('Reading it'));
  await slack.until(() => answers().length > 0, 'an answer');
  expect(answers()).toHaveLength(1);
  return answers()[0]?.text ?? '';
}

describe.concurrent('files for /lore add', () => {
  it('come by its form, and are listed and searched', async () => {
    await using game = await openGame();
    const { gm, tavern } = game;
    const form = await formOf(game, gm, () => gm.slash(tavern, '/lore', 'add'));
    expect(labelsOf(form)).toEqual(['Text', 'File', 'Title', 'Known', 'Npcs']);
    const { id } = gm.uploads(MARKDOWN);
    await toldTo(game, gm, /The salt docks is added: 1 passage\./u, () => gm.submits(form, { File: [id] }));

    // With options: what was typed stays, and a name that was typed is no file.
    const titled = await formOf(game, gm, () =>
      gm.slash(tavern, '/lore', 'add title:The tunnel known:gm file:tunnel.pdf'),
    );
    expect(labelsOf(titled)).toEqual(['Text', 'File', 'Npcs']);
    const pdf = gm.uploads({ name: 'tunnel.pdf', bytes: pdfOf([TUNNEL]) });
    await toldTo(game, gm, /The tunnel is added: 1 passage\./u, () => gm.submits(titled, { File: [pdf.id] }));

    const { text } = await listed(game);
    expect(text).toContain('The salt docks');
    expect(text).toContain('The tunnel');
    await toldTo(game, gm, /two coppers/u, () =>
      gm.slash(tavern, '/lore', 'search query:the toll on barrels'),
    );
    await toldTo(game, gm, /Saint Odo/u, () => gm.slash(tavern, '/lore', 'search query:smugglers tunnel'));
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('come in threads by button and by shortcut', async () => {
    await using game = await openGame();
    const { gm, tavern, team } = game;
    const root = gm.says(tavern, 'Let us talk of the docks');
    await root.delivered;
    const asked = await toldTo(game, gm, /\/lore add needs more/u, () =>
      gm.says(tavern, `<@${team.bot.id}> lore add`, { thread: root.ts }),
    );
    expect([asked.threadTs, asked.text]).toEqual([root.ts, expect.stringContaining('with a file attached')]);
    const form = await formOf(game, gm, () => gm.presses(asked, 'Fill in'));
    const { id } = gm.uploads(MARKDOWN);
    const added = await toldTo(game, gm, /is added/u, () => gm.submits(form, { File: [id] }));
    expect(added.threadTs).toBe(root.ts);

    const reply = gm.says(tavern, 'More of it', { thread: root.ts });
    await reply.delivered;
    const typing = await formOf(game, gm, () => gm.shortcut(reply.message, 'dramatis-command'));
    const again = await formOf(game, gm, () => gm.submits(typing, { Command: 'lore add title:Tunnel' }));
    const pdf = gm.uploads({ name: 'a.pdf', bytes: pdfOf([TUNNEL]) });
    await toldTo(game, gm, /Tunnel is added/u, () => gm.submits(again, { File: [pdf.id] }));
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('come with a mention, also from a workspace that shares the channel', async () => {
    await using game = await openGame();
    const { gm, mira, tavern, team, slack } = game;
    const us = `<@${team.bot.id}>`;
    const markdown = gm.uploads({ ...MARKDOWN, isOfConnect: true });
    await toldTo(game, gm, /The salt docks is added/u, () =>
      gm.says(tavern, `${us} lore add`, { files: [markdown] }),
    );
    const snippet = gm.uploads({
      name: 'Untitled',
      bytes: `## Below\n\n${TUNNEL}`,
      mode: 'snippet',
      filetype: 'markdown',
    });
    await toldTo(game, gm, /Tunnel is added/u, () =>
      gm.says(tavern, `${us} lore add title:Tunnel`, { files: [snippet] }),
    );
    await toldTo(game, gm, /Give a text or a file, not both/u, () =>
      gm.says(tavern, `${us} lore add text:Both`, { files: [gm.uploads(MARKDOWN)] }),
    );
    await toldTo(game, gm, /one file at a time/u, () =>
      gm.says(tavern, `${us} lore add`, { files: [gm.uploads(MARKDOWN), gm.uploads(MARKDOWN)] }),
    );
    // A direct conversation is a table of one's own, and needs no mention.
    mira.says(mira.dm, 'lore add', { files: [mira.uploads(MARKDOWN)] });
    await game.sees(mira, mira.dm, ({ text }) => /The salt docks is added/u.test(text), 'an answer');
    // Nobody's file is looked at for what they may not run.
    const looks = () => slack.journal.calls.filter(({ method }) => method === 'files.info').length;
    const before = looks();
    await toldTo(game, mira, /is for the game master/u, () =>
      mira.says(tavern, `${us} lore add`, { files: [mira.uploads(MARKDOWN)] }),
    );
    expect(looks()).toBe(before);
    expect(judged(game)).toEqual(SPOTLESS);
  });

  it('that cannot be read are refused in one sentence each, and nothing is stored', async () => {
    const strangers: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      strangers.push(request.headers.authorization);
      response.end(TOLLS);
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const foreign = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/file.md`;
    await using game = await openGame();
    const { gm, slack, team } = game;
    const refused: readonly (readonly [string, Upload, RegExp])[] = [
      ['no text', { name: 'a.txt', bytes: Buffer.from([0, 1, 255]) }, /no text, Markdown, PDF or lorebook/u],
      ['no PDF', { name: 'a.pdf', bytes: '%PDF-1.7 and lies' }, /no PDF that can be read/u],
      ['too large', { name: 'a.txt', bytes: Buffer.alloc(5 * MB + 1, 'a') }, /5\.0 MB, and one may have 5/u],
      ['outside', { ...MARKDOWN, mode: 'external' }, /lies outside of Slack/u],
      ['a login page', { ...MARKDOWN, answer: loginPage }, /asked for a login/u],
      ['lying elsewhere', { ...MARKDOWN, address: foreign }, /an address outside of Slack/u],
    ];
    for (const [what, upload, words] of refused) {
      const answer = await handIn(game, upload);
      expect([what, answer]).toEqual([what, expect.stringMatching(words)]);
    }
    const vanished = await handIn(game, MARKDOWN, () => {
      slack.disturb(({ method }) => (method === 'files.info' ? { error: 'file_deleted' } : undefined));
    });
    expect(vanished).toMatch(/gone from Slack/u);
    slack.disturb(undefined);

    // A file of another workspace, forged into a form of this one.
    const other = slack.person(slack.openTeam('Elsewhere'), 'Eve');
    const theirs = other.uploads(MARKDOWN);
    const form = await formOf(game, gm, () => gm.slash(game.tavern, '/lore', 'add'));
    const { errors } = await gm.submits(form, { File: [theirs.id] });
    expect(errors).toEqual({ File: expect.stringMatching(/gone from Slack/u) });

    expect((await listed(game)).text).not.toMatch(/salt docks|passage/iu);
    expect(strangers).toEqual([]);
    expect(game.log.join('\n')).not.toContain(team.token);
    expect(judged(game)).toEqual(SPOTLESS);
    elsewhere.close();
  });

  it('need a scope, which is named where it is missing, and found as soon as it is there', async () => {
    const own = ownManifest();
    const scopes = own.scopes.filter((scope) => scope !== 'files:read');
    await using game = await openGame({ manifest: { ...own, scopes } });
    const { gm, tavern, team } = game;
    const lacking = /lacks the scope files:read: files cannot be handed in\. .*install the app again/u;
    const hint = await toldTo(game, gm, lacking, () => gm.slash(tavern, '/lore', 'add'));
    if (gm.modal === undefined) throw new Error('no form opened');
    expect(labelsOf(gm.modal)).toEqual(['Text', 'Title', 'Known', 'Npcs']);
    expect(hint.isEphemeral).toBe(true);
    await toldTo(game, gm, lacking, () => gm.slash(tavern, '/lore', 'add file:a.md'));
    const says = () => gm.says(tavern, `<@${team.bot.id}> lore add`, { files: [gm.uploads(MARKDOWN)] });
    await toldTo(game, gm, lacking, says);
    expect((await listed(game)).text).not.toContain('salt docks');

    team.scopes.add('files:read');
    const form = await formOf(game, gm, () => gm.slash(tavern, '/lore', 'add'));
    expect(labelsOf(form)).toContain('File');
    await toldTo(game, gm, /is added/u, says);
    expect(judged(game)).toEqual(SPOTLESS);
  });
});
