/** Local times of a zone of the IANA database. */

const DAY_MS = 86_400_000;
/** Making a formatter costs a thousand times what using it does. */
const formats = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATS = 100;

export function isTimeZone(name: string): boolean {
  // Offsets such as +02:00 are no zones of the database; Temporal does not know them.
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds that local time is ahead of UTC at this moment. */
export function offsetAt(zone: string, time: number): number {
  if (zone === 'UTC') return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(time)) part[type] = Number(value);
  const { year, month, day, hour, minute, second } = part;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

/**
 * The moments at which clocks show these local times of one day, ascending. A time that is skipped when clocks are put
 * forward has none, one that comes twice when they are put back has two.
 * @param local milliseconds since 1970, as if local time were UTC; all of one day
 */
export function momentsOf(zone: string, local: number[]): number[] {
  const first = local[0];
  if (first === undefined) return [];
  const offsets = [...new Set([offsetAt(zone, first - DAY_MS), offsetAt(zone, first + 2 * DAY_MS)])];
  if (offsets.length === 1) return local.map((time) => time - offsets[0]!);
  const moments = local.flatMap((time) =>
    offsets.map((offset) => time - offset).filter((moment) => offsetAt(zone, moment) === time - moment),
  );
  return moments.sort((a, b) => a - b);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
  });
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(timeZone, format);
  return format;
}
