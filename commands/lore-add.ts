import type { Npc } from '#src/core/entities.ts';
import { Refusal } from '#src/core/errors.ts';
import type { LoreAudience } from '#src/core/lore.ts';
import { nameKey } from '#src/core/names.ts';
import { clip } from '#src/core/text.ts';
import { notice } from '#src/core/view.ts';
import { MAX_TITLE_IN_CHARACTERS, type ReadDocument, readFile, readText } from '#src/lore/read-document.ts';
import { defineCommand, MAX_PROMPT_IN_CHARACTERS } from './command.ts';
import type { CommandContext } from './context.ts';
import { audienceText, readersOf } from './lore-words.ts';
import { good } from './notices.ts';

/** Documents of one campaign, and passages in all of them together. */
const MAX_DOCUMENTS = 200;
const MAX_PASSAGES = 20_000;
const MOST_NPCS = 40;
const LONGEST_NPC_LIST_IN_CHARACTERS = 1000;
const WORDS_OF_A_TITLE = 6;
/** What ends a sentence, but for what is only short for something. */
const END_OF_SENTENCE = /(?<=[^\s.…])(?<!\b(?:Dr|St|Mr|Mrs|Ms))[.!?…]+(?=\s|$)/u;
/** A heading above what players, and so NPCs, are not to know. */
const FOR_THE_GM = /\b(?:[GD]Ms?|(?:game|dungeon) masters?|secrets?|spoilers?)\b/iu;
const HEADINGS_SHOWN = 3;
/** A file's name or path where its text should be. */
const FILE_NAME = /^(?:\S+|(?:\.{0,2}|~|[a-z]:)[\\/].*)\.(?:txt|text|md|markdown|pdf|json)$/iu;

export const loreAdd = defineCommand({
  name: 'lore add',
  summary: 'Add what is written of the world, or a new text of it',
  permission: 'gm',
  answers: 'asker',
  example:
    '/lore add title:The toll text:Every barrel over the salt docks pays two coppers, and Hroon keeps the tally.',
  options: {
    text: {
      kind: 'text',
      description: 'The text itself; or hand in a file',
      maxLength: MAX_PROMPT_IN_CHARACTERS,
      required: false,
    },
    file: {
      kind: 'file',
      description: 'Text, Markdown, PDF or a lorebook, up to 5 MB',
      extensions: ['txt', 'text', 'md', 'markdown', 'pdf', 'json'],
      insteadOf: 'text',
      required: false,
    },
    title: {
      kind: 'text',
      description: 'What it is called; the same title again replaces its text',
      maxLength: MAX_TITLE_IN_CHARACTERS,
      required: false,
    },
    known: {
      kind: 'choice',
      description: 'Who may know it; left out: everyone, or who knew the document before',
      choices: ['everyone', 'gm'],
      required: false,
    },
    npcs: {
      kind: 'text',
      description: 'Only these NPCs know it: names with commas between them',
      maxLength: LONGEST_NPC_LIST_IN_CHARACTERS,
      required: false,
    },
  },
  async run(context, { text, file, title, known, npcs }) {
    const { store, stage, by } = context;
    const names = await namesOf(context, known, npcs);
    const read = await readGiven(context, { text, file, title });
    const documents = await store.lore.documents();
    refuseWhenFull(documents, read);
    const before = documents.find((each) => nameKey(each.title) === nameKey(read.title));
    const { given, joined } = await audienceOf(context, known, names);
    // A new text of a secret is as secret, unless somebody says otherwise.
    const audience = given ?? before?.audience ?? { kind: 'everyone' };
    const { document, isNew, added, kept, removed } = await store.lore.put({ ...read, audience, by });
    const sizes = isNew
      ? `${count(added, 'passage')}`
      : `${count(added, 'passage')} new, ${kept} as before, ${removed} gone`;
    const readers = await readersOf(store, audience);
    const done = `${document.title} is ${isNew ? 'added' : 'changed'}: ${sizes}. ${audienceText(audience, readers, { isKept: given === undefined && before !== undefined })}`;
    const again = { label: 'Show', command: 'lore show', options: { title: document.title } };
    await stage.tell(
      good(
        done,
        [...warningsAbout(read, audience), ...read.remarks, ...joined].map((remark) => ({
          kind: 'text',
          text: remark,
        })),
        [again],
      ),
      'asker',
    );
  },
});

