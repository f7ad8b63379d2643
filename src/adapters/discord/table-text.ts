import { clip } from '#src/core/text.ts';
import type { Block } from '#src/core/view.ts';
import { codeText, escapeLabel, escapeLine } from './escape.ts';

type Table = Extract<Block, { kind: 'table' }>;

/** What a phone held upright shows of a block of code without breaking its rows, in columns. */
const WIDEST_TABLE_IN_COLUMNS = 44;
const GAP = '  ';
const GAP_OF_CELLS = ' · ';
/** Wide characters (East Asian, emoji) do not align in Discord's font for code. */
const NARROW = /^[\x20-\x7E\u00A0-\u024F\u2010-\u2027]*$/u;

/**
 * A table as rows of Markdown that may stand apart: aligned in a block of code where it fits, else each row of the table
 * as a list of its cells.
 */
export function tableTexts(table: Table, maxLength: number): readonly string[] {
  const titles = table.columns.map(({ title }) => cell(title));
  const rows = table.rows.map((row) => titles.map((_, column) => cell(row[column] ?? '')));
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const width = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  const isNarrow = [titles, ...rows].flat().every((text) => NARROW.test(text));
  if (!isNarrow || width > WIDEST_TABLE_IN_COLUMNS) return rows.map((row) => rowText(table, row, maxLength));
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

/** Each cell behind its column's title, and no row longer than `maxLength`: a long cell is cut. */
function rowText(table: Table, row: readonly string[], maxLength: number): string {
  const room = Math.floor(maxLength / Math.max(1, row.length));
  return row
    .flatMap((text, column) => {
      if (text === '') return [];
      const title = escapeLabel(table.columns[column]?.title ?? '');
      const head = title === '' ? '' : `**${title}** `;
      // Escaping at most doubles a text.
      const most = Math.max(1, room - head.length - GAP_OF_CELLS.length);
      const whole = escapeLine(text);
      return [head + (whole.length <= most ? whole : escapeLine(clip(text, Math.floor(most / 2))))];
    })
    .join(GAP_OF_CELLS);
}

function cell(text: string): string {
  return codeText(text).replace(/\s+/gu, ' ').trim();
}
