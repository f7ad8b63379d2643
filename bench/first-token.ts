import { PassThrough, Writable } from 'node:stream';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { runTerminal } from '#src/adapters/terminal/terminal-adapter.ts';
import { systemClock } from '#src/core/clock.ts';
import { startModelServer } from '../test/support/model-server.ts';
import type { BenchOptions, Bounds, Metrics } from './support/benchmark.ts';
import { openProduct, place } from './support/product.ts';
import { median, percentile } from './support/statistics.ts';

const TURNS = 60;
const WARM_UP = 10;
const LINES = 1000;
const TOKENS_PER_SECOND = 100;
const PATIENCE_IN_MS = 30_000;

/** What the product adds to the wait for an NPC's first sentence, and before the request for it leaves. */
export async function run({ progress }: BenchOptions): Promise<Metrics> {
  const server = await startModelServer();
  const added: number[] = [];
  const requestAdded: number[] = [];
  let typedAt = 0;
  let completedAt = 0;
  let turn = 0;
  const counts = () => turn > WARM_UP;

  server.script(() => {
    if (counts()) requestAdded.push(performance.now() - typedAt);
    return { tokens: reply(), tokensPerSecond: TOKENS_PER_SECOND };
  });

  /** The tokens of one reply; each is pulled just before it is sent. */
  function* reply() {
    for (const token of ['Well', ' met', ', trav', 'eller', ` ${turn}`, ' of', ' the']) yield token;
    completedAt = performance.now();
    yield ' road.';
    for (const token of [' What', ' brings', ' you', ' here', '?']) yield token;
  }

  await using product = await openProduct({
    environment: { OPENAI_BASE_URL: server.url, CHAT_MODEL: 'bench' },
  });
  const input = new PassThrough();
  let shown = '';
  let onShown = () => {};
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      const wasThere = shown.includes('road.');
      shown += chunk.toString();
      if (!wasThere && shown.includes('road.') && counts()) added.push(performance.now() - completedAt);
      onShown();
      done();
    },
  });
  const shows = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Never shown: ${text}`)), PATIENCE_IN_MS);
      onShown = () => {
        if (!shown.includes(text)) return;
        clearTimeout(late);
        resolve();
      };
      onShown();
    });
  const table = runTerminal({
    front: product.app.front,
    place,
    person: { id: 'local', name: 'GM', permission: 'admin', roles: [], isManager: true },
    clock: systemClock,
    input,
    output,
    isInteractive: false,
    hasColour: false,
    columns: () => 100,
    onFault: (error) => progress(String(error)),
  });

  progress(`a transcript of ${LINES} lines …`);
  input.write('/npc quick role:barkeep seed:1\n');
  await shows('is ready, and only you see this.');
  const name = /✓ (.+) is ready, and/u.exec(shown)?.[1] ?? '';
  shown = '';
  input.write(`/npc talk ${name}\n`);
  await shows(`${name}: `);
  await fillTranscript(product.dataDir);
  // Coming back, the NPC remembers what was written behind the product's back.
  input.write(`/npc dismiss ${name}\n/npc talk ${name}\n`);
  await shows(`${name} is back`);

  progress(`${TURNS} replies …`);
  for (turn = 1; turn <= TURNS + WARM_UP; turn += 1) {
    shown = '';
    typedAt = performance.now();
    input.write(`Good evening for the time number ${turn}, friend.\n`);
    // The line end comes once the reply has ended: the table takes the next line then.
    await shows('brings you here?\n');
  }
  input.end();
  await table;
  await server.close();
  return {
    addedP50Ms: median(added),
    addedP95Ms: percentile(added, 95),
    requestAddedP50Ms: median(requestAdded),
    requestAddedP95Ms: percentile(requestAdded, 95),
  };
}

export const bounds: Bounds = {
  addedP50Ms: { atMost: 5 },
  addedP95Ms: { atMost: 15 },
  requestAddedP50Ms: { atMost: 10 },
};

/** Writes lines that the NPC on stage has witnessed, as a long evening would. */
async function fillTranscript(dataDir: string): Promise<void> {
  const store = await openSqliteStore({ file: `${dataDir}/dramatis.db`, clock: systemClock });
  const { platformId, name } = place.workspace;
  const workspace = await store.openWorkspace({ platform: place.platform, platformId, name });
  const campaign = store.campaign((await store.campaignOf(workspace.id, place.channelId)).id);
  const scene = await campaign.scenes.open(place.channelId);
  const witnesses = await campaign.scenes.cast(scene.id);
  for (let index = 0; index < LINES; index += 1) {
    const isNpc = index % 2 === 1;
    const id = isNpc ? (witnesses[0] ?? '') : 'player-1';
    await campaign.lines.append({
      id: `filled-${index}`,
      sceneId: scene.id,
      speaker: { kind: isNpc ? 'npc' : 'character', id, name: isNpc ? 'The barkeep' : 'Mira' },
      kind: 'speech',
      text: `This is what was said in place ${index}, about the toll, the tide and the price of salt in the harbour.`,
      state: 'said',
      replyTo: undefined,
      witnesses,
    });
  }
  await store.close();
}
