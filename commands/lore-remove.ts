import { defineCommand } from './command.ts';
import { findDocument } from './lore-words.ts';
import { good } from './notices.ts';

const LONGEST_TITLE_IN_CHARACTERS = 80;

export const loreRemove = defineCommand({
  name: 'lore remove',
  summary: 'Take a document out of the lore',
  permission: 'gm',
  answers: 'asker',
  example: '/lore remove The toll',
  options: {
    title: {
      kind: 'text',
      description: 'The document',
      maxLength: LONGEST_TITLE_IN_CHARACTERS,
      required: true,
    },
  },
  async run({ store, stage }, { title }) {
    const document = await findDocument(store, title);
    await store.lore.remove(document.id);
    const text = `${document.title} is gone: nobody knows it by reading any more. What was said of it is remembered.`;
    await stage.tell(good(text), 'asker');
  },
});
