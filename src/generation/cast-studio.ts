import PQueue from 'p-queue';
import type { Cast, CastMember, CastRequest, Npc } from '#src/core/entities.ts';
import { ModelError, Refusal } from '#src/core/errors.ts';
import type { DraftTask, LanguageModel, Origin } from '#src/core/model.ts';
import { nameKey } from '#src/core/names.ts';
import { PERSONA_FIELDS, type Persona } from '#src/core/persona.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { notice, type Stage } from '#src/core/view.ts';
import { failureWords } from '#src/models/failure-words.ts';
import { askObject } from '#src/models/structured.ts';
import { draftSchema, personaOfDraft } from '#src/persona/draft-schema.ts';
import { draftRequest, planRequest } from '#src/prompt/requests.ts';
import { CastBoard } from './cast-board.ts';
import { makeTiesMutual, planComplaints, planSchema } from './plan-schema.ts';

/** More NPCs than any table plays; a bound on what one campaign can fill. */
const MAX_NPCS_PER_CAMPAIGN = 2000;

/** Casts and single drafts under way at once in one channel. */
const MAX_DRAFTINGS_PER_CHANNEL = 10;

/** Who asks for drafts, and where. */
export interface DraftingVisit {
  readonly store: CampaignStore;
  readonly origin: Origin;
  readonly channelId: string;
  readonly stage: Stage;
  /** Display name of the person, for the history of versions. */
  readonly by: string;
}

export interface StudioOptions {
  readonly model: LanguageModel;
  /** The embedded tables, for `quick`, whatever model is configured. */
  readonly tables: LanguageModel;
  /** Drafting calls at once per cast. */
  readonly concurrency: number;
  readonly now: () => number;
  readonly newId: () => string;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/** Drafts NPCs: whole casts, one from notes, one from the tables, and any of them again. */
export class CastStudio {
  readonly #options: StudioOptions;
  /** By campaign and channel: what `stop` ends. */
  readonly #underWay = new Map<string, Set<AbortController>>();
  readonly #work = new Set<Promise<unknown>>();
  /** Channels in which a whole cast is being drafted. */
  readonly #casting = new Set<string>();

  constructor(options: StudioOptions) {
    this.#options = options;
  }

  /**
   * Plans a cast and drafts its members, each shown as it is finished. What is finished is stored as a draft at once;
   * a member that fails shows its reason, and the others go on.
   * @throws Refusal where a cast is being drafted in this channel already.
   */
  async generate(visit: DraftingVisit, request: CastRequest): Promise<void> {
    const key = keyOf(visit);
    if (this.#casting.has(key)) {
      throw new Refusal('A cast is being drafted here already. Wait until it stands, or /stop it.');
    }
    this.#casting.add(key);
    const drafting = this.#stoppable(visit, async (signal) => {
      const { concurrency, now } = this.#options;
      const board = new CastBoard({ title: titleOf(request), concurrency, now });
      await board.open((view) => visit.stage.openBoard(view));
      const cast = await this.#plan(visit, request, signal, board);
      if (cast === undefined) return;
      board.planned(cast.members);
      const drafts = new PQueue({ concurrency });
      for (const [index, member] of cast.members.entries()) {
        void drafts.add(() => this.#draftMember(visit, { cast, member, index, board, signal }));
      }
      await drafts.onIdle();
      await board.close(signal.aborted ? 'cancelled' : 'finished');
      await tellTies(visit, cast);
    });
    await drafting.finally(() => this.#casting.delete(key));
  }

