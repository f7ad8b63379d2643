import { transcriptLines } from '#src/scene/transcript-lines.ts';
import { defineCommand } from './command.ts';
import { shown } from './notices.ts';

export const scene = defineCommand({
  name: 'scene',
  summary: 'Who is on stage here, and what was said last',
  permission: 'player',
  answers: 'asker',
  example: '/scene lines:20',
  options: {
    lines: {
      kind: 'integer',
      description: 'How many lines; 10 if left out',
      min: 1,
      max: 100,
      required: false,
    },
  },
  async run(context, { lines: limit = 10 }) {
    const { store, scenes, stage, channelId } = context;
    const current = await store.scenes.current(channelId);
    const said = current === undefined ? [] : await store.lines.recent(current.id, limit);
    const names = (await scenes.onStage(context)).map(({ persona }) => persona.name);
    const text = names.length === 0 ? 'Nobody is on stage.' : `On stage: ${names.join(', ')}.`;
    await stage.tell(
      shown([
        { kind: 'text', text },
        { kind: 'list', items: transcriptLines(said) },
      ]),
      'asker',
    );
  },
});
