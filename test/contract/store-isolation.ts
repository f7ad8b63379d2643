import fc from 'fast-check';
import { expect } from 'vitest';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { notice } from '#src/core/view.ts';
import type { StoreTest } from './store-fixtures.ts';
import { castRequest, newLine, newLore, newNpc, persona, type TestClock } from './store-samples.ts';

/** One call on a campaign. `scene` 0 is the first campaign's, 1 the second's: each also reaches for the other's. */
interface Step {
  readonly campaign: 0 | 1;
  readonly scene: 0 | 1;
  readonly npc: string;
  readonly line: string;
  readonly call: keyof typeof CALLS;
}

interface Target extends Step {
  readonly sceneId: string;
}

const REASON = { reason: 'edited', by: 'Gale' } as const;

/** Both campaigns use the same ids and names: only the campaign tells them apart. */
const CALLS = {
  addNpc: (own: CampaignStore, { npc, campaign }: Target) =>
    own.npcs.add(newNpc(npc, npc, { by: `GM ${campaign}`, cast: { id: 'npc-0', member: npc } })),
  rename: (own: CampaignStore, { npc, campaign }: Target) =>
    own.npcs.addVersion(npc, {
      base: 1,
      persona: persona(`${npc} of ${campaign}`),
      follow: false,
      ...REASON,
    }),
  renameAlike: (own: CampaignStore, { npc }: Target) =>
    own.npcs.addVersion(npc, { base: 1, persona: persona('Alike'), follow: true, ...REASON }),
  keep: (own: CampaignStore, { npc }: Target) => own.npcs.setStatus(npc, 'kept'),
  discard: (own: CampaignStore, { npc }: Target) => own.npcs.setStatus(npc, 'discarded'),
  lock: (own: CampaignStore, { npc }: Target) => own.npcs.setLocks(npc, ['voice']),
  npcById: (own: CampaignStore, { npc }: Target) => own.npcs.byId(npc),
  npcByName: (own: CampaignStore, { npc }: Target) => own.npcs.byName(npc),
  versions: (own: CampaignStore, { npc }: Target) => own.npcs.versions(npc),
  ofCast: (own: CampaignStore, { npc }: Target) => own.npcs.ofCast(npc),
  names: (own: CampaignStore) => own.npcs.names(),
  list: (own: CampaignStore) => own.npcs.list(['draft', 'kept', 'discarded']),
  addCast: (own: CampaignStore, { npc, campaign }: Target) =>
    own.casts.add({ id: npc, request: { ...castRequest, prompt: `for ${campaign}` }, members: [] }),
  castById: (own: CampaignStore, { npc }: Target) => own.casts.byId(npc),
  recentCasts: (own: CampaignStore) => own.casts.recent(5),
  stopCast: (own: CampaignStore, { npc }: Target) => own.casts.markStopped(npc),
  currentScene: (own: CampaignStore) => own.scenes.current('table'),
  enter: (own: CampaignStore, { sceneId, npc }: Target) => own.scenes.enter(sceneId, npc),
  leave: (own: CampaignStore, { sceneId, npc }: Target) => own.scenes.leave(sceneId, npc),
  cast: (own: CampaignStore, { sceneId }: Target) => own.scenes.cast(sceneId),
  onStage: (own: CampaignStore) => own.npcs.onStage('table'),
  append: (own: CampaignStore, { sceneId, line, npc, campaign }: Target) =>
    own.lines.append(
      newLine(line, sceneId, { text: `said in ${campaign}`, witnesses: [npc], replyTo: 'line-0' }),
    ),
  appendUnseen: (own: CampaignStore, { sceneId, line }: Target) => own.lines.append(newLine(line, sceneId)),
  update: (own: CampaignStore, { line, campaign }: Target) =>
    own.lines.update(line, { text: `changed in ${campaign}`, state: 'stopped' }),
  revise: (own: CampaignStore, { line, campaign }: Target) =>
    own.lines.revise(line, `revised in ${campaign}`),
  retract: (own: CampaignStore, { line }: Target) => own.lines.retract(line),
  post: (own: CampaignStore, { line, npc }: Target) => own.lines.addPost(line, `message ${npc}`),
  byPost: (own: CampaignStore, { npc }: Target) => own.lines.byPost('table', `message ${npc}`),
  lineById: (own: CampaignStore, { line }: Target) => own.lines.byId(line),
  recent: (own: CampaignStore, { sceneId }: Target) => own.lines.recent(sceneId, 100),
  witnessed: (own: CampaignStore, { sceneId, npc }: Target) => own.lines.witnessed(sceneId, npc, 100),
  witnesses: (own: CampaignStore, { line }: Target) => own.lines.witnesses(line),
  answers: (own: CampaignStore, { line }: Target) => own.lines.repliesTo(line),
  remembered: (own: CampaignStore, { npc }: Target) => own.memories.of(npc, { limit: 100 }),
  rememberedByAll: (own: CampaignStore) => own.memories.all({ limit: 100 }),
  holders: (own: CampaignStore, { line }: Target) =>
    own.memories.holders([line, 'line-0']).then((holders) => [...holders]),
  useMemory: (own: CampaignStore, { npc, line }: Target) => own.memories.used(npc, [line, 'line-0']),
  rememberedLong: (own: CampaignStore, { npc }: Target) => own.memories.long(npc, { limit: 100 }),
  semanticOfAll: (own: CampaignStore) => own.memories.semanticOfAll({ limit: 100 }),
  held: (own: CampaignStore, { npc, line }: Target) =>
    own.memories.heldAmong(npc, [line, `sum ${line}`, 'word']),
  shelf: (own: CampaignStore, { npc }: Target) => own.memories.held(npc, { shelf: 'long-term', limit: 9 }),
  idsHeld: (own: CampaignStore, { npc }: Target) => own.memories.idsHeld(npc, { shelf: 'recent', limit: 9 }),
  idsOnAllShelves: (own: CampaignStore, { npc }: Target) => own.memories.idsHeld(npc, { limit: 9 }),
  counts: (own: CampaignStore, { npc }: Target) => own.memories.counts(npc),
  sources: (own: CampaignStore, { line }: Target) => own.memories.sources(`sum ${line}`),
  linesOfMemories: (own: CampaignStore, { line }: Target) => own.memories.units([line, 'line-0']),
  tellMemory: (own: CampaignStore, { npc, line, campaign }: Target) =>
    own.memories.tell(npc, {
      ...{ id: `word ${line}`, text: `told in ${campaign}`, importance: 1, isPinned: false },
      ...{ by: `GM ${campaign}`, inPlaceOf: npc === 'npc-0' ? line : undefined },
    }),
  forget: (own: CampaignStore, { npc, line }: Target) => own.memories.forget(npc, line),
  pin: (own: CampaignStore, { npc, line }: Target) => own.memories.pin(npc, line, true),
  played: (own: CampaignStore) => own.consolidation.played(),
  unweighed: (own: CampaignStore, { npc }: Target) => own.consolidation.unweighed(npc, { limit: 9 }),
  leaving: (own: CampaignStore, { npc }: Target) =>
    own.consolidation.before(npc, {
      ...{ shelf: 'recent', limit: 9, mark: { playedDay: 99, saidAtInMs: 0, seq: 0 } },
    }),
  playedDaysBefore: (own: CampaignStore) => own.consolidation.playedDaysBefore(Number.MAX_SAFE_INTEGER),
  markOf: (own: CampaignStore, { npc }: Target) => own.consolidation.markOf(npc, 'recent', 1),
  weigh: async (own: CampaignStore, { npc, line, campaign }: Target) => {
    const text = (await own.lines.byId(line))?.text ?? '';
    const weighed = [{ id: line, text, importance: campaign / 2, isPromoted: npc === 'npc-1' }];
    return own.consolidation.settle(npc, { weighed, folded: [], letGo: [] });
  },
  fold: async (own: CampaignStore, { npc, line, campaign }: Target) => {
    const sources = [{ id: line, text: (await own.lines.byId(line))?.text ?? '' }];
    const memory = { memoryId: `sum ${line}`, text: `folded in ${campaign}`, importance: 0.5, sources };
    return own.consolidation.settle(npc, { weighed: [], folded: [memory], letGo: [] });
  },
  known: (own: CampaignStore, { line }: Target) =>
    own.consolidation.known([`sum ${line}`]).then((known) => [...known]),
  semantic: (own: CampaignStore, { npc }: Target) => own.consolidation.semantic(npc, { limit: 9, offset: 0 }),
  drop: (own: CampaignStore, { npc, line }: Target) => own.consolidation.drop(npc, [`sum ${line}`]),
  lastRun: (own: CampaignStore) => own.consolidation.lastRun(),
  saveRun: (own: CampaignStore, { campaign }: Target) =>
    own.consolidation.saveRun({
      ...{ weighed: campaign, promoted: 0, summaries: 0, folded: 0, letGo: 0, dropped: 0 },
      ...{ endedAtInMs: 0, tookInMs: 0, fault: undefined },
    }),
  unrested: (own: CampaignStore) => own.consolidation.unrested(),
  rest: (own: CampaignStore) => own.consolidation.rested(1),
  callOneself: (own: CampaignStore, { npc, campaign }: Target) =>
    own.characters.set(npc, `${npc} of ${campaign}`),
  callOneselfNothing: (own: CampaignStore, { npc }: Target) => own.characters.set(npc, undefined),
  called: (own: CampaignStore, { npc }: Target) => own.characters.of(npc),
  wait: (own: CampaignStore, { npc, line, campaign }: Target) =>
    own.waiting.add({
      id: line,
      personId: npc,
      permission: 'gm',
      notice: notice('plain', `of ${campaign}`),
      sinceInMs: 0,
    }),
  wakeUp: (own: CampaignStore, { npc, line }: Target) => own.waiting.seen(npc, [line]),
  announce: (own: CampaignStore, { line }: Target) => own.waiting.announced([line]),
  waits: (own: CampaignStore, { npc }: Target) => own.waiting.list(npc),
  putLore: (own: CampaignStore, { npc, line, campaign }: Target) =>
    own.lore.put({ ...newLore(line, `written in ${campaign}`), audience: { kind: 'npcs', npcIds: [npc] } }),
  removeLore: async (own: CampaignStore, { line }: Target) =>
    own.lore.remove((await own.lore.documents()).find(({ title }) => title === line)?.id ?? ''),
  documents: (own: CampaignStore) => own.lore.documents(),
  passages: (own: CampaignStore) => own.lore.passages(),
  loreRevision: (own: CampaignStore) => own.lore.revision(),
  spend: (own: CampaignStore, { campaign }: Target) =>
    own.usage.add({
      model: 'model',
      purpose: 'speak',
      inputTokens: campaign + 1,
      cachedInputTokens: 0,
      outputTokens: 1,
      costInMicroUsd: 1,
    }),
  spent: (own: CampaignStore) => own.usage.totals(),
  changeSettings: (own: CampaignStore, { npc }: Target) =>
    own.changeSettings({ improvFallback: npc === 'npc-0' }),
  addGm: (own: CampaignStore, { npc }: Target) =>
    own.changeSettings(({ gms }) => ({ gms: [...gms, { kind: 'person', id: npc, name: npc }] })),
  settings: (own: CampaignStore) => own.settings(),
} satisfies Record<string, (own: CampaignStore, target: Target) => Promise<unknown>>;

