import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { dice } from './adapters/dice/dice-roller.ts';
import { ImprovModel } from './adapters/improv/improv-model.ts';
import { openSqliteStore } from './adapters/sqlite/open-sqlite-store.ts';
import type { Config } from './config.ts';
import { type Clock, systemClock, within } from './core/clock.ts';
import type { TextExtractor } from './core/documents.ts';
import type { Embedder } from './core/embedding.ts';
import type { PlatformName } from './core/entities.ts';
import type { Front } from './core/front.ts';
import type { Log } from './core/log.ts';
import type { Meter } from './core/meter.ts';
import type { LanguageModel, ModelProfile, Origin } from './core/model.ts';
import type { InstallationStore, RecoveredLine, Store } from './core/store.ts';
import { notice } from './core/view.ts';
import { FrontDesk } from './front-desk.ts';
import { CastStudio } from './generation/cast-studio.ts';
import { NightRest } from './jobs/night-rest.ts';
import { startSchedules } from './jobs/schedules.ts';
import { openLongMemory } from './long-memory.ts';
import { LoreLibrary } from './lore/lore-library.ts';
import type { Consolidator } from './memory/consolidate.ts';
import { HeldTiers } from './memory/held-tiers.ts';
import { MemoryKeeper } from './memory/memory-keeper.ts';
import { assembleModel, assembleOne } from './models/assemble.ts';
import { fallWords } from './models/failure-words.ts';
import { FallNews } from './models/fall-news.ts';
import { PermitPool } from './models/permit-pool.ts';
import { PersonaFiles } from './persona/persona-files.ts';
import { Roster } from './persona/roster.ts';
import { PERSONAS_DIRECTORY } from './personas-directory.ts';
import { type Rephrase, rephraseBy } from './scene/rephrase.ts';
import { SceneDirector } from './scene/scene-director.ts';
import { Stats } from './stats/stats.ts';
import { statsNotice } from './stats/stats-notice.ts';

/** After the grace, marking what was cut off may take so long: a platform may want to be asked later. */
const LAST_WORDS_IN_MS = 3_000;

export interface App {
  readonly front: Front;
  /** Workspaces that installed us by themselves. */
  readonly installations: InstallationStore;
  /** Whether lines and commands are taken in: from the start until it closes. */
  isReady(): boolean;
  /** Loads at once what the first line would load while somebody waits for its answer. Never rejects. */
  warmUp(): Promise<void>;
  /**
   * Closes everything. What is being spoken and drafted has so long to end; what then is left of it is stopped and
   * marked. Lines that come meanwhile are kept, and nobody answers them.
   */
  close(options: { readonly graceInMs: number }): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock?: Clock;
  /** Where other personas lie than those that ship. */
  readonly personasDirectory?: string;
}

