import { cardActions } from '#src/generation/cast-board.ts';
import { defineCommand, npcOption } from './command.ts';
import { glimpse, good, showAction } from './notices.ts';
import { whileWaiting } from './patience.ts';

export const npcReroll = defineCommand({
  name: 'npc reroll',
  summary: 'Draft an NPC again; locked fields stand',
  permission: 'gm',
  answers: 'asker',
  example: '/npc reroll Tilda Marsh hint:older, and afraid of water',
  options: {
    npc: npcOption('known', 'The NPC, or a member of a recent cast who failed'),
    hint: { kind: 'text', description: 'What to do differently', maxLength: 1000, required: false },
    deepen: {
      kind: 'flag',
      description: 'Keep all that is there and fill what is empty',
      required: false,
    },
  },
  async run(context, { npc: typed, hint = '', deepen = false }) {
    const { roster, store, studio, stage } = context;
    // A name means whoever has it; only a name that nobody has can be that of a member who was never drafted.
    const isTaken = (await store.npcs.byName(typed)) !== undefined;
    const missing = isTaken ? undefined : await studio.missingMember(store, typed);
    const drafting =
      missing === undefined
        ? studio.reroll(context, await roster.find(store, typed), { hint, deepen })
        : studio.draftMissing(context, missing, { hint });
    const npc = await whileWaiting(stage, 'Drafting', drafting);
    const { name } = npc.persona;
    const back = {
      label: 'Back',
      command: 'npc restore',
      options: { npc: name, version: String(npc.version - 1) },
    };
    const actions = [showAction(name), ...cardActions(name), ...(npc.version > 1 ? [back] : [])];
    const text = missing !== undefined ? `${name} is drafted.` : `${name} is drafted again.`;
    await stage.tell(good(text, [glimpse(npc)], actions), 'asker');
  },
});
