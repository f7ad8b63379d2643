import type { LorePassage } from '#src/core/lore.ts';
import { clip } from '#src/core/text.ts';
import { keysText } from '#src/lore/keys-text.ts';
import { defineCommand } from './command.ts';
import { audienceText, documentOption, findDocument, readersOf } from './lore-words.ts';
import { shown } from './notices.ts';

const PASSAGES_SHOWN = 8;
const LONGEST_TEXT_IN_CHARACTERS = 600;

export const loreShow = defineCommand({
  name: 'lore show',
  summary: 'A document of the lore, passage by passage',
  permission: 'gm',
  answers: 'asker',
  example: '/lore show The toll',
  options: {
    title: documentOption,
    from: {
      kind: 'integer',
      description: 'Begin at this passage; at the first if left out',
      min: 1,
      max: 20_000,
      required: false,
    },
  },
  async run({ store, stage }, { title, from = 1 }) {
    const document = await findDocument(store, title);
    const passages = (await store.lore.passages()).filter(({ documentId }) => documentId === document.id);
    const page = passages.slice(from - 1, from - 1 + PASSAGES_SHOWN);
    const { audience } = document;
    const names = await readersOf(store, audience);
    const next = from + PASSAGES_SHOWN;
    const more = {
      label: 'More',
      command: 'lore show',
      options: { title: document.title, from: String(next) },
    };
    const until = Math.min(next - 1, passages.length);
    const which =
      page.length === 0 ? 'There is no such passage.' : `Passages ${from} to ${until} of ${passages.length}.`;
    await stage.tell(
      shown(
        [
          { kind: 'heading', text: document.title },
          { kind: 'text', text: `${audienceText(audience, names)} ${which}` },
          { kind: 'list', items: page.map(passageText) },
        ],
        next <= passages.length ? [more] : [],
      ),
      'asker',
    );
  },
});

function passageText(passage: LorePassage): string {
  const { heading, text, keys } = passage;
  const called = keys.length === 0 ? '' : ` (comes up only at: ${keysText(passage)})`;
  return `${heading === '' ? '' : `${heading}: `}${clip(text, LONGEST_TEXT_IN_CHARACTERS)}${called}`;
}
