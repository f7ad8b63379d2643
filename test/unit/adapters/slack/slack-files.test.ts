import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILES_SCOPE } from '#src/adapters/slack/scopes.ts';
import { type FilesOptions, SlackFiles } from '#src/adapters/slack/slack-files.ts';
import { loginPage, type StoredFile, type Upload } from '../../../support/slack/files.ts';
import type { SlackPerson } from '../../../support/slack/slack-person.ts';
import type { Channel } from '../../../support/slack/world.ts';
import { type OpenTeam, openTeam, recordingLog } from './open-team.ts';

let open: OpenTeam;
let mira: SlackPerson;
let tavern: Channel;
beforeAll(async () => {
  open = await openTeam();
  mira = open.slack.person(open.world, 'Mira');
  tavern = open.slack.channel(open.world, 'tavern', { members: [mira] });
});
afterAll(() => open[Symbol.asyncDispose]());

const TOLLS = '# Tolls';
const MARKDOWN: Upload = { name: 'tolls.md', bytes: TOLLS };

function shared(upload: Upload, channel = tavern): StoredFile {
  const file = mira.uploads(upload);
  mira.says(channel, 'Here', { files: [file] });
  return file;
}
const handed = ({ id }: { readonly id?: string }) => open.team.files.handed(id === undefined ? {} : { id });
const read = async (upload: Upload) => {
  const file = await handed(shared(upload));
  return new TextDecoder().decode(await file.read());
};

describe('a file that was handed in', () => {
  it('is looked up when it comes, and read when it is wanted', async () => {
    const file = await handed(shared(MARKDOWN));
    expect(file).toMatchObject({ name: 'tolls.md', sizeInBytes: TOLLS.length });
    expect(new TextDecoder().decode(await file.read())).toBe(TOLLS);
    expect(open.slack.journal.violations).toEqual([]);
  });

  it('may be a snippet, which is called after what it is', async () => {
    const snippet = { name: null, bytes: TOLLS, mode: 'snippet', filetype: 'markdown' } as const;
    expect(await handed(shared(snippet))).toMatchObject({ name: 'Untitled.md' });
    expect(await read(snippet)).toBe(TOLLS);
    expect((await handed(shared({ name: 'notes.txt', bytes: '', mode: 'snippet' }))).name).toBe('notes.txt');
  });

  it('may be a web page, which is not taken for Slack’s own', async () => {
    const page = { name: 'a.html', bytes: '<!DOCTYPE html><p>Toll</p>' };
    expect(await read(page)).toBe(page.bytes);
    await expect(read({ ...page, answer: loginPage, size: 500 })).rejects.toThrow('asked for a login');
  });

  it.each<[string, Partial<Upload>, string]>([
    ['outside of Slack', { mode: 'external' }, 'lies outside of Slack'],
    ['a canvas', { mode: 'quip' }, 'page of Slack’s own'],
    ['a post', { mode: 'space' }, 'page of Slack’s own'],
    ['hidden by Slack', { mode: 'hidden_by_limit' }, 'gone from Slack'],
    ['too large', { size: 5 * 1024 * 1024 + 1 }, '5.0 MB'],
    ['at an address of somebody else', { address: 'https://evil.example/a.md' }, 'outside of Slack'],
    ['at no address', { address: 'nowhere' }, 'could not be fetched'],
  ])('is refused where it is %s', async (_, traits, words) => {
    await expect(handed(shared({ ...MARKDOWN, ...traits }))).rejects.toThrow(words);
  });

  it('is refused where it is gone, or lies where we are not', async () => {
    const deleted = shared(MARKDOWN);
    deleted.isDeleted = true;
    const private_ = open.slack.channel(open.world, 'den', { members: [mira], withoutBot: true });
    const eve = open.slack.person(open.slack.openTeam('Elsewhere'), 'Eve');
    const theirs = eve.uploads(MARKDOWN);
    for (const file of [deleted, shared(MARKDOWN, private_), theirs, { id: 'F0FORGED' }, { id: '' }, {}]) {
      await expect(handed(file)).rejects.toThrow('gone from Slack');
    }
    const later = shared(MARKDOWN);
    const file = await handed(later);
    later.isDeleted = true;
    await expect(file.read()).rejects.toThrow('gone from Slack');
  });

  it.each<[string, Upload['answer'], string]>([
    ['the login page', loginPage, 'asked for a login'],
    [
      'the way to the login',
      (response) => response.writeHead(302, { location: '/signin' }).end(),
      'asked for a login',
    ],
    ['“forbidden”', (response) => response.writeHead(403).end(), 'asked for a login'],
    ['a failure', (response) => response.writeHead(503).end(), 'could not be fetched'],
    ['a break', (response) => response.destroy(), 'could not be fetched'],
    ['more than was said', (response) => response.end('x'.repeat(TOLLS.length + 1)), 'could not be fetched'],
  ])('is refused where %s comes in its place', async (_, answer, words) => {
    await expect(read({ ...MARKDOWN, ...(answer && { answer }) })).rejects.toThrow(words);
    expect(open.slack.journal.violations).toEqual([]);
    expect(open.logged.join()).not.toContain(open.world.token);
  });

  it('is not read on above 5 MB where Slack says no size', async () => {
    const answer: Upload['answer'] = (response) => response.end(Buffer.alloc(5 * 1024 * 1024 + 1));
    await expect(read({ ...MARKDOWN, size: 0, answer })).rejects.toThrow('could not be fetched');
  });
});

