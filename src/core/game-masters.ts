import type { Permission } from './command.ts';
import type { CampaignSettings, GameMaster } from './entities.ts';
import type { GameMasters, Person } from './front.ts';

/** Those who lead a campaign, as a platform asks for them. */
export function gameMastersOf(
  settings: Pick<CampaignSettings, 'gms'>,
  { platformId, name }: GameMasters['workspace'],
): GameMasters {
  return { ...leadersOf(settings), workspace: { platformId, name } };
}

function leadersOf({ gms }: Pick<CampaignSettings, 'gms'>): Omit<GameMasters, 'workspace'> {
  const idsOf = (kind: GameMaster['kind']) => gms.filter((gm) => gm.kind === kind).map(({ id }) => id);
  return { people: idsOf('person'), roles: idsOf('role'), areManagers: gms.length === 0 };
}

/**
 * What a person may do in a campaign: what the platform grants by itself, and more where they lead it or run the bot.
 * @param adminIds the platforms' ids of those who run the bot.
 */
export function permissionIn(
  settings: Pick<CampaignSettings, 'gms'>,
  person: Person,
  adminIds: readonly string[],
): Permission {
  if (person.permission === 'admin' || adminIds.includes(person.id)) return 'admin';
  const { people, roles, areManagers } = leadersOf(settings);
  const leads =
    (areManagers && person.isManager) ||
    people.includes(person.id) ||
    person.roles.some((role) => roles.includes(role));
  return leads ? 'gm' : person.permission;
}

/** Reads what a `who` option holds: "person:ID NAME" or "role:ID NAME". Undefined for anything else. */
export function readWho(text: string): GameMaster | undefined {
  const [, kind, id = '', name = ''] = /^(person|role):(\S+)(?:\s+(.+))?$/su.exec(text) ?? [];
  if (kind !== 'person' && kind !== 'role') return undefined;
  return { kind, id, name: name.trim() === '' ? id : name.trim() };
}
