import type { PlatformName } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { BrokenReply, GameMasters, Place, Platform, Privacy } from '#src/core/front.ts';
import { RecordingStage } from './recording-stage.ts';

/** A platform that remembers what it was asked, and says what a test lets it say. */
export class RecordingPlatform implements Platform {
  readonly name: PlatformName;
  /** By channel: what was told there without anybody having spoken. */
  readonly stages = new Map<string, RecordingStage>();
  readonly asked: { readonly place: Place; readonly gms: GameMasters }[] = [];
  readonly brokenOff: BrokenReply[] = [];
  /** Channels in which game masters alone read. */
  readonly privateChannels = new Set<string>();
  /** Channels that are gone. */
  readonly goneChannels = new Set<string>();

  constructor(name: PlatformName) {
    this.name = name;
  }

  async stageAt({ channelId }: Place): Promise<RecordingStage> {
    if (this.goneChannels.has(channelId)) throw new Refusal('That channel is gone.');
    const stage = this.stages.get(channelId) ?? new RecordingStage();
    this.stages.set(channelId, stage);
    return stage;
  }

  async directPlace(personId: string): Promise<Place> {
    const workspace = { platformId: `dm:${personId}`, name: 'Direct' };
    return { platform: this.name, workspace, channelId: `dm-${personId}` };
  }

  async privacyOf(place: Place, gms: GameMasters): Promise<Privacy> {
    this.asked.push({ place, gms });
    if (this.privateChannels.has(place.channelId)) return { isPrivate: true };
    return { isPrivate: false, why: 'Everybody reads there.' };
  }

  async markBrokenOff(broken: BrokenReply): Promise<void> {
    this.brokenOff.push(broken);
  }

  /** What was told in a channel without anybody having spoken. */
  toldIn(channelId: string): readonly string[] {
    return this.stages.get(channelId)?.told ?? [];
  }
}