/** Wires the product. What was left over from a crash is put right before anything is heard. */
export async function openApp({
  config,
  log,
  clock = systemClock,
  personasDirectory,
}: AppOptions): Promise<App> {
  const { databaseFile: file, secretKey } = config;
  const store = await openSqliteStore({ file, secretKey, clock });
  const platforms = platformsOf(config);
  const recovered = await store.recoverLines(platforms);
  if (recovered.length > 0) {
    const cutOff = recovered.length;
    log.info('Lines that were being spoken when the process ended are marked as cut off', { cutOff });
  }

  const onFault = (error: unknown, doing: string) => log.error('A failure', { doing }, error);
  const stats = new Stats(clock);
  const pool = new PermitPool({ limit: config.maxConcurrentModelCalls });
  stats.addPermitSource('model calls', () => pool.figures);
  const files = new PersonaFiles({ directory: personasDirectory ?? PERSONAS_DIRECTORY });
  stats.addCacheSource('personas', () => files.figures());

  const onLeftOut = (why: string) => stats.recordError(why);
  const servers = await connectModels(config, { pool, stats, log });
  const { embedder } = servers;
  const long = await openLongMemory({ config, store, embedder, stats, clock, log, onFault });
  const memory = new MemoryKeeper({ clock, onFault, onLeftOut, long: long.memories });
  store.onLine((committed) => memory.committed(committed));
  store.onMemories((change) => memory.changed(change));
  stats.addCacheSource('memories', () => memory.figures());
  stats.addCacheSource('recalled answers', () => memory.answerFigures());

  const library = new LoreLibrary({ clock, onFault, onLeftOut, search: long.lore, settings: config.lore });

  const improv = new ImprovModel();
  const news = new FallNews(clock);
  const accounts = keepAccounts(stats, store, onFault);
  const model = assembleModel({
    configured: servers.models,
    embedded: improv,
    allowEmbedded: async ({ campaignId }) => (await store.campaign(campaignId).settings()).improvFallback,
    pool,
    meter: accounts.meter,
    onFall: ({ from, to, kind, origin }) => {
      log.warn('A model failed and another answered', { from, to, kind });
      if (news.fell(origin))
        tell(origin, `${from} fails: ${fallWords(kind)}. ${to} speaks instead until it is back.`);
    },
    onRecovered: ({ model: name, origin }) => {
      if (news.recovered(origin)) tell(origin, `${name} answers again.`);
    },
    clock,
  });

  const consolidator = loadedLate(async () => {
    const [{ Consolidator }, { ModelJudge }] = await Promise.all([
      import('./memory/consolidate.ts'),
      import('./jobs/model-judge.ts'),
    ]);
    const judge = servers.models.length === 0 ? undefined : new ModelJudge({ model, onFault });
    return new Consolidator({ clock, judge, settings: config.memory });
  });
  const rest = new NightRest({ store, consolidator, log });

  const newId = () => randomUUID();
  const roster = new Roster({ files, newId });
  const concurrency = config.maxConcurrentGenerations;
  const folderNames = async () =>
    (await files.list()).personas.flatMap(({ persona: { name, aliases } }) => [name, ...aliases]);
  const studio = new CastStudio({
    ...{ model, tables: improv, concurrency, folderNames },
    ...{ now: clock.now, newId, onFault },
  });
  const scenes = new SceneDirector({
    model,
    memory,
    library,
    ragMode: config.ragMode,
    promptShares: config.promptShares,
    rephrase: rephraser(servers.models, { pool, meter: accounts.meter }),
    onFault,
    onLeftOut,
    current: (campaign, npc) => roster.current(campaign, npc),
  });
  const front = new FrontDesk({
    store,
    roster,
    studio,
    scenes,
    memory,
    library,
    tiers: new HeldTiers(config.memory.clock, clock),
    rest,
    extractor,
    dice,
    statsNotice: () => statsNotice(stats.report()),
    modelNames: servers.models.map((each) => each.model.name),
    adminIds: config.adminIds,
    clock,
    onFault,
  });
  const tell = ({ campaignId }: Origin, text: string) => void front.tellGms(campaignId, notice('hint', text));
  await front.recovered(recovered);
  const onRecovered = (lines: readonly RecoveredLine[]) => front.recovered(lines);
  const schedules = startSchedules({
    ...{ store, clock, log, platforms, onRecovered },
    rest: () => rest.all(),
  });
  let isReady = true;

  return {
    front,
    installations: store.installations,
    isReady: () => isReady,
    async warmUp() {
      try {
        await (servers.models.length === 0 ? improv.warmUp() : servers.warmUp());
      } catch (error) {
        // Whoever needs it first is told.
        log.warn('What the first line needs could not be loaded ahead', {}, error);
      }
    },
    async close({ graceInMs }) {
      isReady = false;
      front.stopHolding();
      const ended = Promise.all([studio.close({ graceInMs }), scenes.close({ graceInMs })])
        .then(() => front.settled())
        .then(() => 'ended' as const);
      const late = within(graceInMs + LAST_WORDS_IN_MS, ended).then(() => 'late' as const);
      // What a platform does not take in time stands as being spoken, and is marked at the next start.
      if ((await Promise.race([ended, late])) === 'late')
        log.warn('Not all that was being said could be ended');
      await rest.close();
      await schedules.stop();
      await long.close();
      await servers.close();
      await accounts.settled();
      await store.close();
    },
  };
}

/** Loaded with the first run: a table that is only opened needs none. */
function loadedLate(load: () => Promise<Consolidator>): Pick<Consolidator, 'run' | 'isDue'> {
  let loading: Promise<Consolidator> | undefined;
  const loaded = async () => (loading ??= load());
  return {
    run: async (...given) => (await loaded()).run(...given),
    isDue: async (...given) => (await loaded()).isDue(...given),
  };
}

