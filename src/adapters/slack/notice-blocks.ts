import { oneLine, plainLine, withoutActingCharacters } from '#src/core/text.ts';
import type { Action, Block, Fact, Notice, TableColumn } from '#src/core/view.ts';
import {
  clipEscaped,
  fallbackText,
  header,
  type KnownBlock,
  MAX_BUTTON_TEXT,
  MAX_BUTTONS_A_ROW,
  MAX_FIELD,
  MAX_FIELDS_A_SECTION,
  MAX_SECTION,
  MAX_TEXT_OF_BLOCKS,
  markedSection,
  packMessages,
  pieces,
  plainSection,
  textLength,
} from './block-kit.ts';
import { cardBlocks } from './card-blocks.ts';
import { asTypedInSlack } from './command-words.ts';
import { escapeText } from './mrkdwn.ts';

/** The code that stands on the button of an action. */
export type CodeOf = (action: Action) => string;

export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** What the cards of a page share: the rest is for its other words and its buttons. */
const MAX_TEXT_OF_PAGE = 10_000;
/** A card's name and what stands under it. */
export const CARD_HEAD = 500;

/** Ids of elements of ours that are pressed begin so. */
const ACTION_ID = 'dramatis-action';

/** A notice as the messages that show it, one as a rule. */
export function noticeMessages(notice: Notice, codeOf: CodeOf): readonly SlackMessage[] {
  const cards = notice.blocks.filter(({ kind }) => kind === 'card').length;
  const whole = renderedBlocks(notice, codeOf, Number.POSITIVE_INFINITY);
  // Several cards are a page that is leafed through: they stay together in one message.
  const blocks =
    cards > 1 && textLength(whole) > MAX_TEXT_OF_BLOCKS
      ? renderedBlocks(notice, codeOf, Math.floor(MAX_TEXT_OF_PAGE / cards) - CARD_HEAD)
      : whole;
  const text = fallbackText(notice.blocks.map(plainText).join(' '));
  return packMessages(blocks).map((part) => ({ text, blocks: part }));
}

function renderedBlocks(notice: Notice, codeOf: CodeOf, maxCardText: number): readonly KnownBlock[] {
  return [
    ...notice.blocks.flatMap((block, at) =>
      blocksOf(at === 0 ? toned(block, notice.tone) : block, codeOf, maxCardText),
    ),
    ...buttonRows(notice.actions, codeOf),
  ];
}

/** All actions that a notice shows. */
export function actionsOf(notice: Notice): readonly Action[] {
  return [
    ...notice.blocks.flatMap((block) => (block.kind === 'card' ? (block.actions ?? []) : [])),
    ...notice.actions,
  ];
}

export function buttonRows(actions: readonly Action[], codeOf: CodeOf): readonly KnownBlock[] {
  const rows: KnownBlock[] = [];
  for (let at = 0; at < actions.length; at += MAX_BUTTONS_A_ROW) {
    rows.push({
      type: 'actions',
      elements: actions.slice(at, at + MAX_BUTTONS_A_ROW).map((action, index) => ({
        type: 'button',
        action_id: `${ACTION_ID}-${at + index}`,
        text: { type: 'plain_text', text: buttonText(action.label), emoji: false },
        value: codeOf(action),
      })),
    });
  }
  return rows;
}

function buttonText(label: string): string {
  return clipEscaped(plainLine(label), MAX_BUTTON_TEXT) || '…';
}

function blocksOf(block: Block, codeOf: CodeOf, maxCardText: number): readonly KnownBlock[] {
  switch (block.kind) {
    case 'text':
      return pieces(textOf(block), MAX_SECTION).map(plainSection);
    case 'heading':
      return [header(plainLine(block.text) || '…')];
    case 'list':
      return pieces(block.items.map((item) => `• ${sentence(item)}`).join('\n'), MAX_SECTION).map(
        plainSection,
      );
    case 'facts':
      return factSections(block.facts);
    case 'table':
      return tableSections(block.columns, block.rows);
    case 'card':
      return [...cardBlocks(block.card, maxCardText), ...buttonRows(block.actions ?? [], codeOf)];
  }
}

/** A thread stands under its first message, which is posted before anything is said of it. */
function textOf({ text, leadsTo }: Extract<Block, { kind: 'text' }>): string {
  const words = sentence(text).trim();
  return leadsTo === undefined ? words : `${words} It is the one above.`;
}

