import { Refusal } from '#src/core/errors.ts';
import { notice } from '#src/core/view.ts';
import { defineCommand } from './command.ts';

export const stop = defineCommand({
  name: 'stop',
  summary: 'Stop the reply or the drafting under way here',
  permission: 'player',
  answers: 'asker',
  example: '/stop',
  options: {
    what: {
      kind: 'choice',
      description: 'The reply alone, or the drafting alone; both if left out',
      choices: ['reply', 'drafts'],
      required: false,
    },
  },
  async run(context, { what }) {
    const { scenes, studio, stage, person } = context;
    const isPlayer = person.permission === 'player';
    // A cast is the GM's, and so is what others asked for: a player stops only the answer to their own line.
    const stopped = what === 'drafts' ? 'nothing' : scenes.stop(context, isPlayer ? person.id : undefined);
    const hasStoppedDrafts = what !== 'reply' && !isPlayer && studio.stop(context);
    if (stopped === 'stopped' || hasStoppedDrafts) return;
    if (stopped === 'not yours')
      throw new Refusal('That is the answer to somebody else. They can stop it, and so can the game master.');
    await stage.tell(notice('hint', 'Nothing is under way here.'), 'asker');
  },
});
