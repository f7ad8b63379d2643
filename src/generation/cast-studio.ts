import PQueue from 'p-queue';
import type { Cast, CastMember, CastRequest, Npc } from '#src/core/entities.ts';
import { ModelError, Refusal } from '#src/core/errors.ts';
import type { DraftTask, LanguageModel, Origin } from '#src/core/model.ts';
import { nameKey } from '#src/core/names.ts';
import type { Persona } from '#src/core/persona.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { type Action, notice, type Stage } from '#src/core/view.ts';
import { FAULT_WORDS, failureWords } from '#src/models/failure-words.ts';
import { askObject } from '#src/models/structured.ts';
import { draftSchema, personaOfDraft } from '#src/persona/draft-schema.ts';
import { reviseSheet } from '#src/persona/revise-sheet.ts';
import { draftRequest, planRequest } from '#src/prompt/requests.ts';
import { CastBoard } from './cast-board.ts';
import {
  changedFields,
  EMPTY_TASK,
  filledFields,
  foreignExtensions,
  lockedFields,
  memberTask,
} from './draft-tasks.ts';
import { type MissingMember, madeMembers, missingOfRecentCasts } from './missing-members.ts';
import { makeTiesMutual, planComplaints, planSchema } from './plan-schema.ts';
import { UnderWay } from './under-way.ts';

/** More NPCs than any table plays; a bound on what one campaign can fill. */
const MAX_NPCS_PER_CAMPAIGN = 2000;

/** Who failed or was cut off longer ago is not spoken of unasked. */
const MISSED_FOR_IN_MS = 24 * 60 * 60 * 1000;

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
  /** Names and aliases of those who wait to be brought in: nobody new gets one of them. */
  readonly folderNames?: () => Promise<readonly string[]>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Logs a failure, once. */
  readonly onFault: (error: unknown, doing: string) => void;
}

