import { clip } from '#src/core/text.ts';
import type { Block } from '#src/core/view.ts';
import { codeText, escapeLine } from './escape.ts';

type Table = Extract<Block, { kind: 'table' }>;

/** What a phone held upright shows of a block of code without breaking its rows, in columns. */
const WIDEST_TABLE_IN_COLUMNS = 44;
const GAP = '  ';
const GAP_OF_CELLS = ' · ';
/** What makes a cell bold, or a row small. */
const MARKS_OF_CELL = 4;
/** Wide characters (East Asian, emoji) do not align in Discord's font for code. */
const NARROW = /^[\x20-\x7E\u00A0-\u024F\u2010-\u2027]*$/u;

/**
 * A table as rows of Markdown that may stand apart. Words read as lines, the first cell of each bold; figures are aligned
 * in a block of code where it fits, and else have their columns' titles above them, once.
 */
export function tableTexts(table: Table, maxLength: number): readonly string[] {
  const listed = () => table.rows.map((row) => rowText(row, maxLength));
  if (table.columns.every(({ align }) => align === 'left')) return listed();
  const titles = table.columns.map(({ title }) => cell(title));
  const rows = table.rows.map((row) => titles.map((_, column) => cell(row[column] ?? '')));
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const width = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  const isNarrow = [titles, ...rows].flat().every((text) => NARROW.test(text));
  if (!isNarrow || width > WIDEST_TABLE_IN_COLUMNS) {
    return [`-# ${rowOf(titles, maxLength, (title) => title)}`, ...listed()];
  }
  const aligned = [titles, ...rows].map((row) =>
    row
      .map((text, column) =>
        table.columns[column]?.align === 'right'
          ? text.padStart(widths[column] ?? 0)
          : text.padEnd(widths[column] ?? 0),
      )
      .join(GAP)
      .trimEnd(),
  );
  return inBlocks(aligned, maxLength);
}

/** Blocks of code within the limit, each with as many rows as it takes. */
function inBlocks(rows: readonly string[], maxLength: number): readonly string[] {
  const blocks: string[] = [];
  let block = '';
  for (const row of rows) {
    if (block !== '' && fenced(`${block}\n${row}`).length > maxLength) {
      blocks.push(fenced(block));
      block = row;
    } else block = block === '' ? row : `${block}\n${row}`;
  }
  return block === '' ? blocks : [...blocks, fenced(block)];
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function rowText([first = '', ...others]: readonly string[], maxLength: number): string {
  const rest = others.filter((text) => text.trim() !== '');
  return rowOf([first.trim() === '' ? '–' : first, ...rest], maxLength, (text, at) =>
    at === 0 ? `**${text}**` : text,
  );
}

/** Cells in one row, no longer than `maxLength`: a long cell is cut. */
function rowOf(
  cells: readonly string[],
  maxLength: number,
  marked: (escaped: string, at: number) => string,
): string {
  const most = Math.floor(maxLength / Math.max(1, cells.length)) - MARKS_OF_CELL - GAP_OF_CELLS.length;
  return cells
    .map((text, at) => {
      const whole = escapeLine(text);
      // Escaping at most doubles a text.
      return marked(whole.length <= most ? whole : escapeLine(clip(text, Math.floor(most / 2))), at);
    })
    .join(GAP_OF_CELLS);
}

function cell(text: string): string {
  return codeText(text).replace(/\s+/gu, ' ').trim();
}
