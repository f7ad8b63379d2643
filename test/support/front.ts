import { randomUUID } from 'node:crypto';
import { dice } from '#src/adapters/dice/dice-roller.ts';
import { pdfReader } from '#src/adapters/pdf/pdf-text.ts';
import { type Clock, systemClock } from '#src/core/clock.ts';
import type { IncomingCall, Person } from '#src/core/front.ts';
import { type MemorySettings, USUAL_MEMORY_SETTINGS } from '#src/core/memory-settings.ts';
import type { LanguageModel } from '#src/core/model.ts';
import type { RagMode } from '#src/core/rag.ts';
import type { TextSearch } from '#src/core/search.ts';
import { FrontDesk } from '#src/front-desk.ts';
import { CastStudio } from '#src/generation/cast-studio.ts';
import { NightRest } from '#src/jobs/night-rest.ts';
import { LoreLibrary } from '#src/lore/lore-library.ts';
import { Consolidator } from '#src/memory/consolidate.ts';
import { HeldTiers } from '#src/memory/held-tiers.ts';
import type { Judge } from '#src/memory/judge.ts';
import { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import type { Bounds } from '#src/memory/rest-work.ts';
import { PersonaFiles } from '#src/persona/persona-files.ts';
import { Roster } from '#src/persona/roster.ts';
import type { Rephrase } from '#src/scene/rephrase.ts';
import { SceneDirector } from '#src/scene/scene-director.ts';
import { Stats } from '#src/stats/stats.ts';
import { statsNotice } from '#src/stats/stats-notice.ts';
import { gm, type Table } from './table.ts';

export const place = {
  platform: 'terminal',
  workspace: { platformId: 'local', name: 'Local' },
  channelId: 'table',
} as const;

export const admin: Person = { id: 'local', name: 'GM', permission: 'admin', roles: [], isManager: true };
export const player: Person = {
  ...{ id: 'player-1', name: 'Mira', permission: 'player', roles: [], isManager: false },
};

/** What a person says at a table where everything is said to us. */
export const spoken = { isDirect: true, repliesTo: undefined, attachments: [], source: 'person' } as const;

/** The front desk over a table, with everything real but the models. */
export function frontOf(
  table: Table,
  options: {
    readonly model: LanguageModel;
    readonly tables?: LanguageModel;
    readonly personasDirectory?: string;
    readonly modelNames?: readonly string[];
    readonly adminIds?: readonly string[];
    readonly clock?: Clock;
    /** How much each tier holds; as in the product where left out. */
    readonly bounds?: Bounds;
    /** Rules judge where it is left out. */
    readonly judge?: Judge;
    readonly ragMode?: RagMode;
    readonly rephrase?: Rephrase;
    /** For the long tiers and for lore; none where left out. */
    readonly search?: TextSearch;
    /** Of memory; the usual ones where left out. */
    readonly settings?: MemorySettings;
  },
) {
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const stats = new Stats(systemClock);
  const files = new PersonaFiles({ directory: options.personasDirectory ?? '/nonexistent' });
  const roster = new Roster({ files, newId: randomUUID });
  const { model, tables = model, settings = USUAL_MEMORY_SETTINGS } = options;
  const studio = new CastStudio({ model, tables, concurrency: 5, now: Date.now, newId: randomUUID, onFault });
  const memory = new MemoryKeeper({
    clock: systemClock,
    onFault,
    onLeftOut: (why) => stats.recordError(why),
    long: options.search,
  });
  table.store.onLine((committed) => memory.committed(committed));
  table.store.onMemories((change) => memory.changed(change));
  const rest = new NightRest({
    store: table.store,
    consolidator: new Consolidator({
      clock: systemClock,
      judge: options.judge,
      settings,
      ...(options.bounds === undefined ? {} : { bounds: options.bounds }),
    }),
    log: { info: () => {}, error: (_message, _details, error) => onFault(error) },
  });
  const library = new LoreLibrary({
    clock: systemClock,
    onFault,
    onLeftOut: (why) => stats.recordError(why),
    search: options.search,
  });
  const current = roster.current.bind(roster);
  const { ragMode, rephrase } = options;
  const scenes = new SceneDirector({
    ...{ model, memory, library, rephrase, onFault, current },
    ...(ragMode && { ragMode }),
  });
  const front = new FrontDesk({
    store: table.store,
    roster,
    studio,
    scenes,
    memory,
    library,
    tiers: new HeldTiers(settings.clock, options.clock ?? systemClock),
    rest,
    extractor: pdfReader(),
    dice,
    statsNotice: () => statsNotice(stats.report()),
    modelNames: options.modelNames ?? ['scripted'],
    adminIds: options.adminIds ?? [],
    clock: options.clock ?? systemClock,
    onFault,
  });
  let calls = 0;
  /** Runs a command and gives back what it told. */
  const run = async (
    command: string,
    given: Readonly<Record<string, string>> = {},
    by: Person = admin,
    files?: IncomingCall['files'],
  ) => {
    calls += 1;
    const told = table.stage.told.length;
    const call: IncomingCall = {
      place,
      callId: `call-${calls}`,
      person: by,
      speaker: gm,
      command,
      options: given,
      ...(files && { files }),
    };
    await front.run(call, table.stage);
    return table.stage.told.slice(told).join('\n');
  };
  return { front, run, faults, stats, memory, scenes, studio };
}