/** Drafts NPCs: whole casts, one from notes, one from the tables, and any of them again. */
export class CastStudio {
  readonly #options: StudioOptions;
  readonly #underWay = new UnderWay();
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
      const { concurrency, now, onFault } = this.#options;
      const board = new CastBoard({
        count: request.count,
        concurrency,
        now,
        onFault: (error) => onFault(error, 'showing a cast'),
      });
      await board.open((view) => visit.stage.openBoard(view));
      const cast = await this.#plan(visit, request, signal, board);
      if (cast === undefined) return;
      board.planned(cast);
      const drafts = new PQueue({ concurrency });
      await Promise.all(
        cast.members.map((member, index) =>
          this.#underWay.alone(memberKey(cast, member), member.name, () =>
            drafts.add(() => this.#draftMember(visit, { cast, member, index, board, signal })),
          ),
        ),
      );
      if (this.#underWay.wasStopped(signal)) await visit.store.casts.markStopped(cast.id);
      const drafted = await visit.store.npcs.ofCast(cast.id);
      await board.close(signal.aborted ? 'cancelled' : 'finished', drafted);
      await tellTies(visit, cast);
    });
    await drafting.finally(() => this.#casting.delete(key));
  }

  /**
   * Members of casts of the last day that failed or were cut off, and could be drafted as planned: nobody is drafting
   * or has stopped them, and nobody else has their name.
   */
  async missingMembers(store: CampaignStore): Promise<readonly MissingMember[]> {
    const missing = await missingOfRecentCasts(store);
    const taken = new Set((await store.npcs.names()).map(({ name }) => nameKey(name)));
    const since = this.#options.now() - MISSED_FOR_IN_MS;
    return missing.filter(
      ({ cast, member }) =>
        cast.createdAtInMs > since &&
        !cast.isStopped &&
        !this.#underWay.isDrafting(memberKey(cast, member)) &&
        !taken.has(nameKey(member.name)),
    );
  }

  /** The newest missing member of this name, also one that was stopped or is being drafted. */
  async missingMember(store: CampaignStore, name: string): Promise<MissingMember | undefined> {
    return (await missingOfRecentCasts(store)).find(({ member }) => nameKey(member.name) === nameKey(name));
  }

  /**
   * Drafts the member of a cast that failed, was cancelled or never came.
   * @throws Refusal where that member is being drafted, or its name is another's by now.
   */
  async draftMissing(
    visit: DraftingVisit,
    { cast, member }: MissingMember,
    wish: { readonly hint: string },
  ): Promise<Npc> {
    const task = memberTask(cast, member, { hint: wish.hint, seed: this.#options.newId() });
    return this.#underWay.alone(memberKey(cast, member), member.name, () =>
      this.#stoppable(visit, (signal) => this.#draft(visit, task, { signal, cast })),
    );
  }

  /** One NPC from the GM's pasted notes, which stay with it. */
  async create(visit: DraftingVisit, notes: string, system: '5e' | 'none'): Promise<Npc> {
    const takenNames = await this.#takenNames(visit.store);
    const seed = this.#options.newId();
    const task: DraftTask = { ...EMPTY_TASK, notes, system, takenNames, seed };
    return this.#stoppable(visit, (signal) => this.#draft(visit, task, { signal }));
  }

  /** One NPC from the tables at once: a lean sheet, to be deepened later. */
  async quick(visit: DraftingVisit, role: string, seed: string | undefined): Promise<Npc> {
    const takenNames = await this.#takenNames(visit.store);
    const task: DraftTask = {
      ...EMPTY_TASK,
      prompt: role,
      depth: 'lean',
      takenNames,
      seed: seed ?? this.#options.newId(),
    };
    const model = this.#options.tables;
    return this.#stoppable(visit, (signal) => this.#draft(visit, task, { signal, model }));
  }

  /**
   * Drafts an NPC again as a new version; locked fields stand, and so does its name where others refer to it. With
   * `deepen`, everything that is there stands and only what is empty is filled. What somebody locks, fills or changes
   * meanwhile stands too. Where it fails nothing has changed.
   * @throws Refusal where it is being drafted again already, or was discarded meanwhile.
   */
  async reroll(visit: DraftingVisit, npc: Npc, wish: { hint: string; deepen: boolean }): Promise<Npc> {
    return this.#underWay.alone(`npc\n${visit.store.campaignId}\n${npc.id}`, npc.persona.name, async () => {
      return this.#stoppable(visit, async (signal) => {
        const task = await this.#rerollTask(visit, npc, wish);
        const drafted = await this.#persona(visit, task, signal, this.#options.model);
        return reviseSheet(visit.store.npcs, npc, {
          reason: wish.deepen ? 'deepened' : 'rerolled',
          by: visit.by,
          revise: (now) => ({
            ...drafted,
            ...(wish.deepen ? filledFields(now.persona) : lockedFields(now)),
            ...changedFields(npc.persona, now.persona),
            ...(now.persona.avatar === undefined ? {} : { avatar: now.persona.avatar }),
            creator_notes: now.persona.creator_notes,
            tags: now.persona.tags,
            extensions: { ...foreignExtensions(now.persona), ...drafted.extensions },
          }),
        });
      });
    });
  }

  /** Stops what is being drafted in this channel; what is finished stays. False where nothing is. */
  stop(visit: Pick<DraftingVisit, 'store' | 'channelId'>): boolean {
    return this.#underWay.stop(keyOf(visit));
  }

  /** Resolves when all that is being drafted has ended: it has so long for it, and is then stopped. */
  close({ graceInMs }: { readonly graceInMs: number }): Promise<void> {
    return this.#underWay.close(graceInMs);
  }

  /** @throws Refusal where the campaign can hold no more NPCs, or much is being drafted here. */
  async #stoppable<T>(visit: DraftingVisit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#underWay.stoppable(keyOf(visit), async (signal) => {
      await refuseWhenFull(visit.store);
      return work(signal);
    });
  }

  async #rerollTask(
    visit: DraftingVisit,
    npc: Npc,
    wish: { readonly hint: string; readonly deepen: boolean },
  ): Promise<DraftTask> {
    const { persona, cast: place } = npc;
    const cast = place && (await visit.store.casts.byId(place.id));
    const member = cast?.members.find(({ name }) => nameKey(name) === nameKey(place?.member ?? ''));
    const wasRenamed = member !== undefined && nameKey(member.name) !== nameKey(persona.name);
    const keepsName = npc.status === 'kept' || wish.deepen || wasRenamed;
    const keep = {
      ...(keepsName ? { name: persona.name } : {}),
      ...(wish.deepen ? filledFields(persona) : lockedFields(npc)),
    };
    const previous = wish.deepen ? undefined : persona;
    const names = new Set([persona.name, ...persona.aliases]);
    const takenNames = (await this.#takenNames(visit.store)).filter((name) => !names.has(name));
    const own = { hint: wish.hint, keep, previous, takenNames, seed: this.#options.newId() };
    if (cast !== undefined && member !== undefined) return memberTask(cast, member, own);
    const system = persona.stat_block === undefined ? 'none' : '5e';
    return { ...EMPTY_TASK, ...own, prompt: persona.role, notes: persona.creator_notes, system };
  }

  /** Names before aliases, the newest first: a prompt has room for some of them only. */
  async #takenNames(store: CampaignStore): Promise<readonly string[]> {
    const known = await store.npcs.names();
    const inFolder = (await this.#options.folderNames?.()) ?? [];
    return [...known.map(({ name }) => name), ...known.flatMap(({ aliases }) => aliases), ...inFolder];
  }

  /** The plan, stored; undefined where it was stopped or failed, which the board and a notice then say. */
  async #plan(
    visit: DraftingVisit,
    request: CastRequest,
    signal: AbortSignal,
    board: CastBoard,
  ): Promise<Cast | undefined> {
    try {
      const takenNames = await this.#takenNames(visit.store);
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
        const failed = notice('trouble', `The cast could not be planned: ${why}.`);
        await visit.stage.tell({ ...failed, actions: [againAction(request)] }, 'asker');
      }
      return undefined;
    }
  }

  async #draftMember(
    visit: DraftingVisit,
    work: { cast: Cast; member: CastMember; index: number; board: CastBoard; signal: AbortSignal },
  ): Promise<void> {
    const { cast, member, index, board, signal } = work;
    try {
      if (signal.aborted) return;
      board.drafting(index);
      const seed = `${cast.request.seed}/${nameKey(member.name)}`;
      const takenNames = await this.#takenNames(visit.store);
      const npc = await this.#draft(visit, memberTask(cast, member, { seed, takenNames }), { signal, cast });
      board.finished(index, npc);
    } catch (error) {
      if (signal.aborted) return;
      const canRetry = !(error instanceof NameTaken);
      board.failed(index, `${this.#reason(error, 'drafting')}.`, { canRetry });
    }
  }

  /** @throws NameTaken where an NPC has the member's name, before or after the model was asked. */
  async #draft(
    visit: DraftingVisit,
    task: DraftTask,
    options: { readonly signal: AbortSignal; readonly cast?: Cast; readonly model?: LanguageModel },
  ): Promise<Npc> {
    const { npcs } = visit.store;
    const { member } = task;
    if (member !== undefined && (await npcs.byName(member.name)) !== undefined)
      throw new NameTaken(member.name);
    const drafted = await this.#persona(visit, task, options.signal, options.model ?? this.#options.model);
    const npc = await npcs.add({
      id: this.#options.newId(),
      persona: task.notes === '' ? drafted : { ...drafted, creator_notes: task.notes },
      status: 'draft',
      cast: options.cast && member && { id: options.cast.id, member: member.name },
      sourceFile: undefined,
      reason: 'drafted',
      by: visit.by,
    });
    if (npc !== undefined) return npc;
    if (member !== undefined) throw new NameTaken(member.name);
    throw new Refusal(
      `There is an NPC called ${drafted.name} already. Try again, or discard that one first.`,
    );
  }

  async #persona(
    visit: DraftingVisit,
    task: DraftTask,
    signal: AbortSignal,
    model: LanguageModel,
  ): Promise<Persona> {
    const taken = new Set(task.takenNames.map(nameKey));
    const draft = await askObject(model, draftRequest(task, visit.origin), draftSchema, {
      signal,
      check: ({ name }) =>
        task.member === undefined && task.keep.name === undefined && taken.has(nameKey(name))
          ? [`the name ${name} is taken, choose another`]
          : [],
    });
    return personaOfDraft(draft, { keep: task.keep, member: task.member, depth: task.depth });
  }

  /** One reason for a person; what failed inside is logged here, once. */
  #reason(error: unknown, doing: string): string {
    if (error instanceof Refusal) return error.message.replace(/\.$/u, '');
    this.#options.onFault(error, doing);
    return error instanceof ModelError ? failureWords(error) : FAULT_WORDS;
  }
}

