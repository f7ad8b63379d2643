import { notice } from '#src/core/view.ts';
import { defineCommand } from './command.ts';

export const stop = defineCommand({
  name: 'stop',
  summary: 'Stop the reply or the drafting under way here',
  permission: 'player',
  example: '/stop',
  options: {},
  async run(context) {
    const hasStoppedSpeech = context.scenes.stop(context);
    // A cast is the GM's: a player stops only what an NPC is saying.
    const hasStoppedDrafts = context.person.permission !== 'player' && context.studio.stop(context);
    if (hasStoppedSpeech || hasStoppedDrafts) return;
    await context.stage.tell(notice('hint', 'Nothing is under way here.'), 'asker');
  },
});
