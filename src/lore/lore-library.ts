import { setImmediate as nextTask } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import { orLeftOut } from '#src/core/left-out.ts';
import {
  type LoreAudience,
  type LoreHit,
  type LorePassage,
  type LoreSettings,
  USUAL_LORE_SETTINGS,
} from '#src/core/lore.ts';
import { nameKey } from '#src/core/names.ts';
import type { TextSearch } from '#src/core/search.ts';
import type { CampaignStore } from '#src/core/store.ts';
import type { CalledPassages } from './called.ts';
import { keysText } from './keys-text.ts';
import type { LoreIndex } from './lore-index.ts';

/** Passages of all campaigns together that are held in memory. */
const MOST_PASSAGES = 50_000;
const MOST_CAMPAIGNS = 32;
const IDLE_IN_MS = 30 * 60_000;
/** So many are indexed before others get their turn. */
const ADDED_AT_ONCE = 50;
/** So often lore is read that changes while it is read. */
const MOST_READINGS = 3;
const LONGEST_QUERY_IN_CHARACTERS = 2_000;

/** One campaign's lore, ready to be searched. */
interface Shelf {
  readonly revision: number;
  /** Those without keys. */
  readonly index: LoreIndex;
  readonly called: CalledPassages;
  /** Those with keys, for a game master who looks for them by what they say; made when it is first asked for. */
  readonly keyed: () => Promise<LoreIndex>;
  readonly passages: ReadonlyMap<string, LorePassage>;
  /** In passages. */
  readonly size: number;
  readonly audiences: ReadonlyMap<string, LoreAudience>;
}

/** What is looked up. */
export interface Asking {
  readonly asked: string;
  /** What was said around it, which may call keyed passages too; the same where left out. */
  readonly around?: string;
  /** Names that are no part of what is asked: whoever is spoken to. */
  readonly without?: readonly string[];
}

export interface LoreLibraryOptions {
  readonly clock: Clock;
  readonly settings?: LoreSettings;
  /** Finds passages by what they mean; without it they are found by their words. */
  readonly search?: TextSearch | undefined;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
  /** Counts a search without which a turn had to go on. */
  readonly onLeftOut: (why: 'lore late' | 'lore failed' | 'lore search failed') => void;
}

/** Who looks something up: an NPC, or the game master, who may read everything. */
export type LoreReader = { readonly npcId: string } | 'gm';

/**
 * Finds what a campaign's documents say. The truth is the store; here is an index for each campaign that is played, read
 * again when its lore has changed, by whichever process. What a reader may not know is left out before anything is
 * ranked.
 */
export class LoreLibrary {
  readonly #options: LoreLibraryOptions;
  readonly #settings: LoreSettings;
  readonly #shelves: LRUCache<string, Shelf>;
  readonly #loading = new Map<string, Promise<Shelf>>();

