import { cardActions } from '#src/generation/cast-board.ts';
import { defineCommand, npcOption } from './command.ts';
import { sheet, shown } from './notices.ts';

export const npcShow = defineCommand({
  name: 'npc show',
  summary: "An NPC's whole sheet, for your eyes only",
  permission: 'gm',
  example: '/npc show Tilda Marsh',
  options: { npc: npcOption('known', 'The NPC') },
  async run({ roster, store, stage }, { npc: typed }) {
    const npc = await roster.find(store, typed);
    const locked = npc.locks.length === 0 ? [] : [{ label: 'Locked', value: npc.locks.join(', ') }];
    const facts = [...locked, { label: 'Version', value: String(npc.version) }];
    const actions = npc.status === 'draft' ? cardActions(npc.persona.name) : [];
    await stage.tell(shown([sheet(npc), { kind: 'facts', facts }], actions), 'asker');
  },
});
