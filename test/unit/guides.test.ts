import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { COMMANDS } from '#commands/index.ts';
import { inviteLink } from '#src/adapters/discord/invite.ts';
import { NEEDED_PERMISSIONS } from '#src/adapters/discord/permissions.ts';
import { shortcutsFor } from '#src/adapters/slack/shortcuts.ts';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { readAsked } from '#src/archive/asked.ts';
import { SETTING_NAMES } from '#src/config/settings.ts';
import { systemClock } from '#src/core/clock.ts';
import { newLine } from '../contract/store-samples.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDES = ['README.md', 'docs/discord.md', 'docs/slack.md', 'docs/hosting.md', 'docs/privacy.md'];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** All that the product may say, as it stands in its source. */
const spoken = ['src', 'commands']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts'))
  .map((file) => read(file).replaceAll("\\'", "'"))
  .join('\n');

/** Names that other programs gave. */
const OTHERS = new Set(['NODE_EXTRA_CA_CERTS']);
/** No commands: paths of our HTTP server, what Slack's own commands are called, and ours before every other. */
const PATHS = /^\/(invite|healthz|readyz|dramatis)( @\w+)?$/;

describe.each(GUIDES)('%s', (guide) => {
  const text = read(guide);
  const code = [...text.matchAll(/```\w*\n(.*?)```|`([^`\n]+)`/gs)].map(
    ([, block, inline]) => block ?? inline ?? '',
  );

  it('names only settings that there are', () => {
    const named = code.flatMap((piece) => piece.match(/\b[A-Z]{2,}(?:_[A-Z]+)+\b/g) ?? []);
    const unknown = named.filter(
      (name) => !SETTING_NAMES.some((known) => known === name) && !OTHERS.has(name),
    );
    expect(unknown).toEqual([]);
  });

  it('shows only commands and options that there are', () => {
    const typed = code
      .flatMap((piece) => piece.split('\n'))
      .filter((line) => /^\/[a-z]+( |$)/.test(line) && !PATHS.test(line));
    const odd = typed.filter((line) => {
      const words = line.slice(1).replace(/^dramatis /, '');
      const command = COMMANDS.filter(({ name }) => words === name || words.startsWith(`${name} `))[0];
      if (command === undefined) return true;
      const options = [...words.matchAll(/(?<= )([a-z]+):/g)].map(([, name]) => name ?? '');
      return options.some((option) => !(option in command.options));
    });
    expect(odd).toEqual([]);
  });

  it('leads to files that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, file = '']) => file);
    const folder = join(ROOT, guide, '..');
    expect(links.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });

  it('repeats what the product says as it says it', () => {
    const rows =
      text
        .split('| it says | do this |')[1]
        ?.split('\n')
        .filter((row) => row.startsWith('| ')) ?? [];
    const quoted = rows
      .map((row) => row.split(' | ')[0] ?? '')
      .filter((cell) => !cell.endsWith('says this)'))
      .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, sentence = '']) => sentence));
    if (guide.endsWith('discord.md') || guide.endsWith('slack.md')) expect(quoted.length).toBeGreaterThan(10);
    // What varies is left out as "…"; a name that only makes a sentence findable may begin it.
    const parts = quoted.flatMap((sentence) => sentence.split('…')).map((part) => part.trim());
    const unknown = parts.filter((part) => !/^[A-Z_]*$/.test(part) && !spoken.includes(part));
    expect(unknown).toEqual([]);
  });
});

describe('docs/discord.md', () => {
  it('explains every permission that the invitation asks for, and no other', () => {
    const table = read('docs/discord.md').split('| permission | for |')[1]?.split('\n\n')[0] ?? '';
    const explained = table.split('\n').flatMap((row) => row.split('|')[1]?.split(',') ?? []);
    const names = explained.map((name) => name.trim()).filter((name) => /^[A-Z]/.test(name));
    expect(names.toSorted()).toEqual(NEEDED_PERMISSIONS.map(({ name }) => name).toSorted());
  });
});

describe('docs/slack.md', () => {
  it('names every shortcut', () => {
    for (const { name } of shortcutsFor(COMMANDS))
      expect(read('docs/slack.md').replaceAll(/\s+/g, ' ')).toContain(`*${name}*`);
  });
});

describe('docs/privacy.md', () => {
  it('has a statement that finds what a person said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'privacy-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'dramatis.db');
    const store = await openSqliteStore({ file, clock: systemClock });
    const { id } = await store.openWorkspace({ platform: 'discord', platformId: '1', name: 'Docks' });
    const campaign = store.campaign((await store.campaignOf(id, 'tavern')).id);
    const scene = await campaign.scenes.open('tavern');
    for (const [lineId, kind, speakerId, text] of [
      ['one', 'character', 'THE-ID', 'Mind the stair.'],
      ['two', 'character', 'ANOTHER', 'Which stair?'],
      ['three', 'npc', 'THE-ID', 'That one.'],
    ] as const)
      await campaign.lines.append(
        newLine(lineId, scene.id, { text, speaker: { kind, id: speakerId, name: 'Mira' } }),
      );
    await store.close();

    const statements = [...read('docs/privacy.md').matchAll(/sqlite3 \S+ "([^"]+)"/g)];
    const [find = '', ...others] = statements.map(([, sql = '']) => sql);
    expect(others).toEqual([]);
    const database = new DatabaseSync(file);
    onTestFinished(() => database.close());
    expect(database.prepare(find).all()).toMatchObject([{ text: 'Mind the stair.' }]);
  });

  it('shows a command that tells and one that forgets', () => {
    const asked = [...read('docs/privacy.md').matchAll(/^ *npm run memories -- (.*?)(?: +#.*)?$/gm)].map(
      ([, words = '']) => readAsked(words.split(' ')),
    );
    const forgets = { what: 'forget-person', person: 'THE-ID' };
    expect(asked).toEqual([
      { ...forgets, isSure: false },
      { ...forgets, isSure: true },
    ]);
  });
});

it('has the invitation that asks for exactly what Discord is asked for', () => {
  expect(read('docs/discord.md')).toContain(inviteLink('YOUR-APPLICATION'));
});