/** What both have before they begin, so that there is something to trespass on. */
const SET_UP: readonly Pick<Step, 'call' | 'npc' | 'line'>[] = [
  { call: 'addNpc', npc: 'npc-0', line: '' },
  { call: 'addNpc', npc: 'npc-1', line: '' },
  { call: 'enter', npc: 'npc-0', line: '' },
  { call: 'append', npc: 'npc-0', line: 'line-0' },
  { call: 'post', npc: 'npc-0', line: 'line-0' },
  { call: 'append', npc: 'npc-0', line: 'line-1' },
  { call: 'fold', npc: 'npc-0', line: 'line-1' },
  { call: 'callOneself', npc: 'npc-0', line: '' },
  { call: 'wait', npc: 'npc-0', line: 'line-0' },
];

/** What both look at in the end. */
const LAST_LOOK: readonly Pick<Step, 'call' | 'npc' | 'line'>[] = [
  ...([
    'list',
    'names',
    'recentCasts',
    'currentScene',
    'onStage',
    'recent',
    'rememberedByAll',
    'semanticOfAll',
    'played',
    'lastRun',
    'unrested',
    'documents',
    'passages',
    'loreRevision',
    'spent',
    'settings',
  ] as const),
  ...([
    'ofCast',
    'versions',
    'witnessed',
    'witnesses',
    'answers',
    'remembered',
    'rememberedLong',
    'holders',
  ] as const),
  ...(['byPost', 'called', 'waits'] as const),
].map((call) => ({ call, npc: 'npc-0', line: 'line-0' }));