/** Somebody else got the name of a planned member: to reroll that name would reach that NPC. */
class NameTaken extends Refusal {
  constructor(name: string) {
    super(
      `Another NPC has taken the name ${name}. Rename that one (/npc edit npc:${name} field:name value:…), then /npc reroll npc:${name} drafts this one.`,
    );
  }
}

/** The same command once more. */
function againAction({ count, prompt, level, tone, system }: CastRequest): Action {
  const options = {
    prompt,
    count: String(count),
    ...(level === undefined ? {} : { level: String(level) }),
    ...(tone === undefined ? {} : { tone }),
    ...(system === 'none' ? {} : { system }),
  };
  return { label: 'Try again', command: 'npc generate', options };
}

/** How the cast is tied, for the GM who asked: players find it out. */
async function tellTies(visit: DraftingVisit, cast: Cast): Promise<void> {
  const drafted = await madeMembers(visit.store, cast);
  const items = cast.members
    .filter(({ name }) => drafted.has(nameKey(name)))
    .flatMap(({ name, ties }) => ties.map(({ to, tie }) => `${name} → ${to}: ${tie}`));
  if (items.length === 0) return;
  const blocks = [
    { kind: 'heading', text: 'How they are tied (for you alone)' } as const,
    { kind: 'list', items } as const,
  ];
  await visit.stage.tell({ tone: 'plain', blocks, actions: [] }, 'asker');
}

async function refuseWhenFull(store: CampaignStore): Promise<void> {
  if ((await store.npcs.names()).length < MAX_NPCS_PER_CAMPAIGN) return;
  throw new Refusal(
    `This campaign has ${MAX_NPCS_PER_CAMPAIGN} NPCs, which is the most it can hold. Discard some, or open another campaign.`,
  );
}

function memberKey(cast: Cast, member: CastMember): string {
  return `member\n${cast.id}\n${nameKey(member.name)}`;
}

function keyOf(visit: Pick<DraftingVisit, 'store' | 'channelId'>): string {
  return `${visit.store.campaignId}\n${visit.channelId}`;
}
