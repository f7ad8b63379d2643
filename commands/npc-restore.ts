import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { CampaignStore } from '#src/core/store.ts';
import { reviseSheet } from '#src/persona/revise-sheet.ts';
import { pageOption, refreshPageOf, showPageOf } from './cast-page.ts';
import { defineCommand, npcOption } from './command.ts';
import type { CommandContext } from './context.ts';
import { good, showAction, talkAction } from './notices.ts';

export const npcRestore = defineCommand({
  name: 'npc restore',
  summary: 'Bring back a discarded NPC, or an earlier version of one',
  permission: 'gm',
  answers: 'asker',
  example: '/npc restore Tilda Marsh version:2',
  options: {
    npc: npcOption('any', 'The NPC, also a discarded one'),
    version: {
      kind: 'integer',
      description: 'Its number in /npc history; without it a discarded NPC comes back as it was',
      min: 1,
      max: 1_000_000,
      required: false,
    },
    page: pageOption,
  },
  async run(context, { npc: typed, version, page = false }) {
    const { roster, store, stage } = context;
    const npc = await roster.findAny(store, typed);
    const { name } = npc.persona;
    if (version !== undefined) {
      const restored = await restoreVersion(context, npc, version);
      if (page) await showPageOf(context, restored);
      else await refreshPageOf(context, restored);
      const text = `${restored.persona.name} is as in version ${version} again (now version ${restored.version}).`;
      await stage.tell(good(text, [], [showAction(restored.persona.name)]), 'asker');
    } else if (npc.status === 'discarded') {
      await bringBack(store, npc);
      if (page) await showPageOf(context, npc);
      else await refreshPageOf(context, npc);
      const text = `${name} is back among the NPCs, not on stage.`;
      await stage.tell(good(text, [], [talkAction(name), showAction(name)]), 'asker');
    } else {
      throw new Refusal(
        `${name} is here. Say which version to go back to; /npc history npc:${name} shows them.`,
        { actions: [showAction(name)] },
      );
    }
  },
});

/** Whether the version can be restored is asked before a discarded NPC is brought back for it. */
async function restoreVersion({ store, by }: CommandContext, npc: Npc, version: number): Promise<Npc> {
  const { name } = npc.persona;
  const found = (await store.npcs.versions(npc.id)).find((candidate) => candidate.version === version);
  if (found === undefined) {
    throw new Refusal(`${name} has no version ${version}. /npc history npc:${name} shows them.`);
  }
  const { persona } = found;
  const owner = await store.npcs.byName(persona.name);
  if (owner !== undefined && owner.id !== npc.id) throw nameTaken(persona.name);
  if (npc.status === 'discarded') await bringBack(store, npc);
  return reviseSheet(store.npcs, npc, { reason: 'restored', by, revise: () => persona });
}

async function bringBack(store: CampaignStore, npc: Npc): Promise<Npc> {
  const returned = await store.npcs.setStatus(npc.id, 'kept');
  if (returned === undefined) throw nameTaken(npc.persona.name);
  return returned;
}

function nameTaken(name: string): Refusal {
  return new Refusal(`There is another NPC called ${name} by now. Rename that one first.`);
}
