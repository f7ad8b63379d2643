import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import type { Line } from '#src/core/entities.ts';
import type { Store } from '#src/core/store.ts';
import { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import { addNpc, newLine, newNpc, TestClock } from '../../contract/store-samples.ts';

const onFault = (error: unknown) => {
  throw error;
};

/** One process on the database, with what it keeps in memory. */
class Process {
  readonly store: Store;
  readonly keeper: MemoryKeeper;
  campaignId = '';
  /** How often an index had to be loaded. */
  get loads(): number {
    return this.keeper.figures().misses;
  }

  constructor(store: Store, clock: TestClock) {
    this.store = store;
    this.keeper = new MemoryKeeper({ clock, onFault, onLeftOut: () => {} });
    store.onLine((committed) => this.keeper.committed(committed));
    store.onMemories((change) => this.keeper.changed(change));
  }

  get campaign() {
    return this.store.campaign(this.campaignId);
  }

  async found(query: string, npcId: string | undefined = 'wren'): Promise<readonly string[]> {
    const options = { limit: 5 };
    const hits =
      npcId === undefined
        ? await this.keeper.recallOfAll(this.campaign, query, options)
        : await this.keeper.recall(this.campaign, npcId, query, options);
    return hits.map(({ unit }) => unit.text);
  }

  async say(id: string, text: string, witnesses = ['wren'], state: Line['state'] = 'said'): Promise<void> {
    const scene = await this.campaign.scenes.open('table');
    await this.campaign.lines.append(newLine(id, scene.id, { text, witnesses, state }));
  }
}

let folder: string;
let clock: TestClock;
let here: Process;
let there: Process;

async function open(): Promise<Process> {
  return new Process(await openSqliteStore({ file: join(folder, 'dramatis.db'), clock }), clock);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-news-'));
  clock = new TestClock();
  [here, there] = [await open(), await open()];
  const workspace = await here.store.openWorkspace({
    ...{ platform: 'terminal', platformId: 'local', name: 'Table' },
  });
  const { id } = await here.store.campaignOf(workspace.id, 'table');
  for (const each of [here, there]) each.campaignId = id;
  for (const npcId of ['wren', 'oda']) await addNpc(here.campaign, newNpc(npcId));
  await here.say('l1', 'The password is Kingfisher.', ['wren', 'oda']);
  expect(await here.found('password')).toEqual(['The password is Kingfisher.']);
  expect(await here.found('password', undefined)).toEqual(['The password is Kingfisher.']);
});
afterEach(async () => {
  await here.store.close();
  await there.store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('what another process changes is so here at the next question', () => {
  test('a line that is said', async () => {
    await there.say('l2', 'The new password is Heron.');
    expect(await here.found('new password')).toContain('The new password is Heron.');
    expect(await here.found('new password', undefined)).toContain('The new password is Heron.');
  });

  test('a line that is revised', async () => {
    await there.campaign.lines.revise('l1', 'The password is a secret.');
    expect(await here.found('password')).toEqual(['The password is a secret.']);
    expect(await here.found('password', 'oda')).toEqual(['The password is a secret.']);
  });

  test('a line that is taken back', async () => {
    await there.campaign.lines.retract('l1');
    expect(await here.found('password')).toEqual([]);
    expect(await here.found('password', undefined)).toEqual([]);
  });

  test('a word of the game master, told and forgotten', async () => {
    const word = { importance: 0.9, isPinned: false, by: 'Gale', inPlaceOf: undefined };
    await there.campaign.memories.tell('wren', { id: 'w1', text: 'The mill burned down.', ...word });
    expect(await here.found('mill')).toEqual(['The mill burned down.']);
    await there.campaign.memories.forget('wren', 'w1');
    expect(await here.found('mill')).toEqual([]);
  });
});

describe('nothing is loaded anew', () => {
  test('for what this process has said itself, or another one about others', async () => {
    await there.found('password');
    const { loads } = here;
    await here.say('l2', 'The bell rang.');
    await there.say('l3', 'The bell rang again.', ['oda']);
    expect((await here.found('bell'))[0]).toBe('The bell rang.');
    await there.say('l4', 'It rang once more.');
    expect(here.loads).toBe(loads);
    expect(await here.found('bell')).toContain('The bell rang.');
    expect(here.loads).toBe(loads + 1);
  });

  test('for a line while it is being spoken', async () => {
    await there.say('l2', 'The bell', ['wren'], 'speaking');
    expect(await here.found('password')).toEqual(['The password is Kingfisher.']);
    const { loads } = here;
    for (const text of ['The bell rang', 'The bell rang at dusk.']) {
      await there.campaign.lines.update('l2', { text, state: 'speaking' });
      await here.found('bell');
    }
    expect(here.loads).toBe(loads);
    await there.campaign.lines.update('l2', { text: 'The bell rang at dusk.', state: 'said' });
    expect((await here.found('bell'))[0]).toBe('The bell rang at dusk.');
  });

  test('for what was changed before anything was loaded', async () => {
    await there.say('l2', 'The bell rang.');
    const late = await open();
    late.campaignId = here.campaignId;
    await late.found('bell');
    await late.found('password');
    expect(late.loads).toBe(1);
    await late.store.close();
  });
});

test('old news are dropped, and only those', async () => {
  await there.say('l2', 'The bell rang.');
  const news = async () => (await here.campaign.memories.changedElsewhere(undefined)).revisions.size;
  await here.store.recoverLines();
  expect(await news()).toBe(1);
  await here.found('bell');
  const file = new DatabaseSync(join(folder, 'dramatis.db'));
  file.exec('update memory_news set changed_at_ms = changed_at_ms - 90000000');
  file.close();
  await here.store.recoverLines();
  expect(await news()).toBe(0);
  // Counting begins anew, and is heard all the same.
  await there.campaign.lines.revise('l2', 'The bell rang twice.');
  expect(await here.found('bell')).toContain('The bell rang twice.');
});
