import type { BoardPage } from '#src/chat/board-page.ts';
import { withoutActingCharacters } from '#src/core/text.ts';
import type { Action } from '#src/core/view.ts';
import {
  context,
  fallbackText,
  header,
  type KnownBlock,
  MAX_SECTION,
  MAX_TEXT_OF_BLOCKS,
  pieces,
  plainSection,
  textLength,
} from './block-kit.ts';
import { cardBlocks } from './card-blocks.ts';
import { buttonRows, CARD_HEAD, type CodeOf, type SlackMessage } from './notice-blocks.ts';

export function boardActions({ cards, actions }: BoardPage): readonly Action[] {
  return [...cards.flatMap((card) => card.actions), ...actions];
}

/** One page of a cast in one message: what does not fit of a card is left to `/npc show`. */
export function boardMessage(page: BoardPage, codeOf: CodeOf): SlackMessage {
  const { title, progress, slots, cards, actions } = page;
  const head: KnownBlock[] = [
    header(withoutActingCharacters(title) || '…'),
    context(withoutActingCharacters(progress)),
    ...pieces(slots.map((slot) => `• ${withoutActingCharacters(slot)}`).join('\n'), MAX_SECTION).map(
      plainSection,
    ),
  ];
  const foot = buttonRows(actions, codeOf);
  const rows = cards.map((card) => buttonRows(card.actions, codeOf));
  const room = MAX_TEXT_OF_BLOCKS - [head, foot, rows].reduce((sum, part) => sum + textLength(part), 0);
  const each = Math.floor(room / Math.max(1, cards.length)) - CARD_HEAD;
  return {
    text: fallbackText(`${withoutActingCharacters(title)}: ${withoutActingCharacters(progress)}`),
    blocks: [
      ...head,
      ...cards.flatMap(({ card }, at) => [...cardBlocks(card, each), ...(rows[at] ?? [])]),
      ...foot,
    ],
  };
}