async function readGiven(
  { files, extractor, stage }: CommandContext,
  given: {
    readonly text: string | undefined;
    readonly file: string | undefined;
    readonly title: string | undefined;
  },
): Promise<ReadDocument> {
  const { text, title } = given;
  const file = files.get('file');
  if (file !== undefined && text !== undefined)
    throw new Refusal('Give a text or a file, not both: each is a document of its own.');
  if (file !== undefined) {
    await stage.tell(notice('hint', 'Reading it …'), 'asker');
    const read = await readFile(file, { extractor });
    return title === undefined ? read : { ...read, title };
  }
  if (given.file !== undefined)
    throw new Refusal(
      'No file came with the command. Hand one in, or paste the text, with text: and in parts.',
    );
  if (text === undefined)
    throw new Refusal(
      'Give the text, or hand in a file. For example: /lore add title:The toll text:Every barrel pays two coppers.',
    );
  if (FILE_NAME.test(text)) throw new Refusal(`That looks like a file: /lore add file:${text}`);
  return readText(text, { title: title ?? titleFor(text), isMarkdown: true });
}

/** The first words of a text: of no more than its first line, and its first sentence. */
function titleFor(text: string): string {
  const [line = ''] = text.replace(/^[#\s]+/u, '').split('\n');
  const words = line.split(/\s+/u).slice(0, WORDS_OF_A_TITLE).join(' ');
  const [sentence = ''] = words.split(END_OF_SENTENCE);
  return clip(sentence === '' ? words : sentence, MAX_TITLE_IN_CHARACTERS);
}

/** The NPCs that were named. @throws Refusal where one of them is nobody, or somebody is named beside `known`. */
async function namesOf(
  { roster, store }: CommandContext,
  known: 'everyone' | 'gm' | undefined,
  typed: string | undefined,
): Promise<readonly string[]> {
  if (typed === undefined) return [];
  if (known !== undefined) throw new Refusal('Give known: or npcs:, not both.');
  const names = typed
    .split(/[,;]/u)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0 || names.length > MOST_NPCS)
    throw new Refusal(`Name 1 to ${MOST_NPCS} NPCs, with commas between them.`);
  for (const name of names) await roster.look(store, name);
  return names;
}

/**
 * Whom it is said to be for; undefined where nothing is said. Who waits in the personas folder comes into the campaign by
 * it, and not on stage.
 * @returns also what the person should know of that.
 */
async function audienceOf(
  { roster, store, by }: CommandContext,
  known: 'everyone' | 'gm' | undefined,
  names: readonly string[],
): Promise<{ readonly given: LoreAudience | undefined; readonly joined: readonly string[] }> {
  if (names.length === 0) return { given: known && { kind: known }, joined: [] };
  const before = new Set((await store.npcs.list(['draft', 'kept'])).map(({ id }) => id));
  const npcs = new Map<string, Npc>();
  for (const name of names) {
    const npc = await roster.findOrAdopt(store, name, by);
    npcs.set(npc.id, npc);
  }
  const joined = [...npcs.values()].filter(({ id }) => !before.has(id));
  return {
    given: { kind: 'npcs', npcIds: [...npcs.keys()] },
    joined: joined.map(({ persona }) => `${persona.name} is in this campaign now, and not on stage.`),
  };
}

/** Headings that say whom their passages are for, while others may know them. */
function warningsAbout({ passages }: ReadDocument, audience: LoreAudience): readonly string[] {
  if (audience.kind === 'gm') return [];
  const hidden = passages.filter(({ heading }) => FOR_THE_GM.test(heading));
  if (hidden.length === 0) return [];
  const headings = new Set(
    hidden.map(({ heading }) => heading.split(' › ').find((each) => FOR_THE_GM.test(each)) ?? heading),
  );
  const shown = [...headings].slice(0, HEADINGS_SHOWN).map((heading) => `“${clip(heading, 40)}”`);
  const more = headings.size > HEADINGS_SHOWN ? ' and the like' : '';
  const are = hidden.length === 1 ? 'is headed' : 'are headed';
  const who = audience.kind === 'everyone' ? 'every NPC' : 'these NPCs';
  return [
    `${count(hidden.length, 'passage')} ${are} ${shown.join(', ')}${more}, and ${who} may know ${hidden.length === 1 ? 'it' : 'them'}: give what is for you alone its own document, with known:gm.`,
  ];
}

function refuseWhenFull(
  documents: readonly { readonly title: string; readonly passageCount: number }[],
  read: ReadDocument,
): void {
  const others = documents.filter(({ title }) => nameKey(title) !== nameKey(read.title));
  const passages = others.reduce((sum, { passageCount }) => sum + passageCount, read.passages.length);
  if (others.length >= MAX_DOCUMENTS)
    throw new Refusal(
      `This campaign has ${MAX_DOCUMENTS} documents, which is the most. /lore remove one first.`,
    );
  if (passages > MAX_PASSAGES)
    throw new Refusal(
      `With this one the campaign's lore would have ${passages.toLocaleString('en')} passages, and it may have ${MAX_PASSAGES.toLocaleString('en')}. /lore remove what is not needed, or hand in less.`,
    );
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}
