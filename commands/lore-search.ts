import { clip } from '#src/core/text.ts';
import { notice } from '#src/core/view.ts';
import { defineCommand, queryOption } from './command.ts';
import { placeOf } from './lore-words.ts';
import { shown } from './notices.ts';

const LONGEST_TEXT_IN_CHARACTERS = 300;

export const loreSearch = defineCommand({
  name: 'lore search',
  summary: 'What the lore says of something, or what one NPC may know of it',
  permission: 'gm',
  answers: 'asker',
  example: '/lore search query:who keeps the toll? npc:Hroon',
  options: {
    query: queryOption,
    npc: { kind: 'npc', among: 'known', description: 'Only what this NPC may know', required: false },
  },
  async run({ library, store, stage, roster }, { query, npc: typed }) {
    const npc = typed === undefined ? undefined : await roster.find(store, typed);
    const hits = await library.find(store, npc === undefined ? 'gm' : { npcId: npc.id }, { asked: query });
    if (hits.length === 0) {
      const who = npc === undefined ? 'The lore says' : `The lore that ${npc.persona.name} may know says`;
      await stage.tell(
        notice('hint', `${who} nothing of the kind. Try other words, as they are written.`),
        'asker',
      );
      return;
    }
    const items = hits.map(({ passage, score, reasons }) => {
      const text = clip(passage.text, LONGEST_TEXT_IN_CHARACTERS);
      return `${placeOf(passage)}: ${text} — ${[`score ${score.toFixed(2)}`, ...reasons].join(' · ')}`;
    });
    const whose = npc === undefined ? 'What the lore says' : `What ${npc.persona.name} may know`;
    await stage.tell(
      shown([
        { kind: 'heading', text: whose },
        { kind: 'list', items },
      ]),
      'asker',
    );
  },
});
