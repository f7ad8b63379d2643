import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#src/core/clock.ts';
import type { CampaignSettings, GmRoom, PlatformName } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Person, Place, Platform } from '#src/core/front.ts';
import { gameMastersOf } from '#src/core/game-masters.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import { type Action, type Notice, notice, type Stage } from '#src/core/view.ts';
import { KeyedQueues } from '#src/scene/keyed-queues.ts';

/** Campaigns of which it is known where they were last heard from. */
const MAX_CAMPAIGNS = 1000;

const SHOW: Action = { label: 'Show', command: 'waiting', options: {} };
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
  /** What could not be announced yet, by campaign. */
  readonly #owed = new LRUCache<string, string>({ max: MAX_CAMPAIGNS });
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

  /** A campaign was heard from. What was owed to it is announced now. */
  async heardFrom(campaignId: string, place: Place, stage: Stage): Promise<void> {
    this.#lastHeard.set(campaignId, { place, stage });
    const owed = this.#owed.get(campaignId);
    if (owed === undefined) return;
    this.#owed.delete(campaignId);
    await this.#announce(campaignId, owed);
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
  async keepFor(person: Person, campaignId: string, hidden: Notice, stage: Stage): Promise<void> {
    const isNews = await this.#queues.run(campaignId, () =>
      this.#keep(this.#store.campaign(campaignId), person.id, hidden),
    );
    if (!isNews) return;
    const text = `Something waits for ${person.name}: /waiting shows it.`;
    await stage.tell({ ...notice('hint', text), actions: [SHOW] }, 'everyone');
  }

  async settled(): Promise<void> {
    await this.#queues.settled();
  }

  async #tellGms(campaignId: string, hidden: Notice): Promise<void> {
    const campaign = this.#store.campaign(campaignId);
    const settings = await campaign.settings();
    const { gmRoom } = settings;
    const place = gmRoom ?? this.#lastHeard.get(campaignId)?.place;
    const why = place === undefined ? undefined : await this.#tellPrivately(place, settings, hidden);
    if (why === 'told') return;
    const isNews = await this.#keep(campaign, undefined, hidden);
    if (gmRoom !== undefined && why !== undefined) await this.#keepTrouble(campaign, gmRoom, why);
    if (isNews) await this.#announce(campaignId, FOR_GMS);
  }

  /** Tells it in a place that nobody but the game masters reads, as it is now; else says why not. */
  async #tellPrivately(
    place: Place | GmRoom,
    settings: CampaignSettings,
    hidden: Notice,
  ): Promise<'told' | { readonly why: string }> {
    const platform = this.#platforms.get(place.platform);
    if (platform === undefined) return { why: 'It is on a platform that is not connected.' };
    try {
      const privacy = await platform.privacyOf(place, gameMastersOf(settings));
      if (!privacy.isPrivate) return privacy;
      await (await platform.stageAt(place)).tell(hidden, 'everyone');
      return 'told';
    } catch (error) {
      if (error instanceof Refusal) return { why: error.message };
      this.#onFault(error, 'writing to the GM room');
      return { why: 'It could not be reached, and the log says why.' };
    }
  }

  /** @returns whether nothing waited for them before, so that it is worth saying. */
  async #keep(campaign: CampaignStore, personId: string | undefined, hidden: Notice): Promise<boolean> {
    // Nobody's id is empty: what waits for any game master is all that is listed then.
    const before = await campaign.waiting.list(personId ?? '');
    const isNews = before.every((item) => item.personId !== personId);
    await campaign.waiting.add({ id: randomUUID(), personId, notice: hidden, sinceInMs: this.#clock.now() });
    return isNews;
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
      notice: notice('trouble', text),
      sinceInMs: this.#clock.now(),
    });
  }

  async #announce(campaignId: string, text: string): Promise<void> {
    const last = this.#lastHeard.get(campaignId);
    if (last === undefined) {
      this.#owed.set(campaignId, text);
      return;
    }
    try {
      const platform = this.#platforms.get(last.place.platform);
      const stage = platform === undefined ? last.stage : await platform.stageAt(last.place);
      await stage.tell({ ...notice('hint', text), actions: [SHOW] }, 'everyone');
    } catch (error) {
      this.#owed.set(campaignId, text);
      this.#onFault(error, 'saying that something waits');
    }
  }
}
