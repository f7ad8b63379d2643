import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '#src/config.ts';
import { type DoctorSetup, runDoctor, slackManifestFor } from '#src/doctor.ts';
import { deadAddress } from './doctor/loopback.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A machine on which all is well, with these settings. @returns the exit code and the lines said. */
async function examine(
  environment: Readonly<Record<string, string>>,
  change: Partial<DoctorSetup> = {},
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  let said = '';
  const code = await runDoctor({
    ...readConfig({ DATA_DIR: folder, ...environment }),
    nodeVersion: '24.21.0',
    openStore: async () => ({ close: async () => {} }),
    listPersonas: async () => ({ personas: [1, 2], faults: [] }),
    output: {
      write: (text) => {
        said += text;
      },
    },
    ...change,
  });
  expect(said.endsWith('\n')).toBe(true);
  return { code, lines: said.trimEnd().split('\n') };
}

const untouched: DoctorSetup['probes'] = {
  redis: () => Promise.reject(new Error('Redis was asked.')),
  chroma: () => Promise.reject(new Error('Chroma was asked.')),
  localChroma: () => Promise.reject(new Error('The machine was asked.')),
  discord: () => Promise.reject(new Error('Discord was asked.')),
  slack: () => Promise.reject(new Error('Slack was asked.')),
};

describe('the doctor', () => {
  it('finds everything in order where nothing is configured, and asks nobody', async () => {
    const { code, lines } = await examine({}, { probes: untouched });
    expect(code).toBe(0);
    expect(lines.map((line) => /^ok — ([^:]+): \S/.exec(line)?.[1])).toEqual([
      'Node',
      'Data folder',
      'Database',
      'Personas',
      'Model server',
      'Embeddings',
      'Discord',
      'Slack',
      'HTTP server',
      'Redis',
      'Chroma',
      undefined,
    ]);
    expect(lines.at(-1)).toBe('Everything is in order.');
  });

  it('hands on what the settings are warned of; a warning is no failure', async () => {
    const { code, lines } = await examine({ HTTP_TOKEN: 'x' });
    expect(code).toBe(0);
    expect(lines[0]).toBe(
      'warning — Settings: HTTP_TOKEN is set without effect: it belongs to a later version',
    );
    expect(lines.at(-1)).toBe('1 warning.');
  });

  it('fails where there is a problem, and goes on to look at the rest', async () => {
    const dead = await deadAddress();
    const { code, lines } = await examine(
      {
        OPENAI_API_KEY: 'sk-hush-hush',
        OPENAI_BASE_URL: `http://${dead}/v1`,
        CHAT_MODEL: 'big',
        REDIS_URL: `redis://:hush@${dead}`,
        CHROMA_URL: `http://${dead}`,
        LOG_LEVELS: 'x',
      },
      { openStore: () => Promise.reject(new Error('hush')) },
    );
    expect(code).toBe(1);
    const problems = lines.filter((line) => line.startsWith('problem — '));
    expect(problems.map((line) => line.split(' — ')[1]?.split(':')[0])).toEqual([
      'Database',
      'Model server',
      'Redis',
      'Chroma',
    ]);
    // State, what, and what to do.
    for (const problem of problems) expect(problem.split(' — ')).toHaveLength(3);
    expect(lines.at(-1)).toBe('4 problems and 2 warnings.');
    expect(lines.join()).not.toContain('hush');
  });

  it('looks at the machine where the embedded Chroma is wanted', async () => {
    const probes = { ...untouched, localChroma: async () => ({ outcome: 'runs' }) as const };
    expect((await examine({ CHROMA_URL: 'local' }, { probes })).lines.join('\n')).toContain(
      'ok — Chroma: the server that the npm package carries can run on this machine',
    );
    // Whatever this machine answers, it is said.
    expect((await examine({ CHROMA_URL: 'local' })).lines.join('\n')).toMatch(
      /Chroma: the (npm package|server)/,
    );
  });

  it('names each broken persona with file, line and reason', async () => {
    const faults = [{ file: 'bram.yaml', line: 7, reason: 'The goals must be a list.' }];
    const { code, lines } = await examine({}, { listPersonas: async () => ({ personas: [1], faults }) });
    expect(code).toBe(0);
    expect(lines).toContain('ok — Personas: 1 persona loads from personas/');
    expect(lines).toContain(
      'warning — Persona bram.yaml, line 7: The goals must be a list — Correct the file: it is read again on its next use',
    );
  });

  it('does not drown in broken personas, and warns where there is none', async () => {
    const faults = Array.from({ length: 25 }, (_, line) => ({ file: 'a.yaml', line, reason: 'Odd.' }));
    const { lines } = await examine({}, { listPersonas: async () => ({ personas: [], faults }) });
    expect(lines.filter((line) => line.includes('a.yaml'))).toHaveLength(10);
    expect(lines).toContain('warning — Personas: 15 more faults in their files');
    expect(lines.join()).toContain('warning — Personas: 0 personas load from personas/ — ');
  });

  it('lets nothing that a file says act on the screen or begin a line', async () => {
    const faults = [{ file: 'a\u001b[2J.yaml', line: 1, reason: 'x\n\nok — Fake: y\u009b\u202e' }];
    const { lines } = await examine({}, { listPersonas: async () => ({ personas: [1], faults }) });
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(lines.filter((line) => line.startsWith('ok — Fake'))).toEqual([]);
  });
});

describe('the manifest of the Slack app', () => {
  const manifestOf = (environment: Readonly<Record<string, string>>) =>
    slackManifestFor(readConfig(environment).config);

  it('in docs/ is the one for Socket Mode, as the commands are now', async () => {
    const kept = await readFile(new URL('../../docs/slack-manifest.yaml', import.meta.url), 'utf8');
    // Made by: npm run -s doctor -- slack-manifest > docs/slack-manifest.yaml
    expect(kept).toBe(await manifestOf({}));
    expect(kept).toContain('socket_mode_enabled: true');
  });

  it('names our address where Slack is heard over HTTP', async () => {
    const overHttp = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'signing' };
    const manifest = await manifestOf({ ...overHttp, PUBLIC_URL: 'https://game.example' });
    expect(manifest).toContain('socket_mode_enabled: false');
    expect(manifest).toContain('request_url: https://game.example/slack/events');
    await expect(manifestOf(overHttp)).rejects.toThrow('set PUBLIC_URL first');
  });
});
