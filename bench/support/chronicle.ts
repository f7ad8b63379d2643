import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '#src/adapters/sqlite/open-sqlite-store.ts';
import { type Clock, systemClock } from '#src/core/clock.ts';
import type { Line } from '#src/core/entities.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { MemoryKeeper, type MemoryKeeperOptions } from '#src/memory/memory-keeper.ts';

/** A campaign in a file of its own, with the product's store and its keeper of memories. */
export interface Chronicle extends AsyncDisposable {
  readonly store: Store;
  readonly campaign: CampaignStore;
  readonly npcIds: readonly string[];
  /** One that has nothing loaded, and hears of every line from now on. It keeps no answers unless it is told how long. */
  newKeeper(options?: Pick<MemoryKeeperOptions, 'long' | 'keptForInMs'>): MemoryKeeper;
  /** Commits one line with its witnesses, in the scene at the table or in that of another channel, said by a player or an NPC. */
  say(text: string, witnesses: readonly string[], channelId?: string, npcId?: string): Promise<Line>;
}

export async function openChronicle(npcCount: number, clock: Clock = systemClock): Promise<Chronicle> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  const store: Store = await openSqliteStore({ file: join(folder, 'dramatis.db'), clock });
  const workspace = await store.openWorkspace({ platform: 'terminal', platformId: 'bench', name: 'Bench' });
  const campaign = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
  const scene = await campaign.scenes.open(TABLE);
  const npcIds = Array.from({ length: npcCount }, (_, index) => `npc-${index}`);
  for (const id of npcIds) {
    await campaign.npcs.add({
      id,
      persona: personaOf(id),
      status: 'kept',
      cast: undefined,
      sourceFile: undefined,
      reason: 'drafted',
      by: 'bench',
    });
  }
  let lines = 0;
  return {
    store,
    campaign,
    npcIds,
    newKeeper(options = {}) {
      const fail = (error: unknown) => {
        throw error;
      };
      const keeper = new MemoryKeeper({
        ...{ clock: systemClock, onFault: fail, onLeftOut: fail },
        ...{ keptForInMs: 0, ...options },
      });
      store.onLine((committed) => keeper.committed(committed));
      store.onMemories((change) => keeper.changed(change));
      return keeper;
    },
    async say(text, witnesses, channelId = TABLE, npcId = undefined) {
      lines += 1;
      const { id: sceneId } = channelId === TABLE ? scene : await campaign.scenes.open(channelId);
      const { line } = await campaign.lines.append({
        id: `line-${lines}`,
        sceneId,
        speaker:
          npcId === undefined
            ? { kind: 'character', id: 'player-1', name: SPEAKERS[lines % SPEAKERS.length] ?? '' }
            : { kind: 'npc', id: npcId, name: npcId },
        kind: 'speech',
        text,
        state: 'said',
        replyTo: undefined,
        witnesses,
      });
      return line;
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The channel in which is played. */
const TABLE = 'table';
const SPEAKERS = ['Mira', 'Jon', 'Ysolde', 'Bram'];

function personaOf(name: string) {
  return {
    ...{ name, aliases: [], pronouns: '', role: '', description: '', personality: '', voice: '' },
    ...{ mes_example: [], first_mes: '', goals: [], fears: [], bonds: [], knowledge: [], secrets: [] },
    ...{ talkativeness: 0.5, tags: [], creator_notes: '', extensions: {} },
  };
}

const COMMON =
  'the a of to and in that it is was for on you he she they we i with as at have not but by this what who where when said told asked saw heard went came gave took knows thinks must will can could would only never always again still there here then now before after'.split(
    ' ',
  );
const WORLD =
  'tower bell tunnel mill salt dock barge toll bridge lantern ferry market guild cellar vault ring letter debt coin silver knife rope captain sister brother widow miller smuggler guard baron priest wolf horse storm tide winter harvest fire flood fever oath promise bargain secret map key door window stair roof well road forest river island lighthouse ship anchor cargo wine bread herring wool iron copper candle ash smoke blood grave chapel song story dream name shadow'.split(
    ' ',
  );
const SYLLABLES = 'ka ro mi ten dal vor sel ush ban eth lor wyn gar pel ith nor dun fay os bri'.split(' ');

/** Table talk of its own making: the same seed gives the same. A few words are everywhere, most are rare. */
export class TableTalk {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A line of some 8 to 30 words. */
  line(): string {
    return Array.from({ length: 8 + this.#below(22) }, () => this.#word()).join(' ');
  }

  /** A question about what a line said. */
  questionAbout(line: string): string {
    const words = line.split(' ').filter((word) => !COMMON.includes(word));
    const asked = Array.from({ length: 4 }, () => words[this.#below(words.length)] ?? 'that');
    return `what do you know about ${asked.join(' and ')}?`;
  }

  #word(): string {
    const kind = this.#below(10);
    if (kind < 5) return COMMON[this.#below(COMMON.length)] ?? '';
    if (kind < 8) return WORLD[this.#below(WORLD.length)] ?? '';
    return Array.from({ length: 2 + this.#below(2) }, () => SYLLABLES[this.#below(SYLLABLES.length)]).join(
      '',
    );
  }

  /** Mulberry32: small, quick, and good enough to draw words with. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}
