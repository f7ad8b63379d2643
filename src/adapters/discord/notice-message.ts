import type { Action, Block, CardView, Notice } from '#src/core/view.ts';
import { cardTexts, hanging, shortCardTexts } from './card-text.ts';
import { escapeLabel, escapeLine, escapeText } from './escape.ts';
import { MAX_COMPONENT_TEXT_LENGTH } from './limits.ts';
import { type Button, layOut, type MessagePage, type Part, type Section } from './message-pages.ts';
import { colourOfName, TONE_COLOURS } from './palette.ts';
import { pieces } from './pieces.ts';
import { tableTexts } from './table-text.ts';

/** The code that stands on an action's button; undefined where it can have none. */
export type CodeOf = (action: Action) => string | undefined;

/** Of one piece of text: several of them are in a message, and none is cut where it is laid out. */
const MAX_PIECE_LENGTH = 1500;
/** What several cards in one notice leave to everything else. */
const LENGTH_BESIDE_CARDS = 700;

/** All actions that a notice shows. */
export function actionsOf(notice: Notice): readonly Action[] {
  return [
    ...notice.blocks.flatMap((block) => (block.kind === 'card' ? (block.actions ?? []) : [])),
    ...notice.actions,
  ];
}

/** A notice as messages, in order: as few as hold it. */
export function noticePages(notice: Notice, codeOf: CodeOf): readonly MessagePage[] {
  const cards = notice.blocks.filter(({ kind }) => kind === 'card').length;
  // One card is shown whole, over several messages if need be; several share one.
  const cardLength =
    cards > 1 ? Math.floor((MAX_COMPONENT_TEXT_LENGTH - LENGTH_BESIDE_CARDS) / cards) : undefined;
  const colour = TONE_COLOURS[notice.tone];
  const sections = notice.blocks.map((block): Section => {
    if (block.kind !== 'card') return { colour, parts: blockTexts(block).map(textPart) };
    return cardSection(block.card, buttonsOf(block.actions ?? [], codeOf), cardLength);
  });
  const below = pageButtons(buttonsOf(notice.actions, codeOf));
  // What is said of cards is below them all, on every page: within the last one it would seem to be about that one.
  return layOut(joined([...sections, cards > 0 ? below : { ...below, colour: sections.at(-1)?.colour }]));
}

/** Buttons in rows of their own. */
export function pageButtons(buttons: readonly Button[]): Section {
  return { colour: undefined, parts: [{ kind: 'buttons', buttons }] };
}

/** @param maxLength of its text; what is longer is left out, and said to be. */
export function cardSection(
  card: CardView,
  buttons: readonly Button[],
  maxLength: number | undefined,
): Section {
  const texts = maxLength === undefined ? cardTexts(card, MAX_PIECE_LENGTH) : shortCardTexts(card, maxLength);
  return {
    colour: colourOfName(card.name),
    parts: [...texts.map(textPart), { kind: 'buttons', buttons }],
  };
}

export function buttonsOf(actions: readonly Action[], codeOf: CodeOf): readonly Button[] {
  return actions.flatMap((action) => {
    const code = codeOf(action);
    return code === undefined ? [] : [{ label: action.label, code }];
  });
}

export function textPart(markdown: string): Part {
  return { kind: 'text', markdown };
}

/** Neighbours of one colour are one block; cards keep to themselves. */
function joined(sections: readonly Section[]): readonly Section[] {
  const all: Section[] = [];
  for (const section of sections) {
    const last = all.at(-1);
    if (last !== undefined && last.colour === section.colour) {
      all[all.length - 1] = { colour: last.colour, parts: [...last.parts, ...section.parts] };
    } else all.push(section);
  }
  return all;
}

function blockTexts(block: Exclude<Block, { kind: 'card' }>): readonly string[] {
  switch (block.kind) {
    case 'text': {
      const texts = pieces(block.text, escapeText, MAX_PIECE_LENGTH);
      return block.leadsTo === undefined ? texts : [...texts, `<#${block.leadsTo}>`];
    }
    case 'heading':
      return headed('### ', block.text, escapeLine);
    case 'facts':
      return block.facts.flatMap(({ label, value }) =>
        headed(`**${escapeLabel(label)}** `, value, escapeText),
      );
    case 'list':
      return block.items.flatMap((item) => headed('- ', item, hanging));
    case 'table':
      return tableTexts(block, MAX_PIECE_LENGTH);
  }
}

/** Text behind a head that is not repeated where it goes on in a further piece. */
function headed(head: string, text: string, render: (text: string) => string): readonly string[] {
  const [first = '', ...rest] = pieces(text, render, MAX_PIECE_LENGTH - head.length);
  return [head + first, ...rest];
}
