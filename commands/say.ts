import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import { nameKey } from '#src/core/names.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import { firstNamed } from '#src/scene/addressing.ts';
import { MAX_LINE_IN_CHARACTERS } from '#src/scene/heard-line.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const say = defineCommand({
  name: 'say',
  summary: 'Say a line to the NPCs here, also where typed lines are not heard',
  permission: 'player',
  answers: 'everyone',
  example: '/say text:Good evening. npc:Tilda Marsh',
  options: {
    text: {
      kind: 'text',
      description: 'What you say',
      maxLength: MAX_LINE_IN_CHARACTERS,
      required: true,
    },
    npc: { kind: 'npc', description: 'Who is meant, on stage', among: 'stage', required: false },
  },
  async run(context, { text, npc: typed }) {
    const { scenes, stage, person, speaker, callId: id } = context;
    const npc = typed === undefined ? undefined : presentOf(await scenes.onStage(context), typed);
    // Nobody else sees what is typed into a command.
    const said = shown([{ kind: 'text', text: `${speaker.name}: ${withoutActingCharacters(text)}` }]);
    await scenes.hear(context, {
      ...{ id, speaker, text, isDirect: true, repliesTo: undefined },
      isPlayers: person.permission === 'player',
      ...(npc === undefined ? {} : { npcId: npc.id }),
      hints: 'asker',
      onTaken: () => stage.tell(said, 'everyone'),
    });
  },
});

/**
 * Who on stage goes by a name. Whom else there is does not show in what is refused.
 * @throws Refusal where nobody does.
 */
function presentOf(onStage: readonly Npc[], typed: string): Npc {
  const key = nameKey(typed);
  const named = onStage.map((npc) => ({ id: npc.id, name: npc.persona.name, aliases: npc.persona.aliases }));
  const id = (named.find(({ name }) => nameKey(name) === key) ?? firstNamed(typed, named))?.id;
  const present = onStage.find((npc) => npc.id === id);
  if (present === undefined)
    throw new Refusal('Nobody on stage here goes by that name. /scene shows who is there.');
  return present;
}
