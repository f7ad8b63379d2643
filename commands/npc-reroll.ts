import { isDeepStrictEqual } from 'node:util';
import type { Npc } from '#src/core/entities.ts';
import { PERSONA_FIELDS, type PersonaField } from '#src/core/persona.ts';
import { cardActions } from '#src/generation/cards.ts';
import { areOf, fieldsInWords } from '#src/persona/field-words.ts';
import { pageOption, showPageOf } from './cast-page.ts';
import { defineCommand, npcOption } from './command.ts';
import type { CommandContext } from './context.ts';
import { glimpse, good, showAction, undoAction } from './notices.ts';
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
    page: pageOption,
  },
  async run(context, { npc: typed, hint = '', deepen = false, page = false }) {
    const { npc, text, isChanged } = await drafted(context, typed, { hint, deepen });
    const { name } = npc.persona;
    if (page) await showPageOf(context, npc);
    // There the card stands already, with its buttons.
    const [card, actions] = page ? [[], []] : [[glimpse(npc)], cardActions(npc)];
    const undo = isChanged ? [undoAction(npc)] : [];
    await context.stage.tell(good(text, card, [showAction(name), ...actions, ...undo]), 'asker');
  },
});

/** The NPC as it is now, with what to say of it. */
async function drafted(
  context: CommandContext,
  typed: string,
  wish: { readonly hint: string; readonly deepen: boolean },
): Promise<{ readonly npc: Npc; readonly text: string; readonly isChanged: boolean }> {
  const { roster, store, studio, stage } = context;
  // A name means whoever has it; only a name that nobody has can be that of a member who was never drafted.
  const isTaken = (await store.npcs.byName(typed)) !== undefined;
  const missing = isTaken ? undefined : await studio.missingMember(store, typed);
  if (missing !== undefined) {
    const npc = await whileWaiting(stage, 'Drafting', studio.draftMissing(context, missing, wish));
    return { npc, text: `${npc.persona.name} is drafted.`, isChanged: false };
  }
  const before = await roster.find(store, typed);
  const npc = await whileWaiting(stage, 'Drafting', studio.reroll(context, before, wish));
  const changed = PERSONA_FIELDS.filter(
    (field) => !isDeepStrictEqual(before.persona[field], npc.persona[field]),
  );
  const text = wish.deepen ? deepenedText(npc, changed) : `${npc.persona.name} is drafted again.`;
  return { npc, text, isChanged: changed.length > 0 };
}

function deepenedText({ persona: { name } }: Npc, filled: readonly PersonaField[]): string {
  return filled.length === 0
    ? `There was nothing to add to ${name}: nothing that can be filled is empty.`
    : `${name} is deepened: ${fieldsInWords(filled)} ${areOf(filled)} filled now.`;
}
