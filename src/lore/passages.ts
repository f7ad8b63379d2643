import { setImmediate as nextTask } from 'node:timers/promises';
import type { NewPassage } from '#src/core/lore.ts';

/** Longest passage, in characters, and how much of one begins the next, so that what stands at a cut is found from both sides. */
export const PASSAGE_IN_CHARACTERS = 512;
export const OVERLAP_IN_CHARACTERS = 128;

/** Longest path of headings shown above a passage. */
const MAX_HEADING_IN_CHARACTERS = 120;
const DEEPEST_HEADING = 6;

export interface PassageSizes {
  readonly passageInCharacters: number;
  readonly overlapInCharacters: number;
}

const USUAL: PassageSizes = {
  passageInCharacters: PASSAGE_IN_CHARACTERS,
  overlapInCharacters: OVERLAP_IN_CHARACTERS,
};

/** So many passages are cut before others get their turn: a few milliseconds of work. */
const CUT_AT_ONCE = 100;

/**
 * Cuts a document into passages: never across a heading, at the end of a sentence where there is one, else at a space,
 * else between two characters as people see them. Each begins with the last whole sentences of the one before, as far as
 * the overlap reaches; where it was cut at a space, with its last words. Nothing of the text is lost but white space and
 * the marks of headings.
 * @param options.isMarkdown lines that begin with # or are underlined are headings; in plain text short lines in capitals
 * and "Chapter 3" are.
 * @param options.most it ends after so many.
 */
export async function passagesOf(
  text: string,
  options: { readonly isMarkdown: boolean; readonly sizes?: PassageSizes; readonly most?: number },
): Promise<readonly NewPassage[]> {
  const { sizes = USUAL, most = Number.POSITIVE_INFINITY } = options;
  const passages: NewPassage[] = [];
  for (const { heading, body } of sectionsOf(text, options.isMarkdown)) {
    for (const part of cut(pieces(body, sizes), sizes)) {
      passages.push({ heading, text: part, keys: [], secondaryKeys: [] });
      if (passages.length >= most) return passages;
      if (passages.length % CUT_AT_ONCE === 0) await nextTask();
    }
  }
  return passages;
}

/** Cuts a text that has no headings, as `passagesOf` does. */
export function cutText(text: string, sizes: PassageSizes): readonly string[] {
  return [...cut(pieces(text, sizes), sizes)];
}

interface Section {
  readonly heading: string;
  readonly body: string;
}

const MARKDOWN_HEADING = /^ {0,3}(#{1,6})[ \t]+(\S.*?)[ \t#]*$/u;
/** Below a line of its own: = makes it a heading of the first level, - of the second. */
const UNDERLINE = /^ {0,3}(?:(={2,})|-{2,})[ \t]*$/u;
/** What is no heading though it is underlined: the end of a sentence above a rule, a quotation, an item, a row of a table. */
const NO_TITLE = /^\s*(?:[>|*+-]|\d+[.)]\s)|[.:;,|][ \t]*$/u;
const LONGEST_UNDERLINED_IN_CHARACTERS = 100;
const FENCE = /^ {0,3}(```|~~~)/u;
/** "Chapter 3", "CHAPTER THREE: The Toll", "Part II". */
const CHAPTER = /^(?:chapter|part|book|act|appendix)\s+(?:\d+|[ivxlc]+|[a-z]+)\b.{0,80}$/iu;
/** A short line without a small letter, and with at least two capitals. */
const CAPITALS = /^(?=.*\p{Lu}.*\p{Lu})[^\p{Ll}\n]{3,80}$/u;

function sectionsOf(text: string, isMarkdown: boolean): readonly Section[] {
  const sections: { heading: string; lines: string[]; isSure: boolean }[] = [
    { heading: '', lines: [], isSure: true },
  ];
  const path: string[] = [];
  const open = (level: number, title: string, isSure: boolean) => {
    path.length = Math.min(path.length, level - 1);
    path.push(title);
    sections.push({ heading: shortened(path), lines: [], isSure });
  };
  let isInFence = false;
  for (const line of text.split('\n')) {
    if (isMarkdown && FENCE.test(line)) isInFence = !isInFence;
    const lines = sections.at(-1)?.lines ?? [];
    const underline = isMarkdown && !isInFence ? UNDERLINE.exec(line) : null;
    const found = isInFence ? undefined : headingIn(line, isMarkdown);
    if (underline !== null && isTitle(lines))
      open(underline[1] === undefined ? 2 : 1, titleOf(lines.pop() ?? ''), false);
    else if (found !== undefined) open(found.level, found.title, isMarkdown);
    else lines.push(line);
  }
  return (
    sections
      .map(({ heading, lines, isSure }) => ({ heading, isSure, body: lines.join('\n').trim() }))
      // A line in capitals may be a sign on a door, and one above a rule may be text: with nothing below it, it is.
      .map(({ heading, isSure, body }) =>
        isSure || body !== '' ? { heading, body } : { heading: '', body: heading },
      )
      .filter(({ body }) => body !== '')
  );
}

/** Whether the last of some lines stands by itself and may be a heading. */
function isTitle(lines: readonly string[]): boolean {
  const last = lines.at(-1)?.trim() ?? '';
  return (
    last !== '' &&
    (lines.at(-2) ?? '').trim() === '' &&
    last.length <= LONGEST_UNDERLINED_IN_CHARACTERS &&
    !NO_TITLE.test(last)
  );
}

function titleOf(line: string): string {
  return line.trim().replace(/[*_`]/gu, '');
}