  constructor(options: LoreLibraryOptions) {
    this.#options = options;
    this.#settings = options.settings ?? USUAL_LORE_SETTINGS;
    this.#shelves = new LRUCache({
      max: MOST_CAMPAIGNS,
      maxSize: MOST_PASSAGES,
      sizeCalculation: ({ size }) => size + 1,
      ttl: IDLE_IN_MS,
      updateAgeOnGet: true,
      ttlResolution: 0,
      perf: options.clock,
    });
  }

  /**
   * What the lore that a reader may know says of a text: passages that it calls by their keys first, then those that
   * hold enough of what it asks for, best first. A game master finds passages with keys by what they say, too.
   */
  async find(store: CampaignStore, reader: LoreReader, asking: Asking): Promise<readonly LoreHit[]> {
    const shelf = await this.#shelfOf(store);
    if (shelf.size === 0) return [];
    const { leastSimilarity, limit } = this.#settings;
    const { asked, around = asked, without = [] } = asking;
    const mayKnow = (documentId: string) => isFor(shelf.audiences.get(documentId), reader);
    const called = shelf.called
      .in(around.slice(-LONGEST_QUERY_IN_CHARACTERS), {
        limit,
        among: ({ documentId }) => mayKnow(documentId),
      })
      .map(({ passage, key }): LoreHit => ({ passage, score: 1, reasons: [`called by: ${key}`] }));
    const query = withoutNames(asked.slice(-LONGEST_QUERY_IN_CHARACTERS), without);
    const found = shelf.index.find(query, {
      limit,
      leastSimilarity,
      among: ({ documentId }) => mayKnow(documentId),
    });
    const alike = (await this.#alike(store, reader, query, shelf)).filter(({ passage }) =>
      mayKnow(passage.documentId),
    );
    const isCalled = new Set(called.map(({ passage }) => passage.id));
    const uncalled = reader === 'gm' ? await onlyCalled(shelf, query, this.#settings) : [];
    const others = bestOfEach(
      bestOfEach(found, alike),
      uncalled.filter(({ passage }) => !isCalled.has(passage.id)),
    );
    return [...called, ...others].slice(0, limit);
  }

  /** What means much the same. The search may be behind: what is not there any more is left out. */
  async #alike(
    { campaignId }: CampaignStore,
    reader: LoreReader,
    query: string,
    { passages }: Shelf,
  ): Promise<readonly LoreHit[]> {
    const { search, onFault, onLeftOut } = this.#options;
    if (search === undefined) return [];
    const { leastSimilarity, limit } = this.#settings;
    const npcId = reader === 'gm' ? undefined : reader.npcId;
    try {
      const found = await search.find(query, { campaignId, what: 'lore', npcId, limit });
      return found.flatMap(({ id, likeness = 0 }) => {
        const passage = passages.get(id);
        if (passage === undefined || passage.keys.length > 0 || likeness < leastSimilarity) return [];
        return [{ passage, score: likeness, reasons: ['means much the same'] }];
      });
    } catch (error) {
      onLeftOut('lore search failed');
      onFault(error, 'searching lore');
      return [];
    }
  }

  /** Like `find`, for a turn: never rejects, and gives nothing where it fails or takes longer than two seconds. */
  async findInTime(store: CampaignStore, reader: LoreReader, asking: Asking): Promise<readonly LoreHit[]> {
    const { onFault, onLeftOut } = this.#options;
    const finding = this.find(store, reader, asking);
    return orLeftOut(finding, [], { what: 'lore', doing: 'looking up lore', onFault, onLeftOut });
  }

  async #shelfOf(store: CampaignStore): Promise<Shelf> {
    const revision = await store.lore.revision();
    const { campaignId } = store;
    const shelf = this.#shelves.get(campaignId);
    if (shelf?.revision === revision) return shelf;
    const key = `${campaignId}\n${revision}`;
    const underWay = this.#loading.get(key) ?? this.#load(store, revision);
    this.#loading.set(key, underWay);
    return underWay.finally(() => this.#loading.delete(key));
  }

  async #load(store: CampaignStore, revision: number): Promise<Shelf> {
    // Start-up does without it.
    const [{ LoreIndex }, { CalledPassages }] = await Promise.all([
      import('./lore-index.ts'),
      import('./called.ts'),
    ]);
    const indexOf = async (passages: readonly LorePassage[]) => {
      const index = new LoreIndex();
      for (const [at, passage] of passages.entries()) {
        if (at % ADDED_AT_ONCE === ADDED_AT_ONCE - 1) await nextTask();
        index.add(passage);
      }
      return index;
    };
    const { documents, passages, readAt } = await readWhole(store, revision);
    let keyed: Promise<LoreIndex> | undefined;
    const shelf: Shelf = {
      revision: readAt,
      // Those with keys come up when they are called, and at no other time.
      index: await indexOf(passages.filter(({ keys }) => keys.length === 0)),
      called: new CalledPassages(passages),
      keyed: () => {
        keyed ??= indexOf(passages.filter(({ keys }) => keys.length > 0));
        return keyed;
      },
      passages: new Map(passages.map((passage) => [passage.id, passage])),
      size: passages.length,
      audiences: new Map(documents.map(({ id, audience }) => [id, audience])),
    };
    this.#shelves.set(store.campaignId, shelf);
    return shelf;
  }
}

/**
 * Documents and passages as they stood together: another process may write between the two, and nobody gets the new text
 * by the old word on who may know it.
 * @throws Error where they change whenever they are read.
 */
async function readWhole({ lore }: CampaignStore, revision: number) {
  let before = revision;
  for (let reading = 0; reading < MOST_READINGS; reading += 1) {
    const [documents, passages] = await Promise.all([lore.documents(), lore.passages()]);
    const readAt = await lore.revision();
    if (readAt === before) return { documents, passages, readAt };
    before = readAt;
  }
  throw new Error('The lore of a campaign changed whenever it was read.');
}

/** Passages with keys that hold enough of what is asked for, though no key of theirs was said. */
async function onlyCalled(
  { keyed }: Shelf,
  query: string,
  { limit, leastSimilarity }: LoreSettings,
): Promise<readonly LoreHit[]> {
  const found = (await keyed()).find(query, { limit, leastSimilarity, among: () => true });
  return found.map((hit) => ({
    ...hit,
    reasons: [...hit.reasons, `comes up only at: ${keysText(hit.passage)}`],
  }));
}

/** Best first; what both have counts as the better of them says, with the reasons of both. */
function bestOfEach(some: readonly LoreHit[], others: readonly LoreHit[]): readonly LoreHit[] {
  if (others.length === 0) return some;
  const hits = new Map(some.map((hit) => [hit.passage.id, hit]));
  for (const hit of others) {
    const known = hits.get(hit.passage.id);
    const score = Math.max(hit.score, known?.score ?? 0);
    hits.set(hit.passage.id, { ...hit, score, reasons: [...(known?.reasons ?? []), ...hit.reasons] });
  }
  return [...hits.values()].sort((a, b) => b.score - a.score);
}

function isFor(audience: LoreAudience | undefined, reader: LoreReader): boolean {
  if (audience === undefined) return false;
  if (reader === 'gm' || audience.kind === 'everyone') return true;
  return audience.kind === 'npcs' && audience.npcIds.includes(reader.npcId);
}

/** A text without the words of some names. */
function withoutNames(text: string, names: readonly string[]): string {
  const words = new Set(names.flatMap((name) => nameKey(name).split(' ')));
  return text.replace(/[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu, (word) =>
    words.has(nameKey(word).replace(/['’]s$/u, '')) ? '' : word,
  );
}
