/** Ranges of task indexes as users write them, such as `0-9,12,20-`. */

/** Both ends included; an open one ends at Infinity. */
export interface IndexRange {
  from: number;
  to: number;
}

const RANGE = /^(\d{1,9})(?:(-)(\d{1,9})?)?$/;

/** Ranges in order and without overlap; undefined when the text is none, or a range ends before it begins. */
export function parseRanges(text: string): IndexRange[] | undefined {
  const ranges: IndexRange[] = [];
  for (const part of text.split(',')) {
    const match = RANGE.exec(part.trim());
    if (!match) return undefined;
    const from = Number(match[1]);
    const open = match[3] === undefined ? Infinity : Number(match[3]);
    const to = match[2] === undefined ? from : open;
    if (to < from) return undefined;
    ranges.push({ from, to });
  }
  return mergeRanges(ranges);
}

/** The same indexes in as few ranges as can be, in order. */
export function mergeRanges(ranges: IndexRange[]): IndexRange[] {
  const merged: IndexRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}

/** Whether the index lies in one of `ranges`, which are in order. */
export function inRanges(ranges: IndexRange[], index: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.to < index) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low]!.from <= index;
}
