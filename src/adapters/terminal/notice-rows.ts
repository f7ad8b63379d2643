import type { CommandDeclaration } from '#src/core/command.ts';
import { writeCommand } from '#src/core/command-syntax.ts';
import type { Action, Block, CardSection, CardView, Notice } from '#src/core/view.ts';
import { type Paint, paintName } from './paint.ts';
import { plainLine, plainText } from './plain-text.ts';
import type { Look } from './screen.ts';
import { factRows, tableRows } from './table-rows.ts';
import { breakRows, displayWidth } from './text-layout.ts';

/** Buttons of one command of which each is worth a row. */
const MOST_ALIKE = 4;

/** What rendering a notice needs besides: how its commands are written. */
export interface NoticeLook extends Look {
  readonly commands: readonly CommandDeclaration[];
}

/** Marks that tell a tone without colours. */
const TONES = {
  plain: { mark: '', format: [] },
  good: { mark: '✓ ', format: 'green' },
  hint: { mark: '', format: 'dim' },
  refusal: { mark: '! ', format: 'yellow' },
  trouble: { mark: '!! ', format: ['red', 'bold'] },
} as const satisfies Record<Notice['tone'], { mark: string; format: Parameters<Paint>[0] }>;

/** A notice as rows of the terminal, with what can be pressed as commands to type. */
export function noticeRows(notice: Notice, look: NoticeLook): readonly string[] {
  const { mark, format } = TONES[notice.tone];
  const rows = notice.blocks.flatMap((block, index) => {
    const own =
      block.kind === 'text'
        ? paragraphRows(block.text, look, index === 0 ? mark : '').map((row) => look.paint(format, row))
        : blockRows(block, look);
    return startsApart(block, notice.blocks[index - 1]) ? ['', ...own] : own;
  });
  return [...rows, ...actionRows(notice.actions, look)];
}

/** Whether a blank row stands before a block. */
function startsApart(block: Block, before: Block | undefined): boolean {
  if (before === undefined || block.kind === 'text' || block.kind === 'list') return false;
  return before.kind !== 'heading';
}

/**
 * The commands that do what buttons do elsewhere; those of one group that take the same options in one row:
 * `/npc keep|talk|discard Tilda`.
 */
export function actionRows(actions: readonly Action[], look: NoticeLook): readonly string[] {
  const groups = Map.groupBy(
    actions.filter((action) => isShown(action, actions)).map((action) => toType(action, look)),
    ({ command, options }) => `${groupOf(command)} ${JSON.stringify(options)}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const typed = writeCommand(first, look.commands);
    const words = group.map(({ command }) => command.slice(groupOf(command).length + 1));
    const text =
      group.length === 1
        ? `${first.label}: ${typed}`
        : `/${groupOf(first.command)} ${words.join('|')}${typed.slice(first.command.length + 1)}`;
    return breakRows(`  ${plainLine(text)}`, look.width, '    ').map((row) => look.paint('dim', row));
  });
}

/** Of many buttons that do the same with another word, like one for each field, the first shows how all are typed. */
function isShown(action: Action, actions: readonly Action[]): boolean {
  const alike = actions.filter(({ command }) => command === action.command);
  return alike.length <= MOST_ALIKE || alike[0] === action;
}

/** As it is typed: what a form would ask for is left open, and no message is there to be shown anew. */
function toType(action: Action, { commands }: NoticeLook): Action {
  const { command, options, asks = [], isInPlace = false } = action;
  const specs = commands.find(({ name }) => name === command)?.options ?? {};
  const typed = Object.entries(options).filter(([option]) => !(isInPlace && specs[option]?.kind === 'flag'));
  const open = asks.map((option) => [option, '…'] as const);
  return { ...action, options: Object.fromEntries([...typed, ...open]) };
}

/** "npc" of "npc keep". */
function groupOf(command: string): string {
  return command.split(' ', 1)[0] ?? '';
}

/** A sheet behind a bar in its NPC's colour; without name and subtitle where a row before it says them. */
export function cardRows(card: CardView, look: Look, isTitled = true): readonly string[] {
  const { paint } = look;
  const name = plainLine(card.name);
  const bar = paintName(paint, name, '│ ');
  const inner: Look = { ...look, width: look.width - 2 };
  const badge = card.badge === '' ? '' : paint('dim', ` · ${plainLine(card.badge)}`);
  const title = [
    ...breakRows(name, inner.width)
      .map((row) => paintName(paint, name, row))
      .map((row, index, all) => (index === all.length - 1 ? row + badge : row)),
    ...(card.subtitle === '' ? [] : paragraphRows(card.subtitle, inner).map((row) => paint('italic', row))),
  ];
  return [...(isTitled ? title : []), ...card.sections.flatMap((section) => sectionRows(section, inner))].map(
    (row) => `${bar}${row}`.trimEnd(),
  );
}

function blockRows(block: Exclude<Block, { kind: 'text' }>, look: NoticeLook): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return breakRows(plainLine(block.text), look.width).map((row) => look.paint('bold', row));
    case 'facts':
      return factRows(block.facts, look);
    case 'list':
      return block.items.flatMap((item) => paragraphRows(item, look, '• '));
    case 'table':
      return tableRows(block, look);
    case 'card':
      return [...cardRows(block.card, look), ...actionRows(block.actions ?? [], look)];
  }
}

/** Paragraphs of text, the first behind a mark and all others in line with it. */
function paragraphRows(text: string, look: Look, mark = ''): readonly string[] {
  return breakRows(mark + plainText(text).trimEnd(), look.width, ' '.repeat(displayWidth(mark)));
}

function sectionRows(section: CardSection, look: Look): readonly string[] {
  const label = `${plainLine(section.label)}${section.isHidden ? ' (GM only)' : ''}:`;
  const paintLabel = (row: string) =>
    row.startsWith(label)
      ? look.paint(section.isHidden ? ['bold', 'yellow'] : 'bold', label) + row.slice(label.length)
      : row;
  const [only, ...more] = section.items;
  if (only === undefined) return [];
  if (more.length === 0)
    return breakRows(`${label} ${plainText(only).trimEnd()}`, look.width, '  ').map(paintLabel);
  return [paintLabel(label), ...section.items.flatMap((item) => paragraphRows(item, look, '• '))];
}
