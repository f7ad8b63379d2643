import { describe, expect, it } from 'vitest';
import type { HandedFile, TextExtractor } from '#src/core/documents.ts';
import { MAX_FILE_IN_BYTES } from '#src/core/documents.ts';
import { readFile, readText } from '#src/lore/read-document.ts';

function fileOf(name: string, content: string | Uint8Array): HandedFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name, sizeInBytes: bytes.byteLength, read: async () => bytes };
}

const extractor: TextExtractor = { pdf: async () => 'CHAPTER 1\nThe toll is two coppers.' };
const read = (file: HandedFile) => readFile(file, { extractor });

describe('readFile', () => {
  it('knows Markdown by its name, and names a document after its file', async () => {
    const document = await read(fileOf('/tmp/The_salt_docks.md', '# Toll\nTwo coppers.'));
    expect(document.title).toBe('The salt docks');
    expect(document.passages.map(({ heading }) => heading)).toEqual(['Toll']);
    expect((await read(fileOf('notes.txt', '# Toll'))).passages[0]?.text).toBe('# Toll');
  });

  it('leaves out what Markdown hides, and nothing of plain text', async () => {
    const text = '# Town\nThe mayor is kind.\n<!-- GM only: he is a wererat -->';
    const document = await read(fileOf('town.md', text));
    expect(document.passages.map((passage) => passage.text)).toEqual(['The mayor is kind.']);
    expect(document.remarks).toEqual(['1 comment (<!-- … -->) was left out.']);
    expect((await read(fileOf('town.txt', text))).passages[0]?.text).toContain('wererat');
  });

  it('knows a PDF by what is in it, whatever it is called', async () => {
    const document = await read(fileOf('book.txt', '%PDF-1.7 …'));
    expect(document.passages).toMatchObject([{ heading: 'CHAPTER 1', text: 'The toll is two coppers.' }]);
  });

  it('knows a lorebook by what is in it', async () => {
    const document = await read(
      fileOf(
        'world.json',
        JSON.stringify({ name: 'Saltmere', entries: [{ keys: ['bell'], content: 'It fell.' }] }),
      ),
    );
    expect(document).toMatchObject({
      title: 'Saltmere',
      sizeInCharacters: 8,
      passages: [{ keys: ['bell'] }],
    });
  });

  it('takes a text that only begins like a lorebook for a text', async () => {
    expect((await read(fileOf('notes.md', '{ curly } things'))).passages[0]?.text).toBe('{ curly } things');
  });

  it.each([
    ['an empty file', fileOf('a.txt', ''), /no text/u],
    ['white space', fileOf('a.txt', ' \n\t'), /no text/u],
    ['bytes', fileOf('a.txt', Uint8Array.of(0, 159, 146, 150)), /no text, Markdown, PDF or lorebook/u],
    ['zeros', fileOf('a.txt', 'a\u0000b'), /no text, Markdown/u],
    ['JSON that is no lorebook', fileOf('a.json', '{"a":1}'), /no lorebook/u],
    ['a lorebook without entries', fileOf('a.json', '{"entries":[]}'), /no entries/u],
    [
      'a lorebook of which nothing can be used',
      fileOf('a.json', '{"entries":[{"keys":["/x/"],"content":"x","name":"Pattern"}]}'),
      /can be used\. 1 entry was left out: all words that call it are patterns.*\(“Pattern”\)/u,
    ],
    ['a large file', { ...fileOf('a.txt', 'x'), sizeInBytes: MAX_FILE_IN_BYTES + 1 }, /5\.0 MB/u],
    [
      'a file that lies about its size',
      { ...fileOf('a.txt', 'x'.repeat(MAX_FILE_IN_BYTES + 1)), sizeInBytes: 1 },
      /may have 5/u,
    ],
  ])('refuses %s', async (_, file, why) => {
    await expect(read(file)).rejects.toThrow(why);
  });

  it('reads a file of one endless word', async () => {
    const document = await read(fileOf('a.txt', 'x'.repeat(100_000)));
    expect(document.passages).toHaveLength(196);
  });
});

describe('readText', () => {
  it('takes away what acts on a screen', async () => {
    const document = await readText('The \u001b[31mtoll\u202e.', { title: 'T', isMarkdown: true });
    expect(document.passages[0]?.text).toBe('The toll.');
  });

  it('refuses more passages than a document may have', async () => {
    const text = Array.from({ length: 15_001 }, (_, at) => `# ${at}\ntext`).join('\n');
    await expect(readText(text, { title: 'T', isMarkdown: true })).rejects.toThrow(/15,000 passages/u);
  });
});