/** Loaded with the first PDF. */
const extractor: TextExtractor = {
  pdf: async (bytes) => (await import('./adapters/pdf/pdf-text.ts')).pdfReader().pdf(bytes),
};

/** Where this process plays: on every platform that is configured, else at the local table. */
function platformsOf({ discord, slack }: Config): readonly PlatformName[] {
  const configured = [
    ...(discord === undefined ? [] : (['discord'] as const)),
    ...(slack === undefined ? [] : (['slack'] as const)),
  ];
  return configured.length === 0 ? ['terminal'] : configured;
}

/** The configured models, in the order in which they are asked; nothing of theirs is loaded where there are none. */
export async function connectModels(
  config: Config,
  own: { readonly pool: PermitPool; readonly stats: Stats; readonly log: Log },
): Promise<{
  readonly models: readonly { readonly model: LanguageModel; readonly profile: ModelProfile }[];
  readonly embedder: Embedder | undefined;
  warmUp(): Promise<unknown>;
  close(): Promise<void>;
}> {
  const names = [config.chatModel, config.smallModel].filter((name) => name !== undefined);
  const { embeddingModel } = config;
  if (names.length === 0 && embeddingModel === undefined)
    return { models: [], embedder: undefined, warmUp: async () => {}, close: async () => {} };
  const [{ OpenAiModel }, { OpenAiServer }, { loadProfiles }, { tokenCounter }] = await Promise.all([
    import('./adapters/openai/openai-model.ts'),
    import('./adapters/openai/openai-server.ts'),
    import('./models/profiles.ts'),
    import('./models/tokens.ts'),
  ]);
  const profileOf = await loadProfiles(join(config.dataDir, 'models.json'));
  const { baseUrl, apiKey } = config.modelServer;
  const server = new OpenAiServer({
    baseURL: baseUrl,
    apiKey,
    maxConnections: config.maxConcurrentModelCalls,
  });
  const models = names.map((name) => {
    const profile = profileOf(name);
    return { model: new OpenAiModel({ name, profile, server }), profile };
  });
  const warmUp = () =>
    Promise.all([
      server.client(),
      import('./prompt/speak-prompt.ts'),
      ...models.map(({ profile }) => tokenCounter(profile)),
    ]);
  if (embeddingModel === undefined)
    return { models, embedder: undefined, warmUp, close: () => server.close() };
  const { openEmbeddings } = await import('./embeddings.ts');
  const prices = profileOf(embeddingModel).pricePerMillionInUsd;
  const embeddings = await openEmbeddings({ model: embeddingModel, prices, server, config, ...own });
  return {
    models,
    embedder: embeddings.embedder,
    warmUp,
    close: async () => {
      await embeddings.close();
      await server.close();
    },
  };
}

/** Rewrites questions by the small model, or the only one. Turns go on without it where it fails. */
function rephraser(
  models: readonly { readonly model: LanguageModel; readonly profile: ModelProfile }[],
  { pool, meter }: { readonly pool: PermitPool; readonly meter: Meter },
): Rephrase | undefined {
  const smallest = models.at(-1);
  return smallest && rephraseBy(assembleOne(smallest, { pool, meter }));
}

/** Figures go to the process's stats, usage to the campaign's own account too, which is written in the background. */
function keepAccounts(
  stats: Stats,
  store: Store,
  onFault: (error: unknown, doing: string) => void,
): { readonly meter: Meter; settled(): Promise<unknown> } {
  const writing = new Set<Promise<void>>();
  const meter: Meter = {
    record: (stage, durationInMs) => stats.record(stage, durationInMs),
    recordError: (kind) => stats.recordError(kind),
    recordUsage(usage, { campaignId }) {
      stats.recordUsage(usage);
      const written = store
        .campaign(campaignId)
        .usage.add(usage)
        .catch((error: unknown) => onFault(error, 'accounting for a call'))
        .finally(() => writing.delete(written));
      writing.add(written);
    },
  };
  return { meter, settled: () => Promise.all(writing) };
}
