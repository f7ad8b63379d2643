import { Refusal } from '#src/core/errors.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import { MAX_LINE_IN_CHARACTERS } from '#src/scene/heard-line.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const say = defineCommand({
  name: 'say',
  summary: 'Say something in the scene, where your messages cannot be read',
  permission: 'player',
  answers: 'everyone',
  example: '/say Good evening. npc:Tilda Marsh',
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
    const { roster, scenes, store, stage, person, speaker, callId: id } = context;
    const npc = typed === undefined ? undefined : await roster.find(store, typed);
    if (npc !== undefined && !(await scenes.onStage(context)).some((present) => present.id === npc.id)) {
      throw new Refusal(`${npc.persona.name} is not on stage here. /scene shows who is.`);
    }
    // Nobody else sees what is typed into a command.
    const said = shown([{ kind: 'text', text: `${speaker.name}: ${withoutActingCharacters(text)}` }]);
    await scenes.hear(context, {
      ...{ id, speaker, text, isDirect: true, repliesTo: undefined },
      isPlayers: person.permission === 'player',
      ...(npc === undefined ? {} : { npcId: npc.id }),
      onTaken: () => stage.tell(said, 'everyone'),
    });
  },
});
