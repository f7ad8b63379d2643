import type { Line, Npc, Scene, Speaker } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import { notice } from '#src/core/view.ts';
import { addressed, firstNamed } from './addressing.ts';
import { KeyedQueues } from './keyed-queues.ts';
import { splitOutOfCharacter } from './out-of-character.ts';
import { partnerOf } from './transcript.ts';
import { greet, type TurnDependencies, takeTurn } from './turn.ts';
import type { Visit } from './visit.ts';

/** Longest line a person may say, in characters: the most that Discord lets anybody type. */
const MAX_LINE_IN_CHARACTERS = 4000;
/** So many lines may wait for their answer in one scene; one more is not taken. */
const MAX_WAITING_LINES = 20;
/** A line is looked at together with so many before it to tell who is meant. */
const LINES_LOOKED_BACK = 24;
/** Lines of people, newest first, among which `retry` finds one without its answer. */
const LINES_RETRIED = 5;

/** Names that stand for a part at the table, and for nobody in the world. */
const TABLE_ROLES = new Set(['gm', 'game master', 'dm', 'narrator', 'system']);

/** Leads the scenes: who hears a line, who answers it, and that one speaks at a time. */
export class SceneDirector {
  readonly #dependencies: TurnDependencies;
  readonly #current: (store: CampaignStore, npc: Npc) => Promise<Npc>;
  /** By place: lines are committed in the order in which they arrive. */
  readonly #arrivals = new KeyedQueues();
  /** By scene: one reply at a time. */
  readonly #turns = new KeyedQueues();
  /** By place: what `stop` ends. */
  readonly #speaking = new Map<string, Set<AbortController>>();
  /** Lines that have been committed and wait for their turn: no prompt holds them before it is theirs. */
  readonly #waiting = new Set<string>();
  #isClosing = false;

  /** @param options.current the NPC as it is now, its persona file read again if that was edited. */
  constructor(
    options: TurnDependencies & { readonly current: (store: CampaignStore, npc: Npc) => Promise<Npc> },
  ) {
    this.#dependencies = options;
    this.#current = options.current;
  }

