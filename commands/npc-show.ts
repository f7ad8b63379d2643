import { cardActions } from '#src/generation/cards.ts';
import { wordOfField } from '#src/persona/field-words.ts';
import { defineCommand, npcOption } from './command.ts';
import { sheet, shown, talkAction } from './notices.ts';

export const npcShow = defineCommand({
  name: 'npc show',
  summary: "An NPC's whole sheet, for your eyes only",
  permission: 'gm',
  answers: 'asker',
  example: '/npc show Tilda Marsh',
  options: { npc: npcOption('castable', 'The NPC, or a persona of the folder') },
  async run({ roster, store, stage }, { npc: typed }) {
    const npc = await roster.look(store, typed);
    if ('file' in npc) {
      await stage.tell(shown([sheet(npc)], [talkAction(npc.persona.name)]), 'asker');
      return;
    }
    const locked =
      npc.locks.length === 0 ? [] : [{ label: 'Locked', value: npc.locks.map(wordOfField).join(', ') }];
    const facts = [...locked, { label: 'Version', value: String(npc.version) }];
    await stage.tell(shown([sheet(npc), { kind: 'facts', facts }], cardActions(npc)), 'asker');
  },
});
