import type { BoardPage } from '#src/chat/board-page.ts';
import { clip } from '#src/core/text.ts';
import type { Action } from '#src/core/view.ts';
import { escapeLine } from './escape.ts';
import { MAX_COMPONENT_TEXT_LENGTH, MAX_COMPONENTS } from './limits.ts';
import { layOut, type MessagePage, type Section } from './message-pages.ts';
import { buttonsOf, type CodeOf, cardSection, pageButtons, textPart } from './notice-message.ts';

/** What the state of the whole cast may take, so that its cards have room. */
const MAX_HEAD_LENGTH = 1700;
/** A shorter row would not tell who is meant. */
const MIN_ROW_LENGTH = 40;
/** Container and text above the cards, a row and 5 buttons below. */
const HEAD_COMPONENTS = 8;
/** Container and text. */
const CARD_COMPONENTS = 2;
const BOARD_COLOUR = 0x7f8c9b;

/** All that can be pressed on a page of a board. */
export function actionsOnPage(page: BoardPage): readonly Action[] {
  return [...page.actions, ...page.cards.flatMap(({ actions }) => actions)];
}

/** A page of a board as one message, within every limit of one. */
export function boardMessage(page: BoardPage, codeOf: CodeOf): MessagePage {
  const head = headText(page);
  const cards = page.cards.length;
  const cardLength = Math.floor((MAX_COMPONENT_TEXT_LENGTH - head.length - 100) / Math.max(1, cards));
  const buttonsPerCard = mostButtons(Math.floor((MAX_COMPONENTS - HEAD_COMPONENTS) / Math.max(1, cards)));
  const sections: readonly Section[] = [
    { colour: BOARD_COLOUR, parts: [textPart(head)] },
    ...page.cards.map(({ card, actions }) =>
      cardSection(card, buttonsOf(actions, codeOf).slice(0, buttonsPerCard), cardLength),
    ),
    pageButtons(buttonsOf(page.actions, codeOf)),
  ];
  return layOut(sections)[0] ?? [];
}

/** So many buttons, with the rows that hold them, fit beside a card's text. */
function mostButtons(components: number): number {
  const left = components - CARD_COMPONENTS;
  return Math.max(0, left - Math.ceil(left / 6));
}

function headText({ title, progress, slots }: BoardPage): string {
  const top = [`### ${escapeLine(clip(title, 200))}`, escapeLine(clip(progress, 200))];
  const room = MAX_HEAD_LENGTH - top.join('\n').length;
  const perRow = Math.max(MIN_ROW_LENGTH, Math.floor(room / Math.max(1, slots.length)) - 1);
  return [...top, ...slots.map((slot) => rowText(slot, perRow))].join('\n');
}

function rowText(slot: string, maxLength: number): string {
  const whole = `-# ${escapeLine(slot)}`;
  // Escaping at most doubles a text.
  return whole.length <= maxLength ? whole : `-# ${escapeLine(clip(slot, Math.floor((maxLength - 3) / 2)))}`;
}
