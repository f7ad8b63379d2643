import type { Clock } from '#src/core/clock.ts';
import type { Campaign, Speaker } from '#src/core/entities.ts';
import type { IncomingLine, Person, RevisedLine } from '#src/core/front.ts';
import { labelName } from '#src/core/names.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { clip, withoutActingCharacters } from '#src/core/text.ts';
import { notice, type Stage } from '#src/core/view.ts';
import type { SceneDirector } from '#src/scene/scene-director.ts';
import { Arrivals, type ComingLine } from './arrivals.ts';
import { idOf, type Places } from './places.ts';
import { ProxyHold } from './proxy-hold.ts';
import type { DeskVisit, Visits } from './visits.ts';

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
    await this.#scenes.revise(await this.#where(place), id, text);
  }

  async retract({ place, messageId }: Pick<RevisedLine, 'place' | 'messageId'>): Promise<void> {
    const id = idOf(place, messageId);
    if (this.#arrivals.retract(id)) return;
    const line = await this.#scenes.retract(await this.#where(place), id);
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
    if (attachments.length > 0 && withoutActingCharacters(text).trim() === '') {
      await visit.stage.tell(notice('hint', blindTo(attachments)), 'asker');
      return;
    }
    const isPlayers = visit.permission === 'player';
    await this.#scenes.hear(visit, { id, speaker, text, isDirect, isPlayers, repliesTo });
  }

  async #where(place: RevisedLine['place']) {
    const { workspace, campaign } = await this.#places.locate(place);
    const store: CampaignStore = this.#store.campaign(campaign.id);
    const origin = { workspaceId: workspace.id, campaignId: campaign.id };
    return { store, origin, channelId: place.channelId };
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
