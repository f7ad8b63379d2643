import type { CampaignSettings, GameMaster, PlatformName, Workspace } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { Person } from '#src/core/front.ts';
import { permissionIn, readWho } from '#src/core/game-masters.ts';
import { nameKey } from '#src/core/names.ts';
import { platformWords } from '#src/core/platform-words.ts';
import type { Action } from '#src/core/view.ts';
import { defineCommand } from './command.ts';
import { good } from './notices.ts';

/** Game masters of one campaign, people and roles. */
const MAX_GMS = 50;

const common = {
  permission: 'gm',
  isForManagers: true,
  answers: 'asker',
} as const;

export const campaignGmAdd = defineCommand({
  ...common,
  name: 'campaign gm add',
  summary: 'Name somebody, or everybody with a role, game master of this campaign',
  example: '/campaign gm add who:Mira',
  options: { who: { kind: 'who', description: 'A person or a role', required: true } },
  async run({ store, stage, workspace, person }, { who: typed }) {
    refuseAtTheTable(workspace);
    const { platform } = workspace;
    const words = platformWords(platform);
    const who = readWho(typed);
    if (who === undefined) {
      throw new Refusal(
        `“${typed}” is nobody whom I can find here. Choose a person or a ${words.role} of this ${words.workspace}.`,
      );
    }
    if (who.kind === 'role' && who.id === workspace.platformId) {
      throw new Refusal(
        `That is everybody here. Choose a ${words.role} that only game masters have, or a person.`,
      );
    }
    const { gms } = await store.changeSettings((now) => {
      if (now.gms.some((gm) => isSame(gm, who)))
        throw new Refusal(`${who.name} leads this campaign already.`);
      if (now.gms.length >= MAX_GMS) {
        throw new Refusal(
          `A campaign can have ${MAX_GMS} game masters. Name a ${words.role} that all of them have.`,
        );
      }
      return { gms: [...now.gms, who, ...whoStays(now, who, person)] };
    });
    const leads = whoLeads(gms, platform);
    const last = gms.at(-1);
    if (last === undefined || isSame(last, who)) return stage.tell(good(leads), 'asker');
    const stays = 'You led it while nobody was named, and stay one of them.';
    await stage.tell(good(`${leads} ${stays}`, [], [takeOut(last)]), 'asker');
  },
});

export const campaignGmRemove = defineCommand({
  ...common,
  name: 'campaign gm remove',
  summary: 'Somebody is no game master of this campaign any more',
  example: '/campaign gm remove who:Mira',
  options: { who: { kind: 'who', description: 'A person or a role', required: true } },
  async run({ store, stage, workspace }, { who: typed }) {
    refuseAtTheTable(workspace);
    const who = readWho(typed);
    const { gms } = await store.changeSettings((now) => {
      // Whoever has left the server can only be named by the name that they had.
      const leaving = now.gms.find((gm) =>
        who === undefined ? nameKey(gm.name) === nameKey(typed) : isSame(gm, who),
      );
      if (leaving === undefined)
        throw new Refusal(
          `${who?.name ?? typed} leads nothing here. ${whoLeads(now.gms, workspace.platform)}`,
        );
      return { gms: now.gms.filter((gm) => gm !== leaving) };
    });
    await stage.tell(good(whoLeads(gms, workspace.platform)), 'asker');
  },
});

/** "Game masters of this campaign: Mira, everybody with the role Storytellers." */
export function whoLeads(gms: readonly GameMaster[], platform: PlatformName): string {
  const names = namesOf(gms, platform);
  return gms.length === 0
    ? `${names} leads the campaign, until somebody is named.`
    : `Game masters of this campaign: ${names}.`;
}

/** "Mira, everybody with the role Storytellers", or whoever leads while nobody is named. */
export function namesOf(gms: readonly GameMaster[], platform: PlatformName): string {
  const { workspace, allOfRole } = platformWords(platform);
  if (gms.length === 0) return `Whoever manages this ${workspace}`;
  return gms.map(({ kind, name }) => (kind === 'role' ? `${allOfRole} ${name}` : name)).join(', ');
}

/** Whoever led while nobody was named would lead no more once somebody else is: they are named too. */
function whoStays(
  now: Pick<CampaignSettings, 'gms'>,
  who: GameMaster,
  { id, name, roles, isManager }: Person,
): readonly GameMaster[] {
  if (now.gms.length > 0 || !isManager) return [];
  const asNobody: Person = { id, name, roles, isManager, permission: 'player' };
  if (permissionIn({ gms: [who] }, asNobody, []) !== 'player') return [];
  return [{ kind: 'person', id, name }];
}

function takeOut({ id, name }: GameMaster): Action {
  return { label: 'Take me out', command: 'campaign gm remove', options: { who: `person:${id} ${name}` } };
}

/** @throws Refusal at the local table, where the owner leads. */
export function refuseAtTheTable({ platform }: Workspace): void {
  if (platform !== 'terminal') return;
  throw new Refusal('At the local table whoever sits here leads the game, and only they read here.');
}

function isSame(a: GameMaster, b: GameMaster): boolean {
  return a.kind === b.kind && a.id === b.id;
}