  /** Drafts the member of a cast that failed, was cancelled or never came. */
  async draftMissing(visit: DraftingVisit, cast: Cast, member: CastMember, hint: string): Promise<Npc> {
    const task = memberTask(cast, member, { hint, seed: this.#options.newId() });
    return this.#stoppable(visit, (signal) => this.#draft(visit, task, { signal, castId: cast.id }));
  }

  /** One NPC from the GM's pasted notes, which stay with it. */
  async create(visit: DraftingVisit, notes: string, system: '5e' | 'none'): Promise<Npc> {
    const takenNames = await takenNamesOf(visit.store);
    const seed = this.#options.newId();
    const task: DraftTask = { ...EMPTY_TASK, notes, system, takenNames, seed };
    return this.#stoppable(visit, (signal) => this.#draft(visit, task, { signal, castId: undefined }));
  }

  /** One NPC from the tables at once: a lean sheet, to be deepened later. */
  async quick(visit: DraftingVisit, role: string, seed: string | undefined): Promise<Npc> {
    const takenNames = await takenNamesOf(visit.store);
    const task: DraftTask = {
      ...EMPTY_TASK,
      prompt: role,
      depth: 'lean',
      takenNames,
      seed: seed ?? this.#options.newId(),
    };
    const model = this.#options.tables;
    return this.#draft(visit, task, { signal: new AbortController().signal, castId: undefined, model });
  }

  /**
   * Drafts an NPC again as a new version; locked fields stand, and so does its name where others refer to it. With
   * `deepen`, everything that is there stands and only what is empty is filled. Where it fails nothing has changed.
   */
  async reroll(visit: DraftingVisit, npc: Npc, wish: { hint: string; deepen: boolean }): Promise<Npc> {
    const cast = npc.castId === undefined ? undefined : await visit.store.casts.byId(npc.castId);
    const member = cast?.members.find((candidate) => nameKey(candidate.name) === nameKey(npc.persona.name));
    const isNamed = npc.status === 'kept' || wish.deepen;
    const keep = {
      ...(isNamed ? { name: npc.persona.name } : {}),
      ...(wish.deepen ? filledFields(npc.persona) : lockedFields(npc)),
    };
    const own = { hint: wish.hint, keep, seed: this.#options.newId() };
    const previous = wish.deepen ? undefined : npc.persona;
    const system = npc.persona.stat_block === undefined ? 'none' : '5e';
    const task: DraftTask =
      cast === undefined || member === undefined
        ? {
            ...EMPTY_TASK,
            ...own,
            prompt: npc.persona.role,
            notes: npc.persona.creator_notes,
            system,
            previous,
            takenNames: (await takenNamesOf(visit.store)).filter((name) => name !== npc.persona.name),
          }
        : { ...memberTask(cast, member, own), previous };
    return this.#stoppable(visit, async (signal) => {
      const persona = await this.#persona(visit, task, signal, this.#options.model);
      const next = { ...persona, creator_notes: npc.persona.creator_notes };
      const reason = wish.deepen ? 'deepened' : 'rerolled';
      const changed = await visit.store.npcs.addVersion(npc.id, {
        persona: next,
        reason,
        by: visit.by,
        follow: false,
      });
      if (changed === undefined) throw nameTaken(persona.name);
      return changed;
    });
  }

  /** Stops what is being drafted in this channel; what is finished stays. False where nothing is. */
  stop(visit: Pick<DraftingVisit, 'store' | 'channelId'>): boolean {
    const underWay = this.#underWay.get(keyOf(visit));
    for (const controller of underWay ?? []) controller.abort();
    return underWay !== undefined;
  }

  /** Stops everything that is being drafted, and resolves when all of it has ended. */
  async close(): Promise<void> {
    for (const controller of [...this.#underWay.values()].flatMap((set) => [...set])) controller.abort();
    await Promise.allSettled(this.#work);
  }

  async #stoppable<T>(visit: DraftingVisit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const key = keyOf(visit);
    const underWay = this.#underWay.get(key) ?? new Set();
    if (underWay.size >= MAX_DRAFTINGS_PER_CHANNEL) {
      throw new Refusal(
        'Many NPCs are being drafted here already. Wait until some of them stand, or /stop them.',
      );
    }
    const controller = new AbortController();
    this.#underWay.set(key, underWay.add(controller));
    const working = refuseWhenFull(visit.store).then(() => work(controller.signal));
    this.#work.add(working);
    try {
      return await working;
    } finally {
      this.#work.delete(working);
      underWay.delete(controller);
      if (underWay.size === 0) this.#underWay.delete(key);
    }
  }

  /** The plan, stored; undefined where it was stopped or failed, which the board and a notice then say. */
  async #plan(
    visit: DraftingVisit,
    request: CastRequest,
    signal: AbortSignal,
    board: CastBoard,
  ): Promise<Cast | undefined> {
    try {
      const takenNames = await takenNamesOf(visit.store);
      const { count, prompt, level, tone, seed } = request;
      const asked = planRequest({ kind: 'plan', count, prompt, level, tone, takenNames, seed }, visit.origin);
      const plan = await askObject(this.#options.model, asked, planSchema, {
        signal,
        check: ({ members }) => planComplaints(members, { count, takenNames }),
      });
      const members = makeTiesMutual(plan.members);
      return await visit.store.casts.add({ id: this.#options.newId(), request, members });
    } catch (error) {
      await board.close(signal.aborted ? 'cancelled' : 'failed');
      if (!signal.aborted) {
        const why = this.#reason(error, 'planning a cast');
        await visit.stage.tell(notice('trouble', `The cast could not be planned: ${why}.`), 'asker');
      }
      return undefined;
    }
  }

  async #draftMember(
    visit: DraftingVisit,
    work: { cast: Cast; member: CastMember; index: number; board: CastBoard; signal: AbortSignal },
  ): Promise<void> {
    const { cast, member, index, board, signal } = work;
    if (signal.aborted) return;
    board.drafting(index);
    try {
      const seed = `${cast.request.seed}/${nameKey(member.name)}`;
      const task = memberTask(cast, member, { seed });
      board.finished(index, await this.#draft(visit, task, { signal, castId: cast.id }));
    } catch (error) {
      if (!signal.aborted) board.failed(index, `${this.#reason(error, 'drafting')}.`);
    }
  }

  async #draft(
    visit: DraftingVisit,
    task: DraftTask,
    options: { signal: AbortSignal; castId: string | undefined; model?: LanguageModel },
  ): Promise<Npc> {
    const drafted = await this.#persona(visit, task, options.signal, options.model ?? this.#options.model);
    const npc = await visit.store.npcs.add({
      id: this.#options.newId(),
      persona: task.notes === '' ? drafted : { ...drafted, creator_notes: task.notes },
      status: 'draft',
      castId: options.castId,
      sourceFile: undefined,
      reason: 'drafted',
      by: visit.by,
    });
    if (npc === undefined) throw nameTaken(drafted.name);
    return npc;
  }

  async #persona(
    visit: DraftingVisit,
    task: DraftTask,
    signal: AbortSignal,
    model: LanguageModel,
  ): Promise<Persona> {
    const taken = new Set(task.takenNames.map(nameKey));
    const persona = personaOfDraft(
      await askObject(model, draftRequest(task, visit.origin), draftSchema, {
        signal,
        check: (draft) =>
          task.member === undefined && task.keep.name === undefined && taken.has(nameKey(draft.name))
            ? [`the name ${draft.name} is taken, choose another`]
            : [],
      }),
      { keep: task.keep, member: task.member, depth: task.depth },
    );
    return persona;
  }

  /** One reason for a person; what failed inside is logged here, once. */
  #reason(error: unknown, doing: string): string {
    if (error instanceof Refusal) return error.message.replace(/\.$/u, '');
    this.#options.onFault(error, doing);
    return error instanceof ModelError ? failureWords(error) : 'something failed here, and it is in the log';
  }
}

const EMPTY_TASK: Omit<DraftTask, 'seed'> = {
  kind: 'draft',
  member: undefined,
  others: [],
  prompt: '',
  notes: '',
  level: undefined,
  tone: undefined,
  system: 'none',
  hint: '',
  keep: {},
  previous: undefined,
  takenNames: [],
  depth: 'full',
};

function memberTask(
  cast: Cast,
  member: CastMember,
  own: Pick<DraftTask, 'seed'> & Partial<DraftTask>,
): DraftTask {
  const { prompt, level, tone, system } = cast.request;
  const others = cast.members.filter((other) => other !== member);
  return { ...EMPTY_TASK, prompt, level, tone, system, member, others, ...own };
}

/** How the cast is tied, for the GM who asked: players find it out. */
async function tellTies(visit: DraftingVisit, cast: Cast): Promise<void> {
  const drafted = new Set((await visit.store.npcs.list()).map((npc) => nameKey(npc.persona.name)));
  const items = cast.members
    .filter(({ name }) => drafted.has(nameKey(name)))
    .flatMap(({ name, ties }) => ties.map(({ to, tie }) => `${name} → ${to}: ${tie}`));
  if (items.length === 0) return;
  const blocks = [{ kind: 'heading', text: 'How they are tied' } as const, { kind: 'list', items } as const];
  await visit.stage.tell({ tone: 'plain', blocks, actions: [] }, 'asker');
}

function lockedFields(npc: Npc): Partial<Persona> {
  return Object.fromEntries(npc.locks.map((field) => [field, npc.persona[field]]));
}

function filledFields(persona: Persona): Partial<Persona> {
  const isFilled = (value: unknown) =>
    value !== undefined && (typeof value === 'number' || String(value) !== '');
  const fields = PERSONA_FIELDS.filter((field) => isFilled(persona[field]));
  return Object.fromEntries([
    ...fields.map((field) => [field, persona[field]]),
    ['extensions', persona.extensions],
  ]);
}

async function takenNamesOf(store: CampaignStore): Promise<readonly string[]> {
  return (await store.npcs.list()).map((npc) => npc.persona.name);
}

async function refuseWhenFull(store: CampaignStore): Promise<void> {
  if ((await store.npcs.list()).length < MAX_NPCS_PER_CAMPAIGN) return;
  throw new Refusal(
    `This campaign has ${MAX_NPCS_PER_CAMPAIGN} NPCs, which is the most it can hold. Discard some, or open another campaign.`,
  );
}

function nameTaken(name: string): Refusal {
  return new Refusal(`There is an NPC called ${name} already. Try again, or discard that one first.`);
}

function titleOf(request: CastRequest): string {
  return `${request.count} ${request.count === 1 ? 'NPC' : 'NPCs'}: ${request.prompt}`;
}

function keyOf(visit: Pick<DraftingVisit, 'store' | 'channelId'>): string {
  return `${visit.store.campaignId}\n${visit.channelId}`;
}
