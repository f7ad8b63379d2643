import { defineCommand } from './command.ts';
import { documentOption, findDocument } from './lore-words.ts';
import { good } from './notices.ts';

export const loreRemove = defineCommand({
  name: 'lore remove',
  summary: 'Take a document out of the lore',
  permission: 'gm',
  answers: 'asker',
  example: '/lore remove The toll',
  options: {
    title: documentOption,
  },
  async run({ store, stage }, { title }) {
    const document = await findDocument(store, title);
    await store.lore.remove(document.id);
    const text = `${document.title} is gone: nobody knows it by reading any more. What was said of it is remembered.`;
    await stage.tell(good(text), 'asker');
  },
});