function headingIn(
  line: string,
  isMarkdown: boolean,
): { readonly level: number; readonly title: string } | undefined {
  if (line.length > 200) return undefined;
  if (isMarkdown) {
    const [, marks, title] = MARKDOWN_HEADING.exec(line) ?? [];
    return marks === undefined || title === undefined
      ? undefined
      : { level: Math.min(marks.length, DEEPEST_HEADING), title: titleOf(title) };
  }
  const plain = line.trim();
  return CHAPTER.test(plain) || CAPITALS.test(plain) ? { level: 1, title: plain } : undefined;
}

/** The innermost headings that fit. */
function shortened(path: readonly string[]): string {
  let shown = '';
  for (const title of path.toReversed()) {
    const longer = shown === '' ? title : `${title} › ${shown}`;
    if (longer.length > MAX_HEADING_IN_CHARACTERS) break;
    shown = longer;
  }
  return shown === '' ? (path.at(-1) ?? '').slice(0, MAX_HEADING_IN_CHARACTERS) : shown;
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** A sentence segmenter reads to the end of what it is given: long texts are given to it by the paragraph. */
const PARAGRAPH = /\n\s*\n/u;

/** Sentences, none longer than a passage, each with the space behind it: joined they are the text again. */
function* pieces(body: string, sizes: PassageSizes): Generator<string, void, void> {
  for (const paragraph of body.split(PARAGRAPH)) {
    const text = `${paragraph.replace(/\s+/gu, ' ').trim()} `;
    if (text === ' ') continue;
    for (const { segment } of sentences.segment(text)) {
      if (segment.length > sizes.passageInCharacters) yield* words(segment, sizes);
      else yield segment;
    }
  }
}

/**
 * A sentence that is too long, in parts cut behind spaces that leave room for the overlap, or inside a word that is too
 * long itself.
 */
function* words(
  sentence: string,
  { passageInCharacters, overlapInCharacters }: PassageSizes,
): Generator<string, void, void> {
  const longest = Math.max(1, passageInCharacters - overlapInCharacters);
  let part = '';
  for (const word of sentence.split(/(?<= )/u)) {
    if (part.length + word.length <= longest) {
      part += word;
      continue;
    }
    if (part !== '') yield part;
    part = '';
    if (word.length <= longest) {
      part = word;
      continue;
    }
    for (const { segment } of graphemes.segment(word)) {
      if (part !== '' && part.length + segment.length > passageInCharacters) {
        yield part;
        part = '';
      }
      part += segment;
      // One character as people see it may be of any length: marks piled on marks.
      while (part.length > passageInCharacters) {
        const end = /[\uD800-\uDBFF]/u.test(part.charAt(passageInCharacters - 1))
          ? passageInCharacters - 1
          : passageInCharacters;
        yield part.slice(0, end);
        part = part.slice(end);
      }
    }
  }
  if (part !== '') yield part;
}

function* cut(
  sentencesOfBody: Iterable<string>,
  { passageInCharacters, overlapInCharacters }: PassageSizes,
): Generator<string, void, void> {
  let held: readonly string[] = [];
  let length = 0;
  for (const sentence of sentencesOfBody) {
    if (length > 0 && length + sentence.length > passageInCharacters) {
      yield held.join('').trim();
      held = tail(held, Math.min(overlapInCharacters, passageInCharacters - sentence.length));
      length = held.join('').length;
    }
    length += sentence.length;
    held = [...held, sentence];
  }
  const last = held.join('').trim();
  if (last !== '') yield last;
}

/** Where a sentence ends, but for what closes it. */
const END_OF_SENTENCE = /[.!?…。！？]['"’”)\]»]*\s*$/u;

/**
 * The last whole sentences that fit into so many characters; of one that goes on in the next passage, its last words.
 */
function tail(held: readonly string[], room: number): readonly string[] {
  let start = held.length;
  let left = room;
  while (start > 0) {
    left -= held[start - 1]?.length ?? 0;
    if (left < 0) break;
    start -= 1;
  }
  const last = held.at(-1) ?? '';
  if (start === held.length && !END_OF_SENTENCE.test(last)) {
    const space = last.indexOf(' ', Math.max(0, last.length - room - 1));
    const end = last.slice(space + 1);
    return space < 0 || end === '' || end.length > room ? [] : [end];
  }
  // All of it again would be no new passage.
  return held.slice(Math.max(start, 1));
}