describe('the token', () => {
  const at = (address: string, apiUrl?: string) => {
    const file = async () => ({ mode: 'hosted', name: 'a.md', url_private_download: address });
    const options: FilesOptions = {
      api: { file, scopes: async () => [] },
      token: 'xoxb-1',
      apiUrl,
      scopes: [],
      log: recordingLog([]),
    };
    return new SlackFiles(options).handed({ id: 'F1' });
  };

  it('goes to where Slack keeps files', async () => {
    expect(await at('https://files.slack.com/files-pri/T1-F1/download/a.md')).toMatchObject({ name: 'a.md' });
    const gov = 'https://slack-gov.example/api/';
    expect(await at('https://files.slack-gov.example/a.md', gov)).toMatchObject({ name: 'a.md' });
    expect(await at('http://127.0.0.1:4000/a.md', 'http://127.0.0.1:4000/api/')).toMatchObject({
      name: 'a.md',
    });
  });

  it.each([
    'http://files.slack.com/a.md',
    'https://files.slack.com:8443/a.md',
    'https://files.slack.com.evil.example/a.md',
    'https://evil.example/files.slack.com/a.md',
    'https://files.slack.com@evil.example/a.md',
    'https://slack.com/api/api.test',
    'https://127.0.0.1/a.md',
    'file:///etc/passwd',
    'data:text/plain,secrets',
  ])('goes nowhere else: %s', async (address) => {
    await expect(at(address)).rejects.toThrow('an address outside of Slack');
  });

  it('goes nowhere else, however the address is put together', async () => {
    const scheme = fc.constantFrom('https', 'http', 'HTTPS', 'ftp');
    const user = fc.constantFrom('', 'files.slack.com@', 'files.slack.com:x@');
    const label = fc.constantFrom('files', 'slack', 'com', 'evil', 'FILES', 'files-', '', 'files%2e');
    const host = fc.oneof(
      fc.constant('files.slack.com'),
      fc.array(label, { maxLength: 5 }).map((all) => all.join('.')),
    );
    const rest = fc.constantFrom('', ':443', ':8443', '.', '#files.slack.com', '\\@evil.com');
    await fc.assert(
      fc.asyncProperty(scheme, user, host, rest, async (...[theScheme, theUser, theHost, theRest]) => {
        const address = `${theScheme}://${theUser}${theHost}${theRest}/a.md`;
        const isSlacks = URL.parse(address)?.origin === 'https://files.slack.com';
        const isTaken = await at(address).then(
          () => true,
          () => false,
        );
        expect(isTaken).toBe(isSlacks);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the scope', () => {
  const withScopes = (scopes: readonly string[], granted: readonly string[]) =>
    new SlackFiles({
      api: { file: async () => ({ name: 'a.md' }), scopes: async () => granted },
      token: 'xoxb-1',
      apiUrl: undefined,
      scopes,
      log: recordingLog([]),
    });

  it('is there where Slack says so, or says nothing', async () => {
    expect(await withScopes([], []).mayRead()).toBe(true);
    expect(await withScopes(['commands', FILES_SCOPE], []).mayRead()).toBe(true);
  });

  it('is named where it is missing, and found where the app was installed again', async () => {
    const without = withScopes(['commands'], ['commands']);
    expect(await without.mayRead()).toBe(false);
    await expect(without.handed({ id: 'F1' })).rejects.toThrow(
      /lacks the scope files:read.*install the app/u,
    );
    expect(await withScopes(['commands'], ['commands', FILES_SCOPE]).mayRead()).toBe(true);
  });
});
