import { clip } from '#src/core/text.ts';
import type { CardSection, CardView } from '#src/core/view.ts';
import { escapeLabel, escapeLine, escapeText } from './escape.ts';
import { pieces } from './pieces.ts';

/** One paragraph of a card, before it is escaped. */
interface Paragraph {
  /** Stands before its text, in Markdown. */
  readonly head: string;
  readonly text: string;
  readonly render: (text: string) => string;
}

/** Less of a paragraph than this tells nothing. */
const SHORTEST_BEGINNING = 60;

/** A card as rows of Markdown, each within `maxLength`: all of it. */
export function cardTexts(card: CardView, maxLength: number): readonly string[] {
  return paragraphsOf(card).flatMap(({ head, text, render }) => {
    const [first = '', ...rest] = pieces(text, render, maxLength - head.length);
    return [head + first, ...rest];
  });
}

/** The beginning of a card within `maxLength` in all; where something is left out, a row says where it is. */
export function shortCardTexts(card: CardView, maxLength: number): readonly string[] {
  const paragraphs = paragraphsOf(card);
  const whole = paragraphs.map(({ head, text, render }) => head + render(text));
  if (lengthOf(whole) <= maxLength) return whole;
  const note = `-# … more with /npc show npc:${escapeLabel(card.name)}`;
  const room = maxLength - note.length - 1;
  const kept: string[] = [];
  for (const paragraph of paragraphs) {
    const shown = clipped(paragraph, room - lengthOf(kept));
    if (shown === undefined) break;
    kept.push(shown);
  }
  return [...kept, note];
}

function paragraphsOf(card: CardView): readonly Paragraph[] {
  const badge = card.badge === '' ? '' : ` · ${escapeLabel(card.badge)}`;
  return [
    { head: '### ', text: card.name, render: (text) => escapeLine(text) + badge },
    ...(card.subtitle === '' ? [] : [{ head: '-# ', text: card.subtitle, render: escapeLine }]),
    ...card.sections.flatMap(sectionParagraphs),
  ];
}

function sectionParagraphs({ label, items, isHidden }: CardSection): readonly Paragraph[] {
  const head = `**${escapeLabel(label)}${isHidden ? ' (GM only)' : ''}**`;
  const [only, ...more] = items;
  if (only === undefined) return [];
  if (more.length === 0) return [{ head: `${head} `, text: only, render: escapeText }];
  return [
    { head, text: '', render: escapeText },
    ...items.map((text) => ({ head: '- ', text, render: hanging })),
  ];
}

/** Further rows of an item of a list stand in line with its first. */
export function hanging(text: string): string {
  return escapeText(text.trim()).replace(/\n/gu, '\n  ');
}

/** A paragraph's beginning that is no longer than `room` once rendered; undefined where that would tell nothing. */
function clipped({ head, text, render }: Paragraph, room: number): string | undefined {
  const whole = head + render(text);
  if (whole.length <= room) return whole;
  for (let length = text.length - 1; length >= SHORTEST_BEGINNING; length = Math.floor(length * 0.9)) {
    const shown = head + render(clip(text, length));
    if (shown.length <= room) return shown;
  }
  return undefined;
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + 1, 0);
}
