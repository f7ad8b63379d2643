import { notice } from '#src/core/view.ts';
import { defineCommand } from './command.ts';
import { readersOf } from './lore-words.ts';
import { shown, timeText } from './notices.ts';

export const loreList = defineCommand({
  name: 'lore list',
  summary: 'The documents of this campaign, and who may know them',
  permission: 'gm',
  answers: 'asker',
  example: '/lore list',
  options: {},
  async run({ store, stage }) {
    const documents = await store.lore.documents();
    if (documents.length === 0) {
      const how = 'There is no lore yet. /lore add takes a text or a file; NPCs then know what it says.';
      return stage.tell(notice('hint', how), 'asker');
    }
    const rows = await Promise.all(
      documents.map(async ({ title, audience, passageCount, by, changedAtInMs }) => {
        const names = await readersOf(store, audience);
        const known =
          audience.kind === 'npcs' ? names.join(', ') : audience.kind === 'gm' ? 'GM only' : 'everyone';
        return [title, known, String(passageCount), `${timeText(changedAtInMs)}, ${by}`];
      }),
    );
    const columns = [
      { title: 'Document', align: 'left' },
      { title: 'Known to', align: 'left' },
      { title: 'Passages', align: 'right' },
      { title: 'Changed', align: 'left' },
    ] as const;
    await stage.tell(shown([{ kind: 'table', columns, rows }]), 'asker');
  },
});
