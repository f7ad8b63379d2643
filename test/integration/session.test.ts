import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../support/model-reply.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { playSession } from '../support/session.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dramatis-session-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const GENERATE = '/npc generate count:3 prompt:dwarven smugglers of the salt docks seed:7';

/** Names of drafted cards, as the terminal lists them. */
function drafted(stdout: string): readonly string[] {
  return [...stdout.matchAll(/^\[\d of \d\] (.+?) — /gmu)].map(([, name = '']) => name);
}

/** What an NPC said, by its name; "…" alone is the sign that it was about to. */
function saidBy(stdout: string, name: string): readonly string[] {
  const rows = [...stdout.matchAll(/^([^:\n]+): (.+)$/gmu)];
  return rows.filter(([, who, text]) => who === name && text !== '…').map(([, , text = '']) => text);
}

const SMALL_TALK = [
  'good evening',
  'what do you do here?',
  'who are you afraid of?',
  'heard any rumours lately?',
  'what do you want most?',
  'why?',
  'could you help us?',
  'how much would that cost?',
  'do you know the harbour master?',
  'thanks, farewell',
];

describe('a session on improv alone', () => {
  it('drafts three linked NPCs, talks with two of them, and goes on after a restart', {
    timeout: 120_000,
  }, async () => {
    const first = await playSession([GENERATE, '/npc list'], { dataDir });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [one = '', two = '', three = ''] = drafted(first.stdout);
    expect(new Set([one, two, three]).size).toBe(3);
    expect(first.stdout.match(/No language model is connected/gu)).toHaveLength(1);

    const talk = SMALL_TALK.flatMap((line, index) => [
      `${index % 2 === 0 ? one : two}, ${line}`,
      index % 3 === 0 ? '((pass the crisps))' : 'go on',
    ]);
    const second = await playSession([`/npc talk ${one}`, `/npc talk ${two}`, '/as Mira', ...talk], {
      dataDir,
    });
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).not.toContain('No language model is connected');
    const answers = [...saidBy(second.stdout, one), ...saidBy(second.stdout, two)];
    // A greeting each, an answer to each line that was said, none to what was said at the table.
    expect(answers).toHaveLength(2 + talk.filter((line) => !line.startsWith('((')).length);
    expect(second.stdout).not.toMatch(new RegExp(`^${three}: `, 'mu'));

    const third = await playSession(['And what did we just speak of?', '/npc list'], { dataDir });
    expect(third.code).toBe(0);
    expect(third.stdout).toContain(`On stage: ${one}, ${two}.`);
    expect(third.stdout).toContain(answers.at(-1));
    expect(third.stdout).toMatch(new RegExp(`${one}.* on stage`, 'u'));
    expect(third.stdout).toMatch(new RegExp(`${three}.* draft`, 'u'));
  });

  it('is the same cast for the same seed', async () => {
    const one = await playSession([GENERATE], { dataDir });
    const other = await playSession([GENERATE], {
      dataDir: await mkdtemp(join(tmpdir(), 'dramatis-session-')),
    });
    expect(drafted(one.stdout)).toHaveLength(3);
    expect(drafted(other.stdout).toSorted()).toEqual(drafted(one.stdout).toSorted());
  });

  it('answers bad input with one sentence each and goes on', async () => {
    const bad = [
      '/npc generate count:99 prompt:x',
      '/npc generate',
      `/npc generate prompt:${'x'.repeat(9000)}`,
      '/npc talk Nobody At All',
      '/npc shw Hroon',
      '/npc talk "Hroon',
      '/npc talk Hroon\u001b[2J',
      '\u001b[31mred\u001b[0m and \u202ebackwards',
      '/roll banana',
      'x'.repeat(20_000),
    ];
    const { stdout, stderr, code } = await playSession([...bad, '/roll 1d1'], { dataDir });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(/[\u001b\u202e]/u);
    expect(stdout).toContain('= 1');
  });
});

