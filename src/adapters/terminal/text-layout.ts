import { stripVTControlCharacters } from 'node:util';

/**
 * Characters that take two columns (Unicode's East Asian Width W and F, save emoji, which their own property tells):
 * Hangul, kana, Han, fullwidth forms.
 */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;
const EMOJI = /\p{Emoji_Presentation}|\uFE0F/u;
const COMBINING = /^[\p{Mn}\p{Me}\u200C\u200D]+$/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a text takes on a terminal. Colours take none. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7E]*$/u.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text)))
    width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (COMBINING.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
}

/** Line end, space, a wide character (a row may end after each), or a word. */
const PIECES = new RegExp(`\\n|[^\\S\\n]+|${WIDE.source}|(?:(?!${WIDE.source})\\S)+`, 'gu');

/**
 * Breaks text into rows of at most `width` columns: at spaces, and inside a word only where it is longer than a row.
 * Each row after the first begins with `indent`. The last row keeps its trailing space, so that a text that is still
 * growing can be broken again from its last row alone.
 */
export function breakRows(text: string, width: number, indent = ''): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let used = 0;
  let isEmpty = true;
  const endRow = () => {
    rows.push(row.trimEnd());
    row = indent;
    used = indent.length;
    isEmpty = true;
  };
  const add = (piece: string, pieceWidth: number) => {
    row += piece;
    used += pieceWidth;
    isEmpty = false;
  };
  for (const piece of text.match(PIECES) ?? []) {
    const pieceWidth = displayWidth(piece);
    const isSpace = piece.trim() === '';
    if (piece === '\n') endRow();
    else if (isSpace && isEmpty && rows.length > 0) continue;
    else if (isSpace || used + pieceWidth <= width) add(piece, pieceWidth);
    else {
      if (!isEmpty && row.trim() !== '') endRow();
      for (const { segment } of graphemes.segment(piece)) {
        const segmentWidth = graphemeWidth(segment);
        if (used + segmentWidth > width && !isEmpty) endRow();
        add(segment, segmentWidth);
      }
    }
  }
  rows.push(row);
  return rows;
}

/** Cuts at a column, with an ellipsis where something was cut. */
export function clipToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let clipped = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width) break;
    clipped += segment;
  }
  return `${clipped.trimEnd()}…`;
}

/** Fills up with spaces to a width, on the right or on the left. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + space : space + text;
}
