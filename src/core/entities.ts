import type { Persona, PersonaField } from './persona.ts';

export type PlatformName = 'terminal' | 'discord' | 'slack';

/** A Discord guild, a Slack team, or the local table. */
export interface Workspace {
  readonly id: string;
  readonly platform: PlatformName;
  /** The platform's own id of it. */
  readonly platformId: string;
  readonly name: string;
}

/** One game: owns NPCs, lore and scenes. */
export interface Campaign {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly settings: CampaignSettings;
}

export interface CampaignSettings {
  /** The GM chose that improv may speak where every configured model failed. */
  readonly improvFallback: boolean;
  /** The table has been told what improv is. */
  readonly improvIntroduced: boolean;
  /** Those who lead it; while there are none, whoever manages the server or workspace does. */
  readonly gms: readonly GameMaster[];
  /** Where hidden text goes; undefined: nowhere but in answer to a game master's own command. */
  readonly gmRoom: GmRoom | undefined;
  /** Programs may post for players' characters (PluralKit, Tupperbox). */
  readonly proxies: boolean;
}

/** A person or a role of the platform. */
export interface GameMaster {
  readonly kind: 'person' | 'role';
  readonly id: string;
  /** As it was called when it was named. */
  readonly name: string;
}

/** A channel, thread or direct conversation: the place as `core/front.ts` has it. */
export interface GmRoom {
  readonly platform: PlatformName;
  readonly workspace: { readonly platformId: string; readonly name: string };
  readonly channelId: string;
  readonly parentId?: string;
}

/** A draft leaves after a day unless it is kept or spoken to. */
export type NpcStatus = 'draft' | 'kept' | 'discarded';

/** A persona living in a campaign; every edit is a new version. */
export interface Npc {
  readonly id: string;
  readonly campaignId: string;
  readonly persona: Persona;
  /** 1 for the first; grows by one with each change. */
  readonly version: number;
  readonly status: NpcStatus;
  /** Where in a cast it was drafted, if it was. */
  readonly cast: CastPlace | undefined;
  readonly locks: readonly PersonaField[];
  /** File name under `personas/` that this NPC still follows; undefined once it was changed here. */
  readonly sourceFile: string | undefined;
  readonly createdAtInMs: number;
}

/** The member of a cast that an NPC was drafted as. */
export interface CastPlace {
  /** The cast's id. */
  readonly id: string;
  /** The member's name as it was planned: the NPC may have another by now. */
  readonly member: string;
}

export type VersionReason = 'drafted' | 'rerolled' | 'edited' | 'restored' | 'from file' | 'deepened';

export interface NpcVersion {
  readonly version: number;
  readonly persona: Persona;
  readonly reason: VersionReason;
  /** Display name of who caused it. */
  readonly by: string;
  readonly createdAtInMs: number;
}

/** A cast that was asked for: what `npc reroll` needs to draft one of its members again. */
export interface Cast {
  readonly id: string;
  readonly campaignId: string;
  readonly request: CastRequest;
  readonly members: readonly CastMember[];
  /** Somebody stopped the drafting: what it lacks is not missed. */
  readonly isStopped: boolean;
  readonly createdAtInMs: number;
}

export interface CastRequest {
  readonly count: number;
  readonly prompt: string;
  readonly level: number | undefined;
  readonly tone: string | undefined;
  readonly system: '5e' | 'none';
  /** The same seed gives the same cast from the embedded tables. */
  readonly seed: string;
}

/** One person of a planned cast: what makes them distinct, and how they are tied to the others. */
export interface CastMember {
  readonly name: string;
  readonly role: string;
  /** One sentence that sets them apart from the rest of the cast. */
  readonly hook: string;
  readonly ties: readonly { readonly to: string; readonly tie: string }[];
}

/** NPCs and players present in one channel or thread, from start to end. */
export interface Scene {
  readonly id: string;
  readonly campaignId: string;
  readonly channelId: string;
  readonly startedAtInMs: number;
}

export type SpeakerKind = 'npc' | 'character' | 'gm';

export interface Speaker {
  readonly kind: SpeakerKind;
  /** NPC id, or the person's id on the platform. */
  readonly id: string;
  readonly name: string;
}

/**
 * `speaking`: being streamed. `said`: whole. `stopped`: somebody stopped it. `cut`: broke off (a failure, a rule, a
 * crash): what stands is what was shown. `failed`: nothing was ever shown. `retracted`: whoever said it deleted it.
 */
export type LineState = 'speaking' | 'said' | 'stopped' | 'cut' | 'failed' | 'retracted';

/** One utterance in a scene's transcript. */
export interface Line {
  readonly id: string;
  readonly sceneId: string;
  /** Order in the scene, from 1. */
  readonly seq: number;
  readonly speaker: Speaker;
  /** Out-of-character lines are seen by all, witnessed by no NPC, and reach no model. */
  readonly kind: 'speech' | 'ooc';
  readonly text: string;
  readonly state: LineState;
  /** The line that this one answers. */
  readonly replyTo: string | undefined;
  readonly createdAtInMs: number;
  /** In-world time when it was said (`world-time.ts`); left out where it was not kept. */
  readonly worldMinute?: number;
}

/** A line as its witness is given it to read. */
export type WitnessedLine = Pick<Line, 'id' | 'seq' | 'speaker' | 'text' | 'createdAtInMs' | 'worldMinute'>;

/** What one call to a model cost. Prices are in millionths of a US dollar. */
export interface Usage {
  readonly model: string;
  readonly purpose: string;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly costInMicroUsd: number;
}
