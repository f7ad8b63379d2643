import type { Block, Fact } from '#src/core/view.ts';
import { plainLine, plainText } from './plain-text.ts';
import type { Look } from './screen.ts';
import { breakRows, displayWidth, pad } from './text-layout.ts';

/** A longer label stands by itself: it would push all values to the right edge. */
const LONGEST_LABEL = 18;

export function factRows(facts: readonly Fact[], look: Look): readonly string[] {
  const labels = facts.map(({ label }) => plainLine(label));
  const width = Math.max(0, ...labels.map(displayWidth).filter((each) => each <= LONGEST_LABEL));
  return facts.flatMap(({ value }, index) => {
    const label = pad(labels[index] ?? '', width, 'left');
    const [first = '', ...rest] = breakRows(
      `${label}  ${plainText(value).trimEnd()}`,
      look.width,
      ' '.repeat(width + 2),
    );
    return [look.paint('bold', first.slice(0, label.length)) + first.slice(label.length), ...rest];
  });
}

type Table = Extract<Block, { kind: 'table' }>;

const GAP = '  ';
/** A column of text is not made narrower than this, in columns of the terminal. */
const NARROWEST_TEXT = 10;

/**
 * A table with aligned columns. Where it is too wide, columns of text are made narrower and their cells broken;
 * where that does not do, each row becomes a list of its cells.
 */
export function tableRows(table: Table, look: Look): readonly string[] {
  const titles = table.columns.map(({ title }) => plainLine(title));
  const rows = table.rows.map((row) => titles.map((_, index) => plainLine(row[index] ?? '')));
  const widths = fitWidths(table, [titles, ...rows], look.width);
  if (widths === undefined) {
    return rows.flatMap((row, index) => [
      ...(index === 0 ? [] : ['']),
      ...factRows(
        titles.map((label, column) => ({ label, value: row[column] ?? '' })),
        look,
      ),
    ]);
  }
  const lay = (cells: readonly string[]): readonly string[] => {
    const broken = cells.map((cell, column) => breakRows(cell, widths[column] ?? 0));
    const height = Math.max(1, ...broken.map(({ length }) => length));
    return Array.from({ length: height }, (_, row) =>
      broken
        .map((cell, column) =>
          pad(cell[row] ?? '', widths[column] ?? 0, table.columns[column]?.align ?? 'left'),
        )
        .join(GAP)
        .trimEnd(),
    );
  };
  return [...lay(titles).map((row) => look.paint('bold', row)), ...rows.flatMap(lay)];
}

/** The columns' widths within `available`; undefined where they do not fit. */
function fitWidths(
  table: Table,
  cells: readonly (readonly string[])[],
  available: number,
): readonly number[] | undefined {
  const widths = table.columns.map((_, column) =>
    Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))),
  );
  let excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - available;
  while (excess > 0) {
    const text = widths.filter((_, column) => table.columns[column]?.align === 'left');
    const widest = Math.max(0, ...text);
    if (widest <= NARROWEST_TEXT) return undefined;
    const column = widths.findIndex(
      (width, index) => width === widest && table.columns[index]?.align === 'left',
    );
    widths[column] = widest - 1;
    excess -= 1;
  }
  return widths;
}
