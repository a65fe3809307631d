/** Figures as a Markdown table for people and as JSON for programs. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isMet, ratioOf } from './bench';
import type { Aim, BenchResult, Figure } from './bench';
import { machineLine } from './machine';
import type { Machine } from './machine';

const HEADER = ['name', 'figure', 'baseline', 'ratio', 'aim', 'met?'];

export function markdown(machine: Machine, results: BenchResult[]): string {
  const rows = results.flatMap(({ figures }) => figures.map(cells));
  const notes = results.flatMap((result) => result.notes.map((note) => `- ${note}`));
  return [...table([HEADER, ...rows]), '', machineLine(machine), '', ...notes, ''].join('\n');
}

/** Writes `bench.md` and `bench.json`; returns the Markdown. */
export async function writeReport(directory: string, machine: Machine, results: BenchResult[]): Promise<string> {
  await mkdir(directory, { recursive: true });
  const text = markdown(machine, results);
  const figures = results.flatMap((result) =>
    result.figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), met: isMet(figure) })),
  );
  const notes = results.flatMap((result) => result.notes);
  const json = { machine, measuredTime: new Date().toISOString(), figures, notes };
  await writeFile(path.join(directory, 'bench.md'), text);
  await writeFile(path.join(directory, 'bench.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  return text;
}

function cells(figure: Figure): string[] {
  const { value, unit, baseline, aim } = figure;
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    figure.name,
    quantity(value, unit),
    baseline === undefined ? '' : quantity(baseline, unit),
    ratio === undefined ? '' : ratio.toFixed(2),
    aim ? aimOf(aim, unit) : '',
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
}

function aimOf({ of, below, above }: Aim, unit: Figure['unit']): string {
  const limit = (value: number) => (of === 'ratio' ? String(value) : quantity(value, unit));
  return above === undefined ? `< ${limit(below ?? Infinity)}` : `> ${limit(above)}`;
}

function quantity(value: number, unit: Figure['unit']): string {
  return `${unit === 's' ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function table(rows: string[][]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [header = [], ...body] = rows;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)];
}
