import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { defineCommand, npcOption } from './command.ts';
import type { CommandContext } from './context.ts';
import { good, sheet } from './notices.ts';

export const npcRestore = defineCommand({
  name: 'npc restore',
  summary: 'Bring back a discarded NPC, or an earlier version of one',
  permission: 'gm',
  example: '/npc restore Tilda Marsh version:2',
  options: {
    npc: npcOption('known', 'The NPC, also a discarded one'),
    version: {
      kind: 'integer',
      description: 'Its number in /npc history; without it a discarded NPC comes back as it was',
      min: 1,
      max: 1_000_000,
      required: false,
    },
  },
  async run(context, { npc: typed, version }) {
    const { roster, store, stage } = context;
    const returned = await bringBack(store, typed);
    const npc = returned ?? (await roster.find(store, typed));
    const { name } = npc.persona;
    if (version !== undefined) {
      const restored = await restoreVersion(context, npc, version);
      const text = `${restored.persona.name} is as in version ${version} again (now version ${restored.version}).`;
      await stage.tell(good(text, [sheet(restored)]), 'asker');
    } else if (returned !== undefined) await stage.tell(good(`${name} is back.`, [sheet(npc)]), 'asker');
    else
      throw new Refusal(`${name} is here. Say which version to go back to; /npc history ${name} shows them.`);
  },
});

/** The newest discarded NPC of that name, where no other has it now. */
async function bringBack(store: CampaignStore, typed: string): Promise<Npc | undefined> {
  if ((await store.npcs.byName(typed)) !== undefined) return undefined;
  const discarded = await store.npcs.list(['discarded']);
  const namesakes = discarded.filter(({ persona }) => nameKey(persona.name) === nameKey(typed));
  const newest = namesakes.toSorted((a, b) => b.createdAtInMs - a.createdAtInMs)[0];
  return newest && store.npcs.setStatus(newest.id, 'kept');
}

async function restoreVersion({ store, by }: CommandContext, npc: Npc, version: number): Promise<Npc> {
  const { name } = npc.persona;
  const found = (await store.npcs.versions(npc.id)).find((candidate) => candidate.version === version);
  if (found === undefined) {
    throw new Refusal(`${name} has no version ${version}. /npc history ${name} shows them.`);
  }
  const { persona } = found;
  const restored = await store.npcs.addVersion(npc.id, { persona, reason: 'restored', by, follow: false });
  if (restored !== undefined) return restored;
  throw new Refusal(`There is another NPC called ${persona.name} by now. Rename that one first.`);
}
