import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import type { IncomingCall, Place } from '#src/core/front.ts';
import type { Stage } from '#src/core/view.ts';
import { openLog } from '#src/log.ts';

export const place: Place = {
  platform: 'terminal',
  workspace: { platformId: 'bench', name: 'Bench' },
  channelId: 'table',
};

/** The whole product in this process, on a folder of its own that goes with it. */
export interface Product extends AsyncDisposable {
  readonly app: App;
  readonly dataDir: string;
  /** Runs a command as the admin of a workspace. */
  run(
    command: string,
    options: Readonly<Record<string, string>>,
    stage: Stage,
    workspace?: string,
  ): Promise<void>;
}

/**
 * Opens the product.
 * @param options.environment its settings; DATA_DIR is given.
 * @param options.profile what `models.json` says of the model called "bench".
 */
export async function openProduct(options: {
  readonly environment: Readonly<Record<string, string>>;
  readonly profile?: Readonly<Record<string, unknown>>;
}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  await writeFile(join(dataDir, 'models.json'), JSON.stringify({ bench: options.profile ?? {} }));
  const { config } = readConfig({ ...options.environment, DATA_DIR: dataDir });
  const log = openLog({ level: 'silent', secrets: [] });
  const app = await openApp({ config, log });
  let calls = 0;
  return {
    app,
    dataDir,
    run(command, given, stage, workspace = 'bench') {
      calls += 1;
      const call: IncomingCall = {
        place: { ...place, workspace: { platformId: workspace, name: workspace } },
        callId: `call-${calls}`,
        person: { id: 'gm', name: 'GM', permission: 'admin', roles: [], isManager: true },
        speaker: { kind: 'gm', id: 'gm', name: 'GM' },
        command,
        options: given,
      };
      return app.front.run(call, stage);
    },
    async [Symbol.asyncDispose]() {
      await app.close({ graceInMs: 0 });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
