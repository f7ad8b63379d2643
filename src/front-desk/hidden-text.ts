import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import type { CampaignSettings, GmRoom, PlatformName } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Person, Place, Platform } from '#src/core/front.ts';
import { gameMastersOf } from '#src/core/game-masters.ts';
import { KeyedQueues } from '#src/core/keyed-queues.ts';
import type { CampaignStore, Store, WaitingItem } from '#src/core/store.ts';
import { type Action, type Notice, notice, type Stage } from '#src/core/view.ts';

/** Campaigns of which it is known where they were last heard from. */
const MAX_CAMPAIGNS = 1000;

const SHOW: Action = { label: 'Show', command: 'waiting', options: {} };
/** Nobody's id: only what waits for any game master is listed for it. */
const ANYBODY = '';
const FOR_GMS = 'Something waits for the game master: /waiting shows it.';

interface LastHeard {
  readonly place: Place;
  readonly stage: Stage;
}

/**
 * Brings what only game masters may read to where they alone read: the GM room, or the place itself where that is
 * private. Else it waits until one of them asks, and the channel is told that something does.
 */
export class HiddenText {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown, doing: string) => void;
  readonly #platforms = new Map<PlatformName, Platform>();
  /** By campaign. */
  readonly #lastHeard = new LRUCache<string, LastHeard>({ max: MAX_CAMPAIGNS });
  /** Campaigns in which nothing for the game masters waits unannounced, as far as this process knows. */
  readonly #upToDate = new LRUCache<string, true>({ max: MAX_CAMPAIGNS });
  readonly #queues = new KeyedQueues();

  constructor(options: {
    readonly store: Store;
    readonly clock: Clock;
    readonly onFault: (error: unknown, doing: string) => void;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#onFault = options.onFault;
  }

  join(platform: Platform): void {
    this.#platforms.set(platform.name, platform);
  }

  platform(name: PlatformName): Platform | undefined {
    return this.#platforms.get(name);
  }

  /** A campaign was heard from. What could not be announced to its game masters before is announced now. */
  async heardFrom(campaignId: string, place: Place, stage: Stage): Promise<void> {
    this.#lastHeard.set(campaignId, { place, stage });
    if (this.#upToDate.has(campaignId)) return;
    this.#upToDate.set(campaignId, true);
    const forGms = await this.#store.campaign(campaignId).waiting.list(ANYBODY);
    if (forGms.some(({ isAnnounced, wasSeen }) => !isAnnounced && !wasSeen)) await this.#announce(campaignId);
  }

  /** Tells the game masters of a campaign and nobody else, now or when one of them looks. Never rejects. */
  async tellGms(campaignId: string, hidden: Notice): Promise<void> {
    try {
      await this.#queues.run(campaignId, () => this.#tellGms(campaignId, hidden));
    } catch (error) {
      this.#onFault(error, 'keeping what is for the game masters');
    }
  }

  /** Keeps what was for a person alone and could not be shown to them, and says in the channel that it waits. */
  async keepFor(
    person: Pick<Person, 'id' | 'name' | 'permission'>,
    campaignId: string,
    hidden: Notice,
    stage: Stage,
  ): Promise<void> {
    const campaign = this.#store.campaign(campaignId);
    const { id: personId, permission, name } = person;
    const isNews = await this.#queues.run(campaignId, () =>
      this.#keep(campaign, { personId, permission }, hidden),
    );
    if (!isNews) return;
    const text = `Something waits for ${name}: /waiting shows it.`;
    // Where this fails, the next thing that waits for them is news again.
    await stage.tell({ ...notice('hint', text), actions: [SHOW] }, 'everyone');
    await this.#markAnnounced(campaign, personId);
  }

  async settled(): Promise<void> {
    await this.#queues.settled();
  }

  async #tellGms(campaignId: string, hidden: Notice): Promise<void> {
    const campaign = this.#store.campaign(campaignId);
    const settings = await campaign.settings();
    const { gmRoom } = settings;
    const place = gmRoom ?? this.#lastHeard.get(campaignId)?.place;
    const why =
      place === undefined ? undefined : await this.#tellPrivately(campaignId, place, settings, hidden);
    if (why === 'told') return;
    const isNews = await this.#keep(campaign, { personId: undefined, permission: 'gm' }, hidden);
    if (gmRoom !== undefined && why !== undefined) await this.#keepTrouble(campaign, gmRoom, why);
    if (isNews) await this.#announce(campaignId);
  }

  /** Tells it in a place that nobody but the game masters reads, as it is now; else says why not. */
  async #tellPrivately(
    campaignId: string,
    place: Place | GmRoom,
    settings: CampaignSettings,
    hidden: Notice,
  ): Promise<'told' | { readonly why: string }> {
    const platform = this.#platforms.get(place.platform);
    if (platform === undefined) return { why: 'It is on a platform that is not connected.' };
    try {
      const workspace = await this.#store.workspaceOf(campaignId);
      if (workspace === undefined) return { why: 'The campaign is gone.' };
      const privacy = await platform.privacyOf(place, gameMastersOf(settings, workspace));
      if (!privacy.isPrivate) return privacy;
      await (await platform.stageAt(place)).tell(hidden, 'everyone');
      return 'told';
    } catch (error) {
      if (error instanceof Refusal) return { why: error.message };
      this.#onFault(error, 'writing to the GM room');
      return { why: 'It could not be reached, and the log says why.' };
    }
  }

  /** @returns whether they know of nothing that waits for them yet, so that it is worth saying. */
  async #keep(
    campaign: CampaignStore,
    whose: Pick<WaitingItem, 'personId' | 'permission'>,
    hidden: Notice,
  ): Promise<boolean> {
    const before = await campaign.waiting.list(whose.personId ?? ANYBODY);
    const theirs = before.filter(({ personId }) => personId === whose.personId);
    const sinceInMs = this.#clock.now();
    await campaign.waiting.add({ id: randomUUID(), ...whose, notice: hidden, sinceInMs });
    return theirs.every(({ isAnnounced, wasSeen }) => wasSeen || !isAnnounced);
  }

  async #markAnnounced(campaign: CampaignStore, whose: string | undefined): Promise<void> {
    const waiting = await campaign.waiting.list(whose ?? ANYBODY);
    const theirs = waiting.filter(({ personId, isAnnounced }) => personId === whose && !isAnnounced);
    await campaign.waiting.announced(theirs.map(({ id }) => id));
  }

  /** Waits once, however much could not go to the room. */
  async #keepTrouble(
    campaign: CampaignStore,
    room: GmRoom,
    { why }: { readonly why: string },
  ): Promise<void> {
    const text = `Hidden text could not go to the GM room. ${why} /campaign gm room sets another.`;
    await campaign.waiting.add({
      id: `${campaign.campaignId}/room/${room.channelId}`,
      personId: undefined,
      permission: 'gm',
      notice: notice('trouble', text),
      sinceInMs: this.#clock.now(),
    });
  }

  /** Says that something waits for the game masters; where that cannot be, when the campaign is next heard from. */
  async #announce(campaignId: string): Promise<void> {
    this.#upToDate.delete(campaignId);
    const last = this.#lastHeard.get(campaignId);
    if (last === undefined || !(await this.#isPlayedAt(campaignId, last.place))) return;
    try {
      const platform = this.#platforms.get(last.place.platform);
      const stage = platform === undefined ? last.stage : await platform.stageAt(last.place);
      await stage.tell({ ...notice('hint', FOR_GMS), actions: [SHOW] }, 'everyone');
      await this.#markAnnounced(this.#store.campaign(campaignId), undefined);
      this.#upToDate.set(campaignId, true);
    } catch (error) {
      if (!(error instanceof Refusal)) this.#onFault(error, 'saying that something waits');
    }
  }

  /** Another campaign may be played there by now, in which nothing waits. */
  async #isPlayedAt(campaignId: string, { channelId, parentId }: Place): Promise<boolean> {
    const workspace = await this.#store.workspaceOf(campaignId);
    if (workspace === undefined) return false;
    return (await this.#store.campaignOf(workspace.id, channelId, parentId)).id === campaignId;
  }
}