describe('a session on a model server', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());
  const environment = () => ({ OPENAI_BASE_URL: server.url, CHAT_MODEL: 'chat', SMALL_MODEL: 'small' });

  it('plays as on improv, and accounts for what it used', { timeout: 60_000 }, async () => {
    const first = await playSession(['/npc generate count:3 prompt:smugglers'], {
      dataDir,
      environment: environment(),
    });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).not.toContain('No language model');
    const [name = ''] = drafted(first.stdout);
    const second = await playSession([`/npc talk ${name}`, 'good evening', '/admin stats'], {
      dataDir,
      environment: environment(),
    });
    expect(saidBy(second.stdout, name).length).toBeGreaterThanOrEqual(2);
    expect(second.stdout).toMatch(/first token\s+1 /u);
    expect(second.stdout).toMatch(/^chat\s+[1-9]/mu);
  });

  it('never is silent while everything fails, and stays playable', { timeout: 120_000 }, async () => {
    const ways: readonly Reply[] = [
      {},
      { error: { status: 500 } },
      { error: { status: 429, headers: { 'retry-after': '0' } } },
      { text: 'Mira: I will tell you everything myself.' },
      { cutAfter: 3 },
      { text: '' },
      { finishReason: 'content_filter' },
      { text: '{"broken": ' },
      { finishReason: 'length', text: 'It was a long night. And then the' },
      { refusal: 'I cannot.' },
    ];
    server.script((_, index) => ways[index % ways.length] ?? {});
    const talk = Array.from({ length: 20 }, (_, index) => `Hroon, this is line ${index + 1}?`);
    const session = await playSession(['/npc talk Hroon', '/as Mira', ...talk, '/scene lines:100'], {
      dataDir,
      environment: environment(),
    });
    expect(session.code).toBe(0);
    const [, ...turns] = session.stdout.split(/^Mira: Hroon, this is line \d+\?$/mu);
    expect(turns).toHaveLength(20);
    for (const turn of turns) expect(turn.split('> /scene')[0]?.trim()).not.toBe('');
    expect(session.stdout.split('> /scene')[0]).not.toContain('I will tell you everything myself');
    // What people are told holds no status, no code and no stack.
    expect(session.stdout).not.toMatch(/\b(500|429|ModelError|undici|ECONN)/u);
  });

  it('says in one sentence that nobody answers there', { timeout: 60_000 }, async () => {
    await server.close();
    const { stdout, code } = await playSession(['/npc talk Hroon', 'hello?', '/npc generate prompt:x'], {
      dataDir,
      environment: environment(),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Hroon does not answer: the model server cannot be reached/u);
    expect(stdout).toMatch(/The cast could not be planned: the model server cannot be reached/u);
    server = await startModelServer();
  });

  it('lets improv speak for it only where the GM chose that, and tells so once', {
    timeout: 60_000,
  }, async () => {
    await server.close();
    const { stdout } = await playSession(
      ['/npc talk Hroon', 'hello?', '/campaign improv on', 'hello again?', 'and again?'],
      { dataDir, environment: environment() },
    );
    const [before = '', after = ''] = stdout.split('> /campaign improv on');
    expect(saidBy(before, 'Hroon')).toHaveLength(1);
    expect(saidBy(after, 'Hroon')).toHaveLength(2);
    expect(after.match(/improv speaks instead/gu)).toHaveLength(1);
    server = await startModelServer();
  });
});

describe('settings that cannot be used', () => {
  it('are told all at once, without secrets, and nothing starts', async () => {
    const { stdout, stderr, code } = await playSession(['hello'], {
      dataDir,
      environment: { MAX_CONCURRENT_MODEL_CALLS: 'many', LOG_LEVEL: 'loud', OPENAI_API_KEY: 'sk secret key' },
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    for (const name of ['MAX_CONCURRENT_MODEL_CALLS', 'LOG_LEVEL', 'OPENAI_API_KEY'])
      expect(stderr).toContain(name);
    expect(stderr).not.toContain('sk secret');
  });
});
