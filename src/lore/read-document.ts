import { type HandedFile, refuseTooLarge, type TextExtractor } from '#src/core/documents.ts';
import { Refusal } from '#src/core/errors.ts';
import type { NewPassage } from '#src/core/lore.ts';
import { clip, withoutActingCharacters } from '#src/core/text.ts';
import { readLorebook } from './lorebook.ts';
import { visibleMarkdown } from './markdown.ts';
import { type PassageSizes, passagesOf } from './passages.ts';

/** Of one document; a book of 5 MB has about 13,000. */
const MAX_PASSAGES = 15_000;
export const MAX_TITLE_IN_CHARACTERS = 80;

/** A document as it was read: what to store, and what the person should know of it. */
export interface ReadDocument {
  readonly title: string;
  readonly passages: readonly NewPassage[];
  readonly sizeInCharacters: number;
  /** What was left out and why, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Reads a file somebody handed in: PDF, lorebook (JSON), Markdown or plain text, told apart by what is in it first and
 * by its name second.
 * @throws Refusal where it is empty, too large, or none of these.
 */
export async function readFile(
  file: HandedFile,
  parts: { readonly extractor: TextExtractor; readonly sizes?: PassageSizes },
): Promise<ReadDocument> {
  refuseTooLarge(file.sizeInBytes);
  const bytes = await file.read();
  refuseTooLarge(bytes.byteLength);
  const title = titleOf(file.name);
  const { sizes } = parts;
  if (startsWith(bytes, '%PDF-')) {
    return readText(await parts.extractor.pdf(bytes), { title, isMarkdown: false, ...(sizes && { sizes }) });
  }
  const text = decoded(bytes);
  const book = /^\s*\{/u.test(text) ? await readLorebook(jsonIn(text)) : undefined;
  if (book === undefined) {
    if (/\.json$/iu.test(file.name))
      throw new Refusal(
        `${shownName(file)} is no lorebook: give a SillyTavern world info file, a V3 lorebook, or a card with a book inside.`,
      );
    const isMarkdown = /\.(?:md|markdown)$/iu.test(file.name);
    return readText(text, { title, isMarkdown, ...(sizes && { sizes }) });
  }
  if (book.passages.length === 0)
    throw new Refusal([`${shownName(file)} holds no entries that can be used.`, ...book.leftOut].join(' '));
  return {
    title: book.name === '' ? title : clip(book.name, MAX_TITLE_IN_CHARACTERS),
    passages: book.passages,
    sizeInCharacters: book.passages.reduce((sum, passage) => sum + passage.text.length, 0),
    remarks: book.leftOut,
  };
}

/** Reads a text that was typed or pasted. @throws Refusal where there is nothing in it, or too much. */
export async function readText(
  text: string,
  options: { readonly title: string; readonly isMarkdown: boolean; readonly sizes?: PassageSizes },
): Promise<ReadDocument> {
  const { isMarkdown, sizes } = options;
  const written = withoutActingCharacters(text);
  const { text: plain, remarks } = isMarkdown ? visibleMarkdown(written) : { text: written, remarks: [] };
  const most = MAX_PASSAGES + 1;
  const passages = await passagesOf(plain, { isMarkdown, most, ...(sizes && { sizes }) });
  if (passages.length === 0) throw new Refusal('There is no text in that document.');
  if (passages.length > MAX_PASSAGES)
    throw new Refusal(
      `That document makes more than ${MAX_PASSAGES.toLocaleString('en')} passages, which is the most. Hand it in in parts.`,
    );
  return {
    title: clip(options.title, MAX_TITLE_IN_CHARACTERS),
    passages,
    sizeInCharacters: plain.length,
    remarks,
  };
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, magic.length)).equals(
    Buffer.from(magic, 'latin1'),
  );
}

/** @throws Refusal where the bytes are no text. */
function decoded(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\u0000')) return text;
  } catch {
    // Told below.
  }
  throw new Refusal(
    'That file is no text, Markdown, PDF or lorebook. Save it as one of these (text as UTF-8).',
  );
}

/** Undefined where it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** "The salt docks" from "The_salt_docks.md". */
function titleOf(fileName: string): string {
  const name = fileName
    .replace(/^.*[\\/]/u, '')
    .replace(/\.[a-z0-9]{1,10}$/iu, '')
    .replace(/[_\s]+/gu, ' ');
  const plain = withoutActingCharacters(name).replace(/\n/gu, ' ').trim();
  return plain === '' ? 'Untitled' : clip(plain, MAX_TITLE_IN_CHARACTERS);
}

function shownName(file: HandedFile): string {
  return `“${clip(withoutActingCharacters(file.name).replace(/\n/gu, ' '), 40)}”`;
}
