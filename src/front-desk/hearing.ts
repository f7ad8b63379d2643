import { LRUCache } from 'lru-cache';
import { COMMANDS } from '#commands/index.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Campaign, Speaker } from '#src/core/entities.ts';
import type { IncomingLine, Person, RevisedLine } from '#src/core/front.ts';
import { labelName } from '#src/core/names.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { clip, withoutActingCharacters } from '#src/core/text.ts';
import { notice, type Stage } from '#src/core/view.ts';
import type { SceneDirector } from '#src/scene/scene-director.ts';
import { Arrivals, type ComingLine } from './arrivals.ts';
import { commandTyped, howToPick } from './mistyped.ts';
import { idOf, type Places } from './places.ts';
import { ProxyHold } from './proxy-hold.ts';
import type { DeskVisit, Visits } from './visits.ts';
import { isWhispered, whoHearsIt } from './whispers.ts';

/** Whoever was told that NPCs see no pictures, or hear whispers, is not told again the same evening, in the same place. */
const EVENING_IN_MS = 6 * 60 * 60 * 1000;
const MAX_TOLD = 10_000;
/** As adapters call them: a word among friends. */
const STICKER = /^the sticker\b/u;
/** Of what came with a line, so many are named where nothing was said. */
const ATTACHMENTS_NAMED = 3;
const MAX_ATTACHMENT_NAME_IN_CHARACTERS = 60;

/** Takes in lines: whether they concern us, whose they are, in their order, and what becomes of them afterwards. */
export class Hearing {
  readonly #store: Store;
  readonly #places: Places;
  readonly #visits: Visits;
  readonly #scenes: SceneDirector;
  readonly #arrivals: Arrivals;
  readonly #proxies: ProxyHold;
  /** Lines that were not heard, and whoever sent them told why. */
  readonly #hinted = new LRUCache<string, true>({ max: MAX_TOLD });
  /** People who know that NPCs see no pictures, place by place. */
  readonly #toldOfPictures: LRUCache<string, true>;
  /** People who know that whispers are heard, place by place. */
  readonly #toldOfWhispers: LRUCache<string, true>;

  constructor(options: {
    readonly store: Store;
    readonly places: Places;
    readonly visits: Visits;
    readonly scenes: SceneDirector;
    readonly clock: Clock;
  }) {
    this.#store = options.store;
    this.#places = options.places;
    this.#visits = options.visits;
    this.#scenes = options.scenes;
    this.#arrivals = new Arrivals(options.clock);
    this.#proxies = new ProxyHold(options.clock);
    const anEvening = { max: MAX_TOLD, ttl: EVENING_IN_MS, ttlResolution: 0, perf: options.clock };
    this.#toldOfPictures = new LRUCache(anEvening);
    this.#toldOfWhispers = new LRUCache(anEvening);
  }