const CALL_NAMES = Object.keys(CALLS).filter((name): name is keyof typeof CALLS => name in CALLS);

const anyStep: fc.Arbitrary<Step> = fc.record({
  campaign: fc.constantFrom(0, 1),
  scene: fc.constantFrom(0, 1),
  npc: fc.constantFrom('npc-0', 'npc-1'),
  line: fc.constantFrom('line-0', 'line-1', 'line-2'),
  call: fc.constantFrom(...CALL_NAMES),
});

/**
 * Two campaigns in two workspaces play at once. Each must see exactly what it would see alone: its part of the steps
 * gives the same answers in a store where the other campaign never was.
 */
export function campaignsAreStrangers(it: StoreTest): void {
  it('shows a campaign nothing of another and changes nothing in it', async ({ store, clock }) => {
    const start = clock.now();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 80 }), async (steps) => {
        runs += 1;
        const together = await play(store, clock, start, steps, [0, 1], `together ${runs}`);
        for (const only of [0, 1]) {
          const alone = await play(store, clock, start, steps, [only], `alone ${runs} ${only}`);
          expect(together.filter(({ campaign }) => campaign === only)).toEqual(alone);
        }
      }),
      { numRuns: 60 },
    );
  });
}

async function play(
  store: Store,
  clock: TestClock,
  start: number,
  steps: readonly Step[],
  players: readonly number[],
  table: string,
): Promise<readonly { campaign: number; answer: string }[]> {
  const labels: [id: string, label: string][] = [];
  const open = async (index: number) => {
    clock.time = start;
    const workspace = await store.openWorkspace({
      platform: index === 0 ? 'discord' : 'slack',
      platformId: table,
      name: table,
    });
    const own = store.campaign((await store.campaignOf(workspace.id, 'table')).id);
    const scene = await own.scenes.open('table');
    labels.push([own.campaignId, `campaign ${index}`], [scene.id, `scene ${index}`]);
    return { own, sceneId: scene.id };
  };
  const seats = [await open(0), await open(1)] as const;

  const forEach = (calls: typeof SET_UP): Step[] =>
    ([0, 1] as const).flatMap((campaign) => calls.map((call) => ({ ...call, campaign, scene: campaign })));

  const answers: { campaign: number; answer: string }[] = [];
  for (const [index, step] of [...forEach(SET_UP), ...steps, ...forEach(LAST_LOOK)].entries()) {
    if (!players.includes(step.campaign)) continue;
    clock.time = start + index;
    const target: Target = { ...step, sceneId: seats[step.scene].sceneId };
    const answer = await CALLS[step.call](seats[step.campaign].own, target).then(
      (value) => JSON.stringify(value) ?? 'nothing',
      () => 'refused',
    );
    answers.push({
      campaign: step.campaign,
      answer: labels.reduce((text, [id, label]) => text.replaceAll(id, label), `${step.call}: ${answer}`),
    });
  }
  return answers;
}
