import type { GameMaster, Workspace } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { readWho } from '#src/core/game-masters.ts';
import { nameKey } from '#src/core/names.ts';
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
  example: '/campaign gm add Mira',
  options: { who: { kind: 'who', description: 'A person or a role', required: true } },
  async run({ store, stage, workspace }, { who: typed }) {
    refuseAtTheTable(workspace);
    const who = readWho(typed);
    if (who === undefined) {
      throw new Refusal(
        `“${typed}” is nobody whom I can find here. Choose a person or a role of this server.`,
      );
    }
    if (who.kind === 'role' && who.id === workspace.platformId) {
      throw new Refusal('That is everybody here. Choose a role that only game masters have, or a person.');
    }
    const { gms } = await store.changeSettings((now) => {
      if (now.gms.some((gm) => isSame(gm, who)))
        throw new Refusal(`${who.name} leads this campaign already.`);
      if (now.gms.length >= MAX_GMS) {
        throw new Refusal(`A campaign can have ${MAX_GMS} game masters. Name a role that all of them have.`);
      }
      return { gms: [...now.gms, who] };
    });
    await stage.tell(good(whoLeads(gms)), 'asker');
  },
});

export const campaignGmRemove = defineCommand({
  ...common,
  name: 'campaign gm remove',
  summary: 'Somebody is no game master of this campaign any more',
  example: '/campaign gm remove Mira',
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
        throw new Refusal(`${who?.name ?? typed} leads nothing here. ${whoLeads(now.gms)}`);
      return { gms: now.gms.filter((gm) => gm !== leaving) };
    });
    await stage.tell(good(whoLeads(gms)), 'asker');
  },
});

/** "Mira and everybody with the role Storytellers lead this campaign." */
export function whoLeads(gms: readonly GameMaster[]): string {
  if (gms.length === 0) return 'Whoever manages this server leads the campaign, until somebody is named.';
  const names = gms.map(({ kind, name }) => (kind === 'role' ? `everybody with the role ${name}` : name));
  return `Game masters of this campaign: ${names.join(', ')}.`;
}

/** @throws Refusal at the local table, where the owner leads. */
export function refuseAtTheTable({ platform }: Workspace): void {
  if (platform !== 'terminal') return;
  throw new Refusal('At the local table whoever sits here leads the game, and only they read here.');
}

function isSame(a: GameMaster, b: GameMaster): boolean {
  return a.kind === b.kind && a.id === b.id;
}
