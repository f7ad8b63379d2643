import { splitText } from '#src/chat/split-text.ts';

/** The shortest piece that can be cut well. */
const MIN_PIECE_LENGTH = 100;
const ACTS_AT_START = /^(?:[#+-]|\d+(?=[.)]\s))/u;

/**
 * A text as escaped Markdown in pieces of at most `maxLength`, cut behind sentences where possible. An empty text is one
 * empty piece.
 */
export function pieces(text: string, render: (text: string) => string, maxLength: number): readonly string[] {
  const escaped = render(text);
  if (escaped.length <= maxLength) return [escaped];
  // One less each: a cut may bring a mark to the start of a piece, where it would act.
  const limits = {
    maxLength: Math.max(MIN_PIECE_LENGTH, maxLength - 1),
    measure: (piece: string) => piece.length,
  };
  return splitText(escaped, limits).map((piece, index) => (index === 0 ? piece : plainStart(piece)));
}

function plainStart(piece: string): string {
  if (!ACTS_AT_START.test(piece)) return piece;
  return /^\d/u.test(piece) ? piece.replace(/^\d+/u, '$&\\') : `\\${piece}`;
}
