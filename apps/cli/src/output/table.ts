import Table from 'cli-table3';
import { oneLine } from './words';

export interface Column<T> {
  title: string;
  /** Text, or what is shown as such; nothing for an empty cell. */
  value: (row: T) => string | number | undefined;
  right?: boolean;
  paint?: (text: string) => string;
}

const GAP = 2;
const NARROWEST = 8;
const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
);

/**
 * Rows below a head, in columns as wide as they need to be. `width` is that of the terminal: the widest columns are cut
 * until the table fits; without one (a pipe) nothing is cut.
 */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], width?: number): string {
  const texts = rows.map((row) => columns.map(({ value }) => oneLine(String(value(row) ?? ''))));
  const needed = columns.map(({ title }, at) => Math.max(title.length, ...texts.map((cells) => cells[at]!.length)));
  const widths = width === undefined ? needed : fitted(needed, width);
  const grid = new Table({
    chars: { ...NO_LINES, middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
  });
  grid.push(columns.map(({ title }, at) => cut(title.toUpperCase(), widths[at]!)));
  for (const cells of texts) {
    grid.push(cells.map((text, at) => (columns[at]!.paint ?? String)(cut(text, widths[at]!))));
  }
  return `${grid.toString().replace(/[ \t]+$/gm, '')}\n`;
}

/** Names and what they stand for, the names in one column. */
export function pairs(entries: readonly (readonly [string, string | undefined])[]): string {
  const told = entries.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...told.map(([name]) => name.length)) + GAP;
  return told.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join('');
}

export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function fitted(needed: readonly number[], width: number): number[] {
  const widths = [...needed];
  const total = () => widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1);
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}
