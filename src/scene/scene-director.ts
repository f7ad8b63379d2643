import type { Line, Npc, Scene, Speaker } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import { notice } from '#src/core/view.ts';
import { addressed } from './addressing.ts';
import { LineQueue, MAX_WAITING_LINES } from './line-queue.ts';
import { splitOutOfCharacter } from './out-of-character.ts';
import { partnerOf } from './transcript.ts';
import { greet, type TurnDependencies, takeTurn } from './turn.ts';
import type { Visit } from './visit.ts';

/** Longest line a person may say, in characters: the most that Discord lets anybody type. */
const MAX_LINE_IN_CHARACTERS = 4000;

/** A line is looked at together with so many before it to tell who is meant. */
const LINES_LOOKED_BACK = 12;

/** Leads the scenes: who hears a line, who answers it, and that one speaks at a time. */
export class SceneDirector {
  readonly #dependencies: TurnDependencies;
  readonly #current: (store: CampaignStore, npc: Npc) => Promise<Npc>;
  readonly #queue = new LineQueue();
  /** By scene id: what `stop` ends. */
  readonly #speaking = new Map<string, AbortController>();
  /** Lines that have been committed and wait for their turn: no prompt holds them before it is theirs. */
  readonly #waiting = new Set<string>();

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
   * @throws Refusal where the line cannot be taken.
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
    const { lines, scenes } = visit.store;
    const scene = await scenes.open(visit.channelId);
    for (const [index, aside] of asides.entries()) {
      const id = speech === '' && index === 0 ? said.id : `${said.id}/aside-${index + 1}`;
      await lines.append({ ...saidIn(scene, said.speaker, aside), id, kind: 'ooc', witnesses: [] });
    }
    if (speech === '') return;
    const onStage = await this.onStage(visit);
    refuseBorrowedName(said.speaker, onStage);
    const before = await lines.recent(scene.id, { limit: LINES_LOOKED_BACK });
    const { line: heard, isNew } = await lines.append({
      ...saidIn(scene, said.speaker, speech),
      id: said.id,
      witnesses: onStage.map((npc) => npc.id),
    });
    if (isNew) await this.#answer(visit, { scene, heard, onStage, before });
  }

  /** NPCs on stage in this channel, in the order of their entrance. */
  async onStage(visit: Pick<Visit, 'store' | 'channelId'>): Promise<readonly Npc[]> {
    const scene = await visit.store.scenes.current(visit.channelId);
    if (scene === undefined) return [];
    const ids = await visit.store.scenes.cast(scene.id);
    const npcs = await Promise.all(ids.map((id) => visit.store.npcs.byId(id)));
    return npcs.filter((npc): npc is Npc => npc !== undefined && npc.status !== 'discarded');
  }

  /**
   * Brings an NPC on stage, where it greets those present. A draft that is spoken with is kept.
   * @param callId what its first line's id derives from.
   * @returns false where it was on stage already.
   */
  async enter(visit: Visit, npc: Npc, callId: string): Promise<boolean> {
    const scene = await visit.store.scenes.open(visit.channelId);
    if (!(await visit.store.scenes.enter(scene.id, npc.id))) return false;
    this.#dependencies.memory.prepare(visit.store, npc.id);
    await keep(visit.store, npc);
    await this.#queue.enqueue(scene.id, async () => {
      await greet(visit, scene, npc, { id: `${callId}/greeting`, onStage: await this.onStage(visit) });
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

  /** Stops the reply under way in this channel. False where nobody speaks. */
  async stop(visit: Pick<Visit, 'store' | 'channelId'>): Promise<boolean> {
    const scene = await visit.store.scenes.current(visit.channelId);
    const speaking = scene === undefined ? undefined : this.#speaking.get(scene.id);
    speaking?.abort();
    return speaking !== undefined;
  }

  /**
   * Asks again for an answer to the last line that has none, or whose answer broke off.
   * @throws Refusal where there is nothing to answer.
   */
  async retry(visit: Visit): Promise<void> {
    const { lines, scenes } = visit.store;
    const scene = await scenes.current(visit.channelId);
    const recent = scene === undefined ? [] : await lines.recent(scene.id, { limit: 2 * LINES_LOOKED_BACK });
    const heard = recent.findLast((line) => line.speaker.kind !== 'npc' && line.kind === 'speech');
    const onStage = await this.onStage(visit);
    if (scene === undefined || heard === undefined || onStage.length === 0) {
      throw new Refusal('Nothing waits for an answer here. Say something to somebody on stage.');
    }
    const answer = await lines.replyTo(heard.id);
    if (answer?.state === 'said' || answer?.state === 'speaking') {
      throw new Refusal('The last line has its answer. Say something new.');
    }
    const before = recent.filter((line) => line.seq < heard.seq);
    await this.#answer(visit, { scene, heard, onStage, before });
  }

  /** Ends what is being spoken (it is marked as stopped) and resolves when all of it has ended. */
  async close(): Promise<void> {
    for (const speaking of this.#speaking.values()) speaking.abort();
    await this.#queue.settled();
  }

  async #answer(
    visit: Visit,
    {
      scene,
      heard,
      onStage,
      before,
    }: { scene: Scene; heard: Line; onStage: readonly Npc[]; before: readonly Line[] },
  ): Promise<void> {
    const ids = addressed(heard.text, onStage.map(addressable), partnerOf(heard.speaker, before));
    if (ids.length === 0) {
      await visit.stage.tell(notice('hint', whyNobodyAnswers(onStage)), 'everyone');
      return;
    }
    this.#waiting.add(heard.id);
    const turns = this.#queue.enqueue(scene.id, async () => {
      this.#waiting.delete(heard.id);
      for (const npcId of ids) {
        if ((await this.#takeTurn(visit, scene, heard, npcId)) === 'stopped') return;
      }
    });
    if (turns === undefined) {
      this.#waiting.delete(heard.id);
      throw new Refusal(
        `${MAX_WAITING_LINES} lines wait for an answer here already. This one was heard; once it is quiet, /retry asks for its answer.`,
      );
    }
    await turns;
  }

  async #takeTurn(visit: Visit, scene: Scene, heard: Line, npcId: string) {
    const onStage = await this.onStage(visit);
    const found = onStage.find((npc) => npc.id === npcId);
    if (found === undefined) {
      await visit.stage.tell(notice('hint', 'Whoever was meant has left in the meantime.'), 'everyone');
      return undefined;
    }
    const npc = await this.#current(visit.store, await keep(visit.store, found));
    const speaking = new AbortController();
    this.#speaking.set(scene.id, speaking);
    try {
      const turn = { visit, scene, heard, npc, onStage, unheard: this.#waiting, signal: speaking.signal };
      return await takeTurn(turn, this.#dependencies);
    } finally {
      this.#speaking.delete(scene.id);
    }
  }
}

function saidIn(scene: Scene, speaker: Speaker, text: string) {
  return { sceneId: scene.id, speaker, text, kind: 'speech', state: 'said', replyTo: undefined } as const;
}

/** A character under an NPC's name would put words into that NPC's mouth. */
function refuseBorrowedName(speaker: Speaker, onStage: readonly Npc[]): void {
  const npc = onStage.find(({ persona }) => nameKey(persona.name) === nameKey(speaker.name));
  if (npc === undefined) return;
  throw new Refusal(`${npc.persona.name} is an NPC on stage and speaks for itself. Speak as somebody else.`);
}

function addressable(npc: Npc) {
  return { id: npc.id, name: npc.persona.name, aliases: npc.persona.aliases };
}

/** A draft that is spoken with is kept. */
async function keep(store: CampaignStore, npc: Npc): Promise<Npc> {
  return npc.status === 'draft' ? ((await store.npcs.setStatus(npc.id, 'kept')) ?? npc) : npc;
}

function whyNobodyAnswers(onStage: readonly Npc[]): string {
  const names = onStage.map((npc) => npc.persona.name);
  return names.length === 0
    ? 'Nobody is on stage to answer. /npc list shows whom you have; /npc talk NAME brings somebody in.'
    : `Nobody was spoken to by name, so nobody answers. On stage: ${names.join(', ')}.`;
}