  /**
   * Resolves when every answer has ended.
   * @param onVisit called with the visit's stage, once there is one.
   */
  async hear(line: IncomingLine, stage: Stage, onVisit: (stage: Stage) => void): Promise<void> {
    const id = idOf(line.place, line.messageId);
    const arriving = { id, channel: idOf(line.place, ''), text: line.text };
    const { heard } = await this.#arrivals.take(arriving, async (coming, handOn) => {
      const located = await this.#places.locate(line.place);
      const { campaign } = located;
      if (!(await this.#concernsUs(line, campaign))) return { heard: undefined };
      if (line.source === 'proxiable' && campaign.settings.proxies) {
        await this.#proxies.hold(personKey(line.place, line.person.id), coming);
      }
      if (coming.isRetracted) return { heard: undefined };
      const visit = await this.#visits.open(located, stage, line.person);
      onVisit(visit.stage);
      const speaker = await speakerOf(line, visit);
      // It may have been deleted while its speaker was looked up.
      if (coming.isRetracted) return { heard: undefined };
      handOn();
      return { heard: this.#handOn(visit, line, speaker, coming) };
    });
    await heard;
  }

  async revise({ place, messageId, text }: RevisedLine): Promise<void> {
    const id = idOf(place, messageId);
    if (this.#arrivals.revise(id, text)) return;
    await this.#scenes.revise(await this.#whereSaid(place, id), id, text);
  }

  async retract({ place, messageId }: Pick<RevisedLine, 'place' | 'messageId'>): Promise<void> {
    const id = idOf(place, messageId);
    if (this.#arrivals.retract(id)) return;
    const line = await this.#scenes.retract(await this.#whereSaid(place, id), id);
    if (line !== undefined) this.#proxies.deleted(personKey(place, line.speaker.id), line.createdAtInMs);
  }

  /** Nothing is held any more. */
  close(): void {
    this.#proxies.close();
  }

  /** What people say among themselves is ours to hear only while somebody is on stage. */
  async #concernsUs(line: IncomingLine, campaign: Campaign): Promise<boolean> {
    if (line.source === 'proxy' && !campaign.settings.proxies) return false;
    if (line.isDirect) return true;
    const { scenes } = this.#store.campaign(campaign.id);
    const scene = await scenes.current(line.place.channelId);
    return scene !== undefined && (await scenes.cast(scene.id)).length > 0;
  }

  async #handOn(
    visit: DeskVisit,
    line: IncomingLine,
    speaker: Speaker,
    { id, text }: ComingLine,
  ): Promise<void> {
    const { attachments, isDirect, repliesTo } = line;
    const spoken = withoutActingCharacters(text).trim();
    const typed = commandTyped(spoken, COMMANDS);
    if (typed !== undefined) {
      await this.#hint(id, visit, howToPick(typed, visit.place.platform));
      return;
    }
    if (attachments.length > 0 && spoken === '') {
      if (await this.#isForNpcs(visit, line)) await this.#tellOfPictures(id, visit, line);
      return;
    }
    const isPlayers = visit.permission === 'player';
    // At once: the next line must not overtake it.
    const heard = this.#scenes.hear(visit, { id, speaker, text, isDirect, isPlayers, repliesTo });
    await Promise.all([heard, isWhispered(spoken) ? this.#tellOfWhispers(id, visit, line) : undefined]);
  }

  /** What came without a word is shown to an NPC where it is said to us, or one alone is there. */
  async #isForNpcs(visit: DeskVisit, { isDirect, attachments }: IncomingLine): Promise<boolean> {
    if (isDirect) return true;
    if (attachments.every((each) => STICKER.test(each))) return false;
    return (await this.#scenes.onStage(visit)).length === 1;
  }

  async #tellOfPictures(
    lineId: string,
    visit: DeskVisit,
    { place, person, attachments }: IncomingLine,
  ): Promise<void> {
    if (isKnown(this.#toldOfPictures, place, person)) return;
    await this.#hint(lineId, visit, blindTo(attachments));
  }

  async #tellOfWhispers(lineId: string, visit: DeskVisit, { place, person }: IncomingLine): Promise<void> {
    const told = whoHearsIt(await this.#scenes.onStage(visit), visit.permission === 'player');
    if (told === undefined || isKnown(this.#toldOfWhispers, place, person)) return;
    await this.#hint(lineId, visit, told);
  }

  /** Says why a line is not heard, once however often it is delivered. */
  async #hint(lineId: string, { stage }: DeskVisit, text: string): Promise<void> {
    if (this.#hinted.has(lineId)) return;
    this.#hinted.set(lineId, true);
    await stage.tell(notice('hint', text), 'asker');
  }

  /** The campaign in which a line was said; another may be played there by now. */
  async #whereSaid(place: RevisedLine['place'], lineId: string) {
    const { workspace, campaign } = await this.#places.locate(place);
    const at = (campaignId: string) => {
      const store: CampaignStore = this.#store.campaign(campaignId);
      return { store, origin: { workspaceId: workspace.id, campaignId }, channelId: place.channelId };
    };
    const here = at(campaign.id);
    if ((await here.store.lines.byId(lineId)) !== undefined) return here;
    for (const { id } of await this.#store.campaigns(workspace.id)) {
      const there = at(id);
      if ((await there.store.lines.byId(lineId)) !== undefined) return there;
    }
    return here;
  }
}

/**
 * Who speaks: as the platform knows, else under the name that the person chose here, else as the game master or under
 * the person's own name. What a program posts is a character's.
 */
export async function speakerOf(
  {
    person,
    speaker,
    source,
  }: Pick<IncomingLine, 'person' | 'speaker'> & Partial<Pick<IncomingLine, 'source'>>,
  { store, permission }: Pick<DeskVisit, 'store' | 'permission'>,
): Promise<Speaker> {
  if (speaker !== undefined) return named(speaker);
  const { id } = person;
  const character = await store.characters.of(id);
  if (character !== undefined) return named({ kind: 'character', id, name: character });
  const isGm = permission !== 'player' && source !== 'proxy';
  return named({ kind: isGm ? 'gm' : 'character', id, name: person.name });
}

function named(speaker: Speaker): Speaker {
  return { ...speaker, name: labelName(speaker.name) || 'Somebody' };
}

/** Whether a person was told of something in this place already; from now on they were. */
function isKnown(told: LRUCache<string, true>, place: RevisedLine['place'], person: Person): boolean {
  const key = `${personKey(place, person.id)}\n${place.channelId}`;
  const isKnownAlready = told.has(key);
  told.set(key, true);
  return isKnownAlready;
}

function personKey(place: RevisedLine['place'], personId: Person['id']): string {
  return `${place.platform}\n${place.workspace.platformId}\n${personId}`;
}

function blindTo(attachments: readonly string[]): string {
  const names = attachments
    .slice(0, ATTACHMENTS_NAMED)
    .map((each) =>
      clip(withoutActingCharacters(each).replace(/\s+/gu, ' '), MAX_ATTACHMENT_NAME_IN_CHARACTERS),
    );
  const more = attachments.length > names.length ? ' and more' : '';
  return `No NPC can see what you sent (${names.join(', ')}${more}). Say in words what it shows.`;
}
