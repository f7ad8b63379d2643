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
 * the overlap reaches. Nothing of the text is lost but white space.
 * @param options.isMarkdown lines that begin with # are headings; in plain text short lines in capitals and "Chapter 3" are.
 * @param options.most it ends after so many.
 */
export async function passagesOf(
  text: string,
  options: { readonly isMarkdown: boolean; readonly sizes?: PassageSizes; readonly most?: number },
): Promise<readonly NewPassage[]> {
  const { sizes = USUAL, most = Number.POSITIVE_INFINITY } = options;
  const passages: NewPassage[] = [];
  for (const { heading, body } of sectionsOf(text, options.isMarkdown)) {
    for (const part of cut(pieces(body, sizes.passageInCharacters), sizes)) {
      passages.push({ heading, text: part, keys: [], secondaryKeys: [] });
      if (passages.length >= most) return passages;
      if (passages.length % CUT_AT_ONCE === 0) await nextTask();
    }
  }
  return passages;
}

interface Section {
  readonly heading: string;
  readonly body: string;
}

const MARKDOWN_HEADING = /^ {0,3}(#{1,6})[ \t]+(\S.*?)[ \t#]*$/u;
const FENCE = /^ {0,3}(```|~~~)/u;
/** "Chapter 3", "CHAPTER THREE: The Toll", "Part II". */
const CHAPTER = /^(?:chapter|part|book|act|appendix)\s+(?:\d+|[ivxlc]+|[a-z]+)\b.{0,80}$/iu;
/** A short line without a small letter, and with at least two capitals. */
const CAPITALS = /^(?=.*\p{Lu}.*\p{Lu})[^\p{Ll}\n]{3,80}$/u;

function sectionsOf(text: string, isMarkdown: boolean): readonly Section[] {
  const sections: { heading: string; lines: string[] }[] = [{ heading: '', lines: [] }];
  const path: string[] = [];
  let isInFence = false;
  for (const line of text.split('\n')) {
    if (isMarkdown && FENCE.test(line)) isInFence = !isInFence;
    const found = isInFence ? undefined : headingIn(line, isMarkdown);
    if (found === undefined) sections.at(-1)?.lines.push(line);
    else {
      path.length = Math.min(path.length, found.level - 1);
      path.push(found.title);
      sections.push({ heading: shortened(path), lines: [] });
    }
  }
  return (
    sections
      .map(({ heading, lines }) => ({ heading, body: lines.join('\n').trim() }))
      // In plain text a line in capitals may be a sign on a door: with nothing below it, it is text.
      .map((section) =>
        isMarkdown || section.body !== '' ? section : { heading: '', body: section.heading },
      )
      .filter(({ body }) => body !== '')
  );
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
      : { level: Math.min(marks.length, DEEPEST_HEADING), title: title.replace(/[*_`]/gu, '') };
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
function* pieces(body: string, longest: number): Generator<string, void, void> {
  for (const paragraph of body.split(PARAGRAPH)) {
    const text = `${paragraph.replace(/\s+/gu, ' ').trim()} `;
    if (text === ' ') continue;
    for (const { segment } of sentences.segment(text)) {
      if (segment.length > longest) yield* words(segment, longest);
      else yield segment;
    }
  }
}

/** A sentence that is too long, in parts cut behind spaces, or inside a word that is too long itself. */
function* words(sentence: string, longest: number): Generator<string, void, void> {
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
      if (part !== '' && part.length + segment.length > longest) {
        yield part;
        part = '';
      }
      // One character as people see it may be of any length: marks piled on marks.
      part += segment.slice(0, longest);
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

/** The last whole sentences that fit into so many characters. */
function tail(held: readonly string[], room: number): readonly string[] {
  let start = held.length;
  let left = room;
  while (start > 0) {
    left -= held[start - 1]?.length ?? 0;
    if (left < 0) break;
    start -= 1;
  }
  // All of it again would be no new passage.
  return held.slice(Math.max(start, 1));
}
