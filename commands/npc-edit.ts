import { Refusal } from '#src/core/errors.ts';
import { PERSONA_FIELDS } from '#src/core/persona.ts';
import { editField } from '#src/persona/edit.ts';
import { defineCommand, MAX_PROMPT_IN_CHARACTERS, npcOption } from './command.ts';
import { good, sheet } from './notices.ts';

export const npcEdit = defineCommand({
  name: 'npc edit',
  summary: "Change one field of an NPC's sheet",
  permission: 'gm',
  example: '/npc edit Tilda Marsh field:goals value:buy back the ferry; see the sea once',
  options: {
    npc: npcOption('known', 'The NPC'),
    field: { kind: 'choice', description: 'What to change', choices: PERSONA_FIELDS, required: true },
    value: {
      kind: 'text',
      description: 'The new value; items of a list by semicolons, +item adds, -item removes',
      maxLength: MAX_PROMPT_IN_CHARACTERS,
      required: true,
    },
  },
  async run({ roster, store, stage, by }, { npc: typed, field, value }) {
    const npc = await roster.find(store, typed);
    const persona = editField(npc.persona, field, value);
    const edited = await store.npcs.addVersion(npc.id, { persona, reason: 'edited', by, follow: false });
    if (edited === undefined) {
      throw new Refusal(`There is an NPC called ${persona.name} already. Choose another name.`);
    }
    const { name } = edited.persona;
    const back = {
      label: 'Back',
      command: 'npc restore',
      options: { npc: name, version: String(npc.version) },
    };
    await stage.tell(
      good(`${name}: ${field} is changed (version ${edited.version}).`, [sheet(edited)], [back]),
      'asker',
    );
  },
});
