/** What a calendar of a schedule matches, field by field: sorted lists of numbers. */
import type { CalendarEntry, CalendarRange } from '../spec/schedule';

export type CalendarField = keyof CalendarEntry;

/** Smallest and largest value of each field. Sundays are 0. */
export const CALENDAR_BOUNDS: Record<CalendarField, readonly [number, number]> = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: [1, 12],
  year: [2000, 2100],
  dayOfWeek: [0, 6],
};

export const CALENDAR_FIELDS = Object.keys(CALENDAR_BOUNDS) as CalendarField[];

/** Sets of values, ascending; an absent field matches everything. */
export type Calendar = Record<'second' | 'minute' | 'hour', number[]> & {
  dayOfMonth?: Set<number>;
  month?: Set<number>;
  year?: Set<number>;
  dayOfWeek?: Set<number>;
};

/** As Temporal reads it: seconds, minutes and hours are 0 where they are not given. */
export function calendarOf(entry: CalendarEntry): Calendar {
  const { second = [0], minute = [0], hour = [0], dayOfMonth, month, year, dayOfWeek } = entry;
  return {
    second: valuesOf(second),
    minute: valuesOf(minute),
    hour: valuesOf(hour),
    ...(dayOfMonth && { dayOfMonth: new Set(valuesOf(dayOfMonth)) }),
    ...(month && { month: new Set(valuesOf(month)) }),
    ...(year && { year: new Set(valuesOf(year)) }),
    ...(dayOfWeek && { dayOfWeek: new Set(valuesOf(dayOfWeek)) }),
  };
}

/** The numbers of a field, ascending and each once. */
export function valuesOf(ranges: CalendarRange[]): number[] {
  const values = new Set<number>();
  for (const range of ranges) {
    const { start, end = start, step = 1 } = typeof range === 'number' ? { start: range } : range;
    for (let value = start; value <= end; value += Math.max(1, step)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}
