import type { CampaignSettings, GameMaster, GmRoom } from '#src/core/entities.ts';
import { isRecord, readJson } from './json.ts';

const INITIAL_SETTINGS: CampaignSettings = {
  improvFallback: false,
  improvIntroduced: false,
  gms: [],
  gmRoom: undefined,
  proxies: false,
};

interface StoredSettings {
  readonly id: string;
  /** JSON. */
  readonly settings: string;
}

/**
 * Settings that came after a campaign was made, or that another version wrote in another form, have their initial value
 * in it.
 * @throws Error where it is no JSON of settings at all.
 */
export function settingsOf(row: StoredSettings): CampaignSettings {
  const stored = recordOf(row);
  const initial = INITIAL_SETTINGS;
  const flag = (value: unknown, otherwise: boolean) => (typeof value === 'boolean' ? value : otherwise);
  return {
    improvFallback: flag(stored.improvFallback, initial.improvFallback),
    improvIntroduced: flag(stored.improvIntroduced, initial.improvIntroduced),
    gms: Array.isArray(stored.gms) ? stored.gms.filter(isGameMaster) : initial.gms,
    gmRoom: isGmRoom(stored.gmRoom) ? stored.gmRoom : initial.gmRoom,
    proxies: flag(stored.proxies, initial.proxies),
  };
}

/** The JSON of changed settings. Those that only a newer version knows stay as they were. */
export function settingsJson(row: StoredSettings, changed: CampaignSettings): string {
  return JSON.stringify({ ...recordOf(row), ...changed });
}

function recordOf({ id, settings }: StoredSettings): Record<string, unknown> {
  return readJson(settings, isRecord, 'campaigns', id);
}

function isGameMaster(value: unknown): value is GameMaster {
  return (
    isRecord(value) &&
    (value.kind === 'person' || value.kind === 'role') &&
    typeof value.id === 'string' &&
    typeof value.name === 'string'
  );
}

function isGmRoom(value: unknown): value is GmRoom {
  return (
    isRecord(value) &&
    (value.platform === 'terminal' || value.platform === 'discord' || value.platform === 'slack') &&
    typeof value.channelId === 'string' &&
    (value.parentId === undefined || typeof value.parentId === 'string') &&
    isRecord(value.workspace) &&
    typeof value.workspace.platformId === 'string' &&
    typeof value.workspace.name === 'string'
  );
}
