import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { runTerminal } from '#src/adapters/terminal/terminal-adapter.ts';
import { openApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { systemClock } from '#src/core/clock.ts';
import { openLog } from '#src/log.ts';
import type { PlatformEvening } from '../../contract/platform.ts';
import { admin, place } from '../../support/front.ts';
import { startModelServer } from '../../support/model-server.ts';

/** So wide that no row is broken. */
const COLUMNS = 100_000;
const PATIENCE_IN_MS = 10_000;
/** What acts on a screen instead of being read. */
const ACTING = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/u;

export async function openTerminalEvening(): Promise<PlatformEvening> {
  const model = await startModelServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-terminal-'));
  const { config } = readConfig({ DATA_DIR: dataDir, OPENAI_BASE_URL: model.url, CHAT_MODEL: 'stand-in' });
  const log = openLog({ level: 'silent', secrets: [] });
  const app = await openApp({ config, log });
  const input = new PassThrough();
  let shown = '';
  const watchers = new Set<() => void>();
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      shown += chunk.toString();
      for (const look of watchers) look();
      done();
    },
  });
  const faults: unknown[] = [];
  const table = runTerminal({
    front: app.front,
    place,
    person: admin,
    clock: systemClock,
    input,
    output,
    isInteractive: false,
    hasColour: false,
    columns: () => COLUMNS,
    onFault: (error) => faults.push(error),
  });
  const until = (holds: () => boolean, what: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!holds()) return;
        watchers.delete(look);
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        watchers.delete(look);
        reject(new Error(`never: ${what}\n${shown}`));
      }, PATIENCE_IN_MS);
      watchers.add(look);
      look();
    });
  const type = (line: string) => input.write(`${line}\n`);
  /** Rows of an NPC that are whole. */
  const rows = (name: string) =>
    shown
      .slice(0, shown.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((row) => row.startsWith(`${name}: `))
      .map((row) => row.slice(name.length + 2));
  let greetings = 0;
  return {
    model,
    async brings(name) {
      type(`/npc talk ${name}`);
      await until(() => rows(name).length > 0, `${name} greets`);
      greetings = 1;
    },
    says: type,
    async runs(command, options) {
      const before = shown.length;
      type(
        `/${command} ${Object.entries(options)
          .map(([name, value]) => `${name}:${value}`)
          .join(' ')}`,
      );
      await until(() => shown.slice(before).includes('\n'), `an answer to ${command}`);
      return shown.slice(before);
    },
    spoken: (name) => rows(name).slice(greetings),
    isSilent: () => shown.endsWith('\n'),
    everShown: () => shown,
    offers: () => shown,
    until,
    findings: () => [...faults, ...(ACTING.exec(shown) ?? [])],
    async triesWhatIsNot() {
      const before = shown.length;
      type('/npc vanish');
      await until(() => shown.slice(before).includes('\n'), 'an answer to what there is not');
      return shown.slice(before);
    },
    async end() {
      input.end();
      await table;
      await app.close({ graceInMs: 0 });
      await model.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