  /**
   * Somebody says something. The line is committed before anything else happens; the same id twice is one line.
   * Resolves when every answer to it has ended.
   * @throws Refusal where the line cannot be taken: nothing of it is kept then.
   */
  async hear(
    visit: Visit,
    said: { readonly id: string; readonly speaker: Speaker; readonly text: string },
  ): Promise<void> {
    if (said.text.length > MAX_LINE_IN_CHARACTERS) {
      throw new Refusal(
        `That line has ${said.text.length} characters, and a line may have ${MAX_LINE_IN_CHARACTERS}. Say it in parts.`,
      );
    }
    const { speech, asides } = splitOutOfCharacter(withoutActingCharacters(said.text));
    if (speech === '' && asides.length === 0) {
      throw new Refusal('There was nothing to hear in that line. Type what is said, or /help.');
    }
    const answering = await this.#arrivals.run(placeOf(visit), async () => {
      const scene = await visit.store.scenes.open(visit.channelId);
      const heard = await this.#commit(visit, scene, { ...said, speech, asides });
      // The turn is taken before the next line arrives, so that turns keep the order of the lines.
      return heard === undefined ? undefined : { turn: this.#answer(visit, scene, heard) };
    });
    await answering?.turn;
  }

  /** NPCs on stage in this channel, in the order of their entrance, as they are now. */
  async onStage(visit: Pick<Visit, 'store' | 'channelId'>): Promise<readonly Npc[]> {
    const scene = await visit.store.scenes.current(visit.channelId);
    if (scene === undefined) return [];
    const ids = await visit.store.scenes.cast(scene.id);
    const npcs = await Promise.all(ids.map((id) => visit.store.npcs.byId(id)));
    const present = npcs.filter((npc): npc is Npc => npc !== undefined && npc.status !== 'discarded');
    return Promise.all(present.map((npc) => this.#current(visit.store, npc)));
  }

  /**
   * Brings an NPC on stage. At the first meeting in a scene it greets those present; later the table is told that it is
   * back. A draft that is spoken with is kept.
   * @param callId what its first line's id derives from.
   * @returns false where it was on stage already.
   */
  async enter(visit: Visit, npc: Npc, callId: string): Promise<boolean> {
    const { scenes, lines } = visit.store;
    const scene = await scenes.open(visit.channelId);
    const hasMet = (await lines.recent(scene.id, { limit: 1, witness: npc.id })).length > 0;
    if (!(await scenes.enter(scene.id, npc.id))) return false;
    this.#dependencies.memory.prepare(visit.store, npc.id);
    await keep(visit.store, npc);
    if (hasMet || npc.persona.first_mes.trim() === '') {
      const text = `${npc.persona.name} ${hasMet ? 'is back' : 'enters'}.`;
      await visit.stage.tell(notice('good', text), 'everyone');
      return true;
    }
    await this.#turns.run(scene.id, async () => {
      const onStage = await this.onStage(visit);
      const isStillThere = onStage.some(({ id }) => id === npc.id);
      if (isStillThere && !this.#isClosing)
        await greet(visit, scene, npc, { id: `${callId}/greeting`, onStage });
    });
    return true;
  }

  /** Takes an NPC off stage. False where it was not there. */
  async leave(visit: Pick<Visit, 'store' | 'channelId'>, npc: Npc): Promise<boolean> {
    const scene = await visit.store.scenes.current(visit.channelId);
    if (scene === undefined || !(await visit.store.scenes.leave(scene.id, npc.id))) return false;
    this.#dependencies.memory.release(visit.store, npc.id);
    return true;
  }

  /** Stops the answers under way to one line in this channel. False where nobody speaks. */
  stop(visit: Pick<Visit, 'origin' | 'channelId'>): boolean {
    const speaking = this.#speaking.get(placeOf(visit));
    for (const controller of speaking ?? []) controller.abort();
    return speaking !== undefined;
  }

  /**
   * Asks again for the newest answer that never came or broke off: only of those who heard the line, and once.
   * @param npcName whose answer is meant, where several did not come.
   * @throws Refusal where there is nothing to answer.
   */
  async retry(visit: Visit, npcName?: string): Promise<void> {
    const scene = await visit.store.scenes.current(visit.channelId);
    const recent =
      scene === undefined ? [] : await visit.store.lines.recent(scene.id, { limit: LINES_LOOKED_BACK });
    const said = recent.filter(({ id, speaker, kind }) => {
      return speaker.kind !== 'npc' && kind === 'speech' && !this.#waiting.has(id);
    });
    for (const heard of said.slice(-LINES_RETRIED).toReversed()) {
      const missing = await this.#missingAnswers(visit, heard, recent);
      const meant = missing.filter(
        (npc) => npcName === undefined || nameKey(npc.persona.name) === nameKey(npcName),
      );
      if (scene !== undefined && meant.length > 0) {
        return this.#answer(
          visit,
          scene,
          heard,
          meant.map(({ id }) => id),
        );
      }
    }
    throw new Refusal('Nothing waits for an answer here. Say something to somebody on stage.');
  }

  /**
   * Ends what is being spoken (it is marked as stopped) and resolves when all of it has ended. Lines that wait get no
   * answer any more; they are committed, and `retry` can ask for it.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const controller of [...this.#speaking.values()].flatMap((set) => [...set])) controller.abort();
    await this.#arrivals.settled();
    await this.#turns.settled();
  }

  /** The line as it stands in the transcript; undefined where nobody is to answer it. */
  async #commit(
    visit: Visit,
    scene: Scene,
    said: {
      readonly id: string;
      readonly speaker: Speaker;
      readonly speech: string;
      readonly asides: readonly string[];
    },
  ): Promise<Line | undefined> {
    const { lines } = visit.store;
    const { id, speaker, speech, asides } = said;
    const onStage = await this.onStage(visit);
    if (speech !== '') {
      refuseBorrowedName(speaker, onStage);
      if (this.#turns.waiting(scene.id) >= MAX_WAITING_LINES) {
        throw new Refusal(
          `${MAX_WAITING_LINES} lines wait for an answer here already, so this one was not taken. Say it again once it is quiet.`,
        );
      }
    }
    const common = { sceneId: scene.id, speaker, state: 'said', replyTo: undefined } as const;
    for (const [index, text] of asides.entries()) {
      const asideId = speech === '' && index === 0 ? id : `${id}/aside-${index + 1}`;
      await lines.append({ ...common, id: asideId, text, kind: 'ooc', witnesses: [] });
    }
    if (speech === '') return undefined;
    const witnesses = onStage.map((npc) => npc.id);
    const { line, isNew } = await lines.append({ ...common, id, text: speech, kind: 'speech', witnesses });
    return isNew ? line : undefined;
  }

  /**
   * Has a line answered when it is its turn: by those it means, or by `npcIds`.
   * @returns when all of them have ended.
   */
  #answer(visit: Visit, scene: Scene, heard: Line, npcIds?: readonly string[]): Promise<void> {
    this.#waiting.add(heard.id);
    return this.#turns.run(scene.id, async () => {
      this.#waiting.delete(heard.id);
      const place = placeOf(visit);
      const stopping = new AbortController();
      const speaking = this.#speaking.get(place) ?? new Set();
      this.#speaking.set(place, speaking.add(stopping));
      try {
        for (const npcId of npcIds ?? (await this.#whoAnswers(visit, scene, heard))) {
          if (this.#isClosing || stopping.signal.aborted) return;
          await this.#takeTurn(visit, { scene, heard, npcId, signal: stopping.signal });
        }
      } finally {
        speaking.delete(stopping);
        if (speaking.size === 0) this.#speaking.delete(place);
      }
    });
  }

  /** Whom a line means, of those who heard it and are here; where it means nobody, the table is told so. */
  async #whoAnswers(visit: Visit, scene: Scene, heard: Line): Promise<readonly string[]> {
    const recent = await visit.store.lines.recent(scene.id, { limit: LINES_LOOKED_BACK });
    const present = await this.#witnessesOnStage(visit, heard);
    const ids = addressed(heard.text, present.map(addressable), partnerOf(heard.speaker, recent));
    if (ids.length === 0 && !this.#isClosing) {
      const missed = firstNamed(heard.text, await visit.store.npcs.names());
      await visit.stage.tell(notice('hint', whyNobodyAnswers(present, missed?.name)), 'everyone');
    }
    return ids;
  }

  /** NPCs here whose answer to a line never came or broke off. */
  async #missingAnswers(visit: Visit, heard: Line, recent: readonly Line[]): Promise<readonly Npc[]> {
    const present = await this.#witnessesOnStage(visit, heard);
    const replies = await visit.store.lines.repliesTo(heard.id);
    const before = recent.filter(({ seq }) => seq < heard.seq);
    const meant = addressed(heard.text, present.map(addressable), partnerOf(heard.speaker, before));
    // Who stops one answer to a line means those that were still to come.
    const wasStopped = replies.some(({ state }) => state === 'stopped');
    return present.filter(({ id }) => {
      const state = stateOfAnswer(replies, id);
      if (state === undefined) return meant.includes(id) && !wasStopped;
      return state === 'failed' || state === 'cut';
    });
  }

  async #witnessesOnStage(visit: Visit, heard: Line): Promise<readonly Npc[]> {
    const witnesses = new Set(await visit.store.lines.witnesses(heard.id));
    return (await this.onStage(visit)).filter(({ id }) => witnesses.has(id));
  }

  async #takeTurn(
    visit: Visit,
    turn: {
      readonly scene: Scene;
      readonly heard: Line;
      readonly npcId: string;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const { scene, heard, npcId, signal } = turn;
    const state = stateOfAnswer(await visit.store.lines.repliesTo(heard.id), npcId);
    // Somebody was quicker: an answer stands, is under way, or was stopped on purpose.
    if (state === 'said' || state === 'speaking' || state === 'stopped') return;
    const onStage = await this.onStage(visit);
    const found = onStage.find((npc) => npc.id === npcId);
    if (found === undefined) {
      await visit.stage.tell(notice('hint', 'Whoever was meant has left in the meantime.'), 'everyone');
      return;
    }
    const npc = await keep(visit.store, found);
    await takeTurn({ visit, scene, heard, npc, onStage, unheard: this.#waiting, signal }, this.#dependencies);
  }
}

/** One channel of one workspace, whichever campaign is played there. */
function placeOf(visit: Pick<Visit, 'origin' | 'channelId'>): string {
  return JSON.stringify([visit.origin.workspaceId, visit.channelId]);
}

/** A character under the name of an NPC on stage would put words into its mouth. */
function refuseBorrowedName(speaker: Speaker, onStage: readonly Npc[]): void {
  if (speaker.kind !== 'character') return;
  const key = nameKey(speaker.name);
  if (TABLE_ROLES.has(key)) {
    throw new Refusal(`${speaker.name} is no character's name. Choose the name of somebody in the story.`);
  }
  const npc = onStage.find(({ persona }) =>
    [persona.name, ...persona.aliases].some((name) => nameKey(name) === key),
  );
  if (npc === undefined) return;
  throw new Refusal(`${npc.persona.name} is an NPC on stage and speaks for itself. Speak as somebody else.`);
}

/** Of one NPC's tries to answer a line, the newest one's state. */
function stateOfAnswer(replies: readonly Line[], npcId: string): Line['state'] | undefined {
  return replies.findLast(({ speaker }) => speaker.id === npcId)?.state;
}

function addressable(npc: Npc) {
  return { id: npc.id, name: npc.persona.name, aliases: npc.persona.aliases };
}

/** A draft that is spoken with is kept. */
async function keep(store: CampaignStore, npc: Npc): Promise<Npc> {
  return npc.status === 'draft' ? ((await store.npcs.setStatus(npc.id, 'kept')) ?? npc) : npc;
}

function whyNobodyAnswers(present: readonly Npc[], missed: string | undefined): string {
  const names = present.map((npc) => npc.persona.name);
  if (missed !== undefined) return `${missed} is not on stage. /npc talk ${missed} brings them in.`;
  return names.length === 0
    ? 'Nobody is on stage to answer. /npc list shows whom you have; /npc talk NAME brings somebody in.'
    : `Nobody was spoken to by name, so nobody answers. On stage: ${names.join(', ')}.`;
}
