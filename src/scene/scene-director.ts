import { within } from '#src/core/clock.ts';
import type { Line, Npc, Scene } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { KeyedQueues } from '#src/core/keyed-queues.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import { notice } from '#src/core/view.ts';
import { firstNamed } from './addressing.ts';
import { amend, asideId, takeBack } from './amend.ts';
import {
  type HeardLine,
  MAX_LINE_IN_CHARACTERS,
  refuseBorrowedName,
  whyNobodyAnswers,
} from './heard-line.ts';
import { splitOutOfCharacter } from './out-of-character.ts';
import { greet, type TurnDependencies, takeTurn } from './turn.ts';
import { UnderAnswer } from './under-answer.ts';
import type { Visit } from './visit.ts';
import { missingAnswers, stateOfAnswer, whoIsMeant } from './who-is-meant.ts';

/** So many lines may wait for their answer in one scene; one more is not taken. */
const MAX_WAITING_LINES = 20;
/** A line is looked at together with so many before it to tell who is meant. */
const LINES_LOOKED_BACK = 24;
/** Lines of people, newest first, among which `retry` finds one without its answer. */
const LINES_RETRIED = 5;

/** Who is to answer a line, where that is known before its turn; and who is told where nobody does. */
interface WhoIsMeant extends Pick<HeardLine, 'isDirect' | 'isPlayers' | 'hints'> {
  readonly npcIds: readonly string[] | undefined;
  /** Resolves once the line was shown to the table; nobody answers before. */
  readonly isShown?: Promise<unknown>;
}

/** A line whose turn it is. */
interface Heard {
  readonly scene: Scene;
  readonly heard: Line;
  /** NPCs on stage now. */
  readonly onStage: readonly Npc[];
  /** Aborts when it is not to be answered any more. */
  readonly signal: AbortSignal;
}

