import type { CommandDeclaration } from '#src/core/command.ts';
import type { Dice } from '#src/core/dice.ts';
import type { HandedFile, TextExtractor } from '#src/core/documents.ts';
import type { Campaign, Speaker, Workspace } from '#src/core/entities.ts';
import type { Person, Place, Platform } from '#src/core/front.ts';
import type { ConsolidationRun } from '#src/core/memory-store.ts';
import type { Origin } from '#src/core/model.ts';
import type { CampaignStore, Store } from '#src/core/store.ts';
import type { Notice, Stage } from '#src/core/view.ts';
import type { CastStudio } from '#src/generation/cast-studio.ts';
import type { LoreLibrary } from '#src/lore/lore-library.ts';
import type { HeldTiers } from '#src/memory/held-tiers.ts';
import type { MemoryKeeper } from '#src/memory/memory-keeper.ts';
import type { Roster } from '#src/persona/roster.ts';
import type { SceneDirector } from '#src/scene/scene-director.ts';

/**
 * Who runs a command, where, and what it may use. It is at once the visit that the studio and the director ask for:
 * a command hands itself on.
 */
export interface CommandContext {
  readonly workspace: Workspace;
  readonly campaign: Campaign;
  /** The campaign's, and no other's. */
  readonly store: CampaignStore;
  readonly campaigns: Pick<Store, 'campaigns' | 'addCampaign' | 'bindChannel'>;
  readonly origin: Origin;
  readonly place: Place;
  readonly channelId: string;
  readonly stage: Stage;
  /** Shows it to the asker alone; false where that cannot be done any more, and it is kept nowhere then. */
  showAsker(notice: Notice): Promise<boolean>;
  /** Tells the campaign's game masters and nobody else, now or when one of them looks. Never rejects. */
  tellGms(notice: Notice): Promise<void>;
  /** The platform that the command came from; undefined while it is not connected. */
  readonly platform: Platform | undefined;
  /** With what they may do in this campaign. */
  readonly person: Person;
  /** Who they speak as here. */
  readonly speaker: Speaker;
  /** Display name of the person, for the history of versions. */
  readonly by: string;
  /** Unique for this run: ids of what it makes derive from it. */
  readonly callId: string;
  /** Where somebody pressed a button on an NPC's card that leads on to other messages. */
  readonly cardsPressed: {
    note(npcId: string, stage: Stage): void;
    /** The last one; undefined where nobody did, or too long ago. */
    of(npcId: string): Stage | undefined;
  };
  readonly roster: Roster;
  readonly studio: CastStudio;
  readonly scenes: SceneDirector;
  readonly memory: MemoryKeeper;
  readonly library: LoreLibrary;
  readonly tiers: HeldTiers;
  readonly rest: {
    /**
     * Consolidates a campaign's memories now.
     * @throws Refusal while that is under way already.
     */
    one(origin: Origin): Promise<ConsolidationRun>;
  };
  readonly extractor: TextExtractor;
  /** The files handed in with this run, by option. */
  readonly files: ReadonlyMap<string, HandedFile>;
  readonly dice: Dice;
  /** The figures of this process. */
  statsNotice(): Notice;
  readonly commands: readonly CommandDeclaration[];
}