/** Slack has no colours for what went wrong: the first words carry a sign. */
function toned(block: Block, tone: Notice['tone']): Block {
  return tone === 'trouble' && block.kind === 'text' ? { ...block, text: `⚠️ ${block.text}` } : block;
}

/** Short facts stand side by side; a long one has lines of its own, and as many as it needs. */
function factSections(facts: readonly Fact[]): readonly KnownBlock[] {
  const sections: KnownBlock[] = [];
  let fields: { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true }[] = [];
  const flush = () => {
    if (fields.length > 0) sections.push({ type: 'section', fields });
    fields = [];
  };
  for (const { label, value } of facts) {
    const title = `*${escapeText(withoutActingCharacters(label).trim()) || '…'}*`;
    const words = escapeText(sentence(value).trim()) || '–';
    if (title.length + words.length > MAX_FIELD) {
      flush();
      sections.push(
        ...pieces(`${withoutActingCharacters(label)}:\n${sentence(value)}`, MAX_SECTION).map(plainSection),
      );
      continue;
    }
    fields.push({ type: 'mrkdwn', text: `${title}\n${words}`, verbatim: true });
    if (fields.length === MAX_FIELDS_A_SECTION) flush();
  }
  flush();
  return sections;
}

/** What a phone shows of a line in letters of one width is less; what a screen shows is more. */
const MAX_TABLE_WIDTH = 64;

/**
 * Words read as a list, the first cell of each row bold. Figures stand in columns in letters of one width, since Slack's
 * own table can stand but once in a message; where those are too wide Slack would break their lines in two, and they
 * become a list below their titles.
 */
function tableSections(columns: readonly TableColumn[], rows: readonly (readonly string[])[]) {
  const cells = rows.map((row) => columns.map((_, at) => oneLine(sentence(row[at] ?? ''))));
  const listed = cells.map(listedRow);
  if (columns.every(({ align }) => align === 'left')) return markedPieces(listed);
  const titles = columns.map(({ title }) => withoutActingCharacters(title));
  const titled = [titles, ...cells];
  const widths = columns.map((_, at) => Math.max(...titled.map((row) => row[at]?.length ?? 0)));
  const gap = '  ';
  const isWide = widths.reduce((sum, width) => sum + width + gap.length, 0) > MAX_TABLE_WIDTH;
  if (isWide) return markedPieces([`_${escapeText(titles.join(' · '))}_`, ...listed]);
  const lines = titled.map((row) =>
    row
      .map((cell, at) =>
        columns[at]?.align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join(gap)
      .trimEnd(),
  );
  // A code block would end at three back-ticks.
  const body = escapeText(lines.join('\n').replaceAll('`', "'"));
  const fence = '```';
  return pieces(body, MAX_SECTION - 2 * fence.length).map((part) => markedSection(`${fence}${part}${fence}`));
}

/** "*Mira* · smuggler · draft". */
function listedRow([first = '', ...others]: readonly string[]): string {
  const rest = others.filter((cell) => cell !== '').map(escapeText);
  return [`*${escapeText(first) || '–'}*`, ...rest].join(' · ');
}

/** Marked-up lines, cut between lines: each is far shorter than a section as a rule, and clipped where it is not. */
function markedPieces(lines: readonly string[]): readonly KnownBlock[] {
  const whole = lines.map((line) => clipEscaped(line, MAX_SECTION));
  const sections: string[] = [];
  for (const line of whole) {
    const last = sections.at(-1);
    if (last !== undefined && last.length + line.length < MAX_SECTION)
      sections[sections.length - 1] = `${last}\n${line}`;
    else sections.push(line);
  }
  return sections.filter((text) => text !== '').map(markedSection);
}

/** What notifications show, which is the beginning, and screen readers read. */
function plainText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return textOf(block);
    case 'heading':
      return withoutActingCharacters(block.text);
    case 'list':
      return block.items.map(sentence).join('; ');
    case 'facts':
      return block.facts
        .map(({ label, value }) => `${withoutActingCharacters(label)}: ${sentence(value)}`)
        .join('; ');
    case 'table':
      return block.rows.map((row) => sentence(row.filter((cell) => cell !== '').join(', '))).join('; ');
    case 'card':
      return `${withoutActingCharacters(block.card.name)}, ${withoutActingCharacters(block.card.subtitle)}`;
  }
}

/** A sentence of ours: commands are called as they are typed in Slack. */
function sentence(text: string): string {
  return asTypedInSlack(withoutActingCharacters(text));
}
