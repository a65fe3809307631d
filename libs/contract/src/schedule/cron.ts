/** Cron expressions of five fields, as crontab(5) has them, as calendars. */
import type { CalendarEntry, CalendarRange } from '../spec/schedule';
import { CALENDAR_BOUNDS } from './calendar';
import type { CalendarField } from './calendar';

const FIELDS = ['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'] as const;
const NAMES: Partial<Record<CalendarField, string[]>> = {
  month: ['', 'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  dayOfWeek: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
const PART = /^(\*|[0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?(?:\/(\d+))?$/;

/**
 * The calendars that together match what the expression does. Where days of the month and of the week are both given
 * either is enough, as in crontab(5): that makes two calendars. What is wrong, in words, when it is no such expression.
 */
export function parseCron(expression: string): CalendarEntry[] | string {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) {
    return `must have five fields (minute hour day-of-month month day-of-week), not ${texts.length}`;
  }
  const entry: CalendarEntry = { second: [0] };
  for (const [n, field] of FIELDS.entries()) {
    const parsed = parseField(field, texts[n]!);
    if (typeof parsed === 'string') return `${parsed} (in '${texts[n]}', the ${field})`;
    if (parsed !== undefined) entry[field] = parsed;
  }
  entry.minute ??= [everything('minute')];
  entry.hour ??= [everything('hour')];
  const { dayOfMonth, dayOfWeek, ...rest } = entry;
  return dayOfMonth && dayOfWeek
    ? [
        { ...rest, dayOfMonth },
        { ...rest, dayOfWeek },
      ]
    : [entry];
}

/** Undefined: everything. */
function parseField(field: CalendarField, text: string): CalendarRange[] | string | undefined {
  if (text === '*' || (text === '?' && (field === 'dayOfMonth' || field === 'dayOfWeek'))) return undefined;
  const ranges: CalendarRange[] = [];
  for (const part of text.split(',')) {
    const range = parsePart(field, part);
    if (typeof range === 'string') return range;
    ranges.push(...range);
  }
  return ranges;
}

function parsePart(field: CalendarField, part: string): CalendarRange[] | string {
  const [low, high] = CALENDAR_BOUNDS[field];
  const match = PART.exec(part);
  if (!match) return `'${part}' is no number, range or step`;
  const [, from, to, by] = match;
  const step = by === undefined ? 1 : Number(by);
  if (step < 1) return `a step must be 1 or more`;
  if (from === '*' && to !== undefined) return `'${part}' is no number, range or step`;
  const start = from === '*' ? low : valueOf(field, from!);
  const end = to !== undefined ? valueOf(field, to) : by !== undefined || from === '*' ? high : start;
  // Sunday is 7 as well as 0.
  const top = field === 'dayOfWeek' ? 7 : high;
  if (start === undefined || end === undefined || start < low || end > top) return `must be ${low} to ${top}`;
  if (end < start) return `'${part}' ends before it begins`;
  if (end < 7 || field !== 'dayOfWeek') return [{ start, end, step }];
  const days = [];
  for (let day = start; day <= end; day += step) days.push(day % 7);
  return days;
}

function valueOf(field: CalendarField, text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const n = NAMES[field]?.indexOf(text.toUpperCase()) ?? -1;
  return n < 0 ? undefined : n;
}

function everything(field: CalendarField): CalendarRange {
  const [start, end] = CALENDAR_BOUNDS[field];
  return { start, end, step: 1 };
}