/** Leads the scenes: who hears a line, who answers it, and that one speaks at a time. */
export class SceneDirector {
  readonly #dependencies: TurnDependencies;
  readonly #current: (store: CampaignStore, npc: Npc) => Promise<Npc>;
  /** By place: lines are committed in the order in which they arrive. */
  readonly #arrivals = new KeyedQueues();
  /** By scene: one reply at a time. */
  readonly #turns = new KeyedQueues();
  readonly #underAnswer = new UnderAnswer();
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
  async hear(visit: Visit, said: HeardLine): Promise<void> {
    if (said.text.length > MAX_LINE_IN_CHARACTERS) {
      throw new Refusal(
        `That line has ${said.text.length} characters, and a line may have ${MAX_LINE_IN_CHARACTERS}. Say it in parts.`,
      );
    }
    const { speech, asides } = splitOutOfCharacter(withoutActingCharacters(said.text));
    if (speech === '' && asides.length === 0) {
      if (!said.isDirect) return;
      throw new Refusal('There was nothing to hear in that line. Type what is said, or /help.');
    }
    const answering = await this.#arrivals.run(placeOf(visit), async () => {
      const scene = await visit.store.scenes.open(visit.channelId);
      const taken = await this.#commit(visit, scene, { ...said, speech, asides });
      if (!taken.isNew) return undefined;
      const shown = said.onTaken?.() ?? Promise.resolve();
      // It is waited for below; the next line does not wait for it.
      const isShown = shown.catch(() => undefined);
      const npcIds = said.npcId === undefined ? undefined : [said.npcId];
      // The turn is taken before the next line arrives, so that turns keep the order of the lines.
      const turn =
        taken.line === undefined
          ? undefined
          : this.#answer(visit, scene, taken.line, { ...said, npcIds, isShown });
      return { shown, turn };
    });
    await answering?.turn;
    await answering?.shown;
  }

  /**
   * Somebody changed what they had said. Whoever has answered it has answered what it was; nothing is answered anew.
   * Resolves when the transcript has followed; an unknown line is left alone.
   */
  async revise(
    visit: Pick<Visit, 'store' | 'origin' | 'channelId'>,
    id: string,
    text: string,
  ): Promise<void> {
    await this.#arrivals.run(placeOf(visit), () => amend(visit.store, id, text));
  }

  /**
   * Somebody deleted what they had said: it was never said, gets no answer any more, and one that is under way ends.
   * @returns the line that it was, if any.
   */
  async retract(visit: Pick<Visit, 'store' | 'origin' | 'channelId'>, id: string): Promise<Line | undefined> {
    const place = placeOf(visit);
    const line = await this.#arrivals.run(place, () => takeBack(visit.store, id));
    this.#underAnswer.endAnswerTo(place, id);
    return line;
  }

  /** NPCs on stage in this channel, in the order of their entrance, as they are now. */
  async onStage(visit: Pick<Visit, 'store' | 'channelId'>): Promise<readonly Npc[]> {
    const present = await visit.store.npcs.onStage(visit.channelId);
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
    const hasMet = (await lines.witnessed(scene.id, npc.id, 1)).length > 0;
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
        await greet(visit, scene, npc, { id: `${callId}/greeting`, onStage }, this.#dependencies.onFault);
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

  /**
   * Stops the answers under way to a line in this channel.
   * @param askerId the person who asks, where only the answer to their own line is theirs to stop.
   */
  stop(visit: Pick<Visit, 'origin' | 'channelId'>, askerId?: string): ReturnType<UnderAnswer['stop']> {
    return this.#underAnswer.stop(placeOf(visit), askerId);
  }

  /**
   * Asks again for the newest answer that never came or broke off: only of those who heard the line, and once.
   * @param npcName whose answer is meant, where several did not come.
   * @throws Refusal where there is nothing to answer.
   */
  async retry(visit: Visit, npcName?: string): Promise<void> {
    const scene = await visit.store.scenes.current(visit.channelId);
    const recent = scene === undefined ? [] : await visit.store.lines.recent(scene.id, LINES_LOOKED_BACK);
    const said = recent.filter(({ id, speaker, kind, text }) => {
      return speaker.kind !== 'npc' && kind === 'speech' && text !== '' && !this.#waiting.has(id);
    });
    const onStage = await this.onStage(visit);
    for (const heard of said.slice(-LINES_RETRIED).toReversed()) {
      const present = await witnessesAmong(onStage, visit, heard);
      const before = recent.filter(({ seq }) => seq < heard.seq);
      const missing = await missingAnswers(visit.store.lines, heard, present, before);
      const meant = missing.filter(
        (npc) => npcName === undefined || nameKey(npc.persona.name) === nameKey(npcName),
      );
      if (scene !== undefined && meant.length > 0) {
        const npcIds = meant.map(({ id }) => id);
        return this.#answer(visit, scene, heard, { npcIds, isDirect: true, isPlayers: true });
      }
    }
    throw new Refusal('Nothing waits for an answer here. Say something to somebody on stage.');
  }

  /**
   * Resolves when all that is being spoken has ended: it has so long for it, and is then cut off. Lines that wait get no
   * answer any more; they are committed, and `retry` can ask for it.
   */
  async close({ graceInMs }: { readonly graceInMs: number }): Promise<void> {
    this.#isClosing = true;
    const settled = this.#settled();
    await within(graceInMs, settled);
    this.#underAnswer.endAll();
    await settled;
  }

  async #settled(): Promise<void> {
    await this.#arrivals.settled();
    await this.#turns.settled();
  }

  /** The line as it stands in the transcript; undefined where it was all out of character. Known already: not new. */
  async #commit(
    visit: Visit,
    scene: Scene,
    said: HeardLine & { readonly speech: string; readonly asides: readonly string[] },
  ): Promise<{ readonly line: Line | undefined; readonly isNew: boolean }> {
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
    let isNew = false;
    for (const [index, text] of asides.entries()) {
      const itsId = asideId(id, index, speech !== '');
      const aside = await lines.append({ ...common, id: itsId, text, kind: 'ooc', witnesses: [] });
      isNew ||= aside.isNew;
    }
    if (speech === '') return { line: undefined, isNew };
    const witnesses = onStage.map((npc) => npc.id);
    const { repliesTo } = said;
    const answered = repliesTo === undefined ? undefined : await lines.byPost(visit.channelId, repliesTo);
    const speechLine = {
      ...common,
      id,
      text: speech,
      kind: 'speech',
      replyTo: answered?.id,
      witnesses,
    } as const;
    return lines.append(speechLine);
  }

  /**
   * Has a line answered when it is its turn, as it stands then: by those it means, or by `npcIds`.
   * @returns when all of them have ended.
   */
  #answer(visit: Visit, scene: Scene, said: Line, meant: WhoIsMeant): Promise<void> {
    this.#waiting.add(said.id);
    return this.#turns.run(scene.id, async () => {
      await meant.isShown;
      this.#waiting.delete(said.id);
      await this.#underAnswer.during(placeOf(visit), said, async (signal) => {
        const heard = await visit.store.lines.byId(said.id);
        // Deleted, or out of character by now.
        if (heard === undefined || heard.text === '') return;
        let onStage = await this.onStage(visit);
        const occasion = { scene, heard, signal };
        const npcIds = meant.npcIds ?? (await this.#whoAnswers(visit, { ...occasion, onStage }, meant));
        for (const [index, npcId] of npcIds.entries()) {
          if (this.#isClosing || signal.aborted) return;
          // While one spoke, others may have come or gone.
          if (index > 0) onStage = await this.onStage(visit);
          await this.#takeTurn(visit, { ...occasion, onStage, npcId });
        }
      });
    });
  }

  /** Whom a line means, of those who heard it and are here; where one said to us means nobody, the table is told so. */
  async #whoAnswers(
    visit: Visit,
    { scene, heard, onStage }: Heard,
    { isDirect, isPlayers, hints = 'everyone' }: WhoIsMeant,
  ): Promise<readonly string[]> {
    const present = await witnessesAmong(onStage, visit, heard);
    const recent = () => visit.store.lines.recent(scene.id, LINES_LOOKED_BACK);
    const ids = await whoIsMeant(visit.store.lines, { ...heard, isDirect }, present, recent);
    if (ids.length === 0 && isDirect && !this.#isClosing) {
      const known = isPlayers ? [] : await visit.store.npcs.names();
      const missed = firstNamed(heard.text, known)?.name;
      const why = whyNobodyAnswers(present, { missed, isPlayers });
      await visit.stage.tell(notice('hint', why), hints);
    }
    return ids;
  }

  async #takeTurn(visit: Visit, turn: Heard & { readonly npcId: string }): Promise<void> {
    const { scene, heard, npcId, onStage, signal } = turn;
    const state = stateOfAnswer(await visit.store.lines.repliesTo(heard.id), npcId);
    // Somebody was quicker: an answer stands, is under way, or was stopped on purpose.
    if (state === 'said' || state === 'speaking' || state === 'stopped') return;
    const found = onStage.find((npc) => npc.id === npcId);
    if (found === undefined) {
      await visit.stage.tell(notice('hint', 'Whoever was meant has left in the meantime.'), 'everyone');
      return;
    }
    const npc = await keep(visit.store, found);
    await takeTurn({ visit, scene, heard, npc, onStage, unheard: this.#waiting, signal }, this.#dependencies);
  }
}

/** Those of the NPCs on stage who heard a line. */
async function witnessesAmong(
  onStage: readonly Npc[],
  { store }: Pick<Visit, 'store'>,
  heard: Line,
): Promise<readonly Npc[]> {
  const witnesses = new Set(await store.lines.witnesses(heard.id));
  return onStage.filter(({ id }) => witnesses.has(id));
}

/** One channel of one workspace, whichever campaign is played there. */
function placeOf(visit: Pick<Visit, 'origin' | 'channelId'>): string {
  return JSON.stringify([visit.origin.workspaceId, visit.channelId]);
}

/** A draft that is spoken with is kept. */
async function keep(store: CampaignStore, npc: Npc): Promise<Npc> {
  return npc.status === 'draft' ? ((await store.npcs.setStatus(npc.id, 'kept')) ?? npc) : npc;
}
