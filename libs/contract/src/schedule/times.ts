/** The nominal times of a schedule, by its specification alone: whatever ran, and however often this is asked. */
import { durationMs } from '../duration';
import type { ScheduleSpec } from '../spec/schedule';
import { calendarOf } from './calendar';
import type { Calendar } from './calendar';
import { parseCron } from './cron';
import { momentsOf, offsetAt } from './zone';

const DAY_MS = 86_400_000;
/** A leap day on a given day of the week comes once in 28 years, or in 40 around a century without one. Days. */
const HORIZON = 41 * 366;

/** The stretch that a nominal time stands for: the time itself is its end, the one before it its beginning. */
export interface Window {
  start: Date;
  end: Date;
}

export class ScheduleTimes {
  private readonly calendars: Calendar[];
  private readonly zone: string;
  private readonly interval: { every: number; offset: number } | undefined;
  private readonly start: number;
  private readonly end: number;

  /** `spec` has been validated. */
  constructor(spec: ScheduleSpec) {
    const cron = (spec.cron ?? []).flatMap((expression) => {
      const parsed = parseCron(expression);
      if (typeof parsed === 'string') throw new RangeError(`'${expression}' ${parsed}.`);
      return parsed;
    });
    this.calendars = [...cron, ...(spec.calendar ?? [])].map(calendarOf);
    this.zone = spec.timeZone ?? 'UTC';
    this.interval = spec.interval && {
      every: durationMs(spec.interval.every),
      offset: durationMs(spec.interval.offset ?? 'PT0S'),
    };
    this.start = spec.start === undefined ? -Infinity : Date.parse(spec.start);
    this.end = spec.end === undefined ? Infinity : Date.parse(spec.end);
  }

  /** The first time later than `after`, within start and end; undefined: there is none. */
  next(after: Date): Date | undefined {
    const time = this.nextOf(Math.max(after.getTime(), this.start - 1));
    return time === undefined || time > this.end ? undefined : new Date(time);
  }

  /** The times later than `after`, at most so many. */
  following(after: Date, most: number): Date[] {
    const times: Date[] = [];
    for (let time = this.next(after); time && times.length < most; time = this.next(time)) times.push(time);
    return times;
  }

  /** The times from `from` to `to`, both inclusive, at most so many. */
  within(from: Date, to: Date, most: number): Date[] {
    const times: Date[] = [];
    let time = this.next(new Date(from.getTime() - 1));
    while (time && time <= to && times.length < most) {
      times.push(time);
      time = this.next(time);
    }
    return times;
  }

  /** From the time before, which may lie before the start of the schedule, so that the first has one as well. */
  windowOf(end: Date): Window {
    return { start: new Date(this.previousOf(end.getTime()) ?? end.getTime()), end };
  }

  private nextOf(after: number): number | undefined {
    return lowest([this.nextInterval(after), ...this.calendars.map((calendar) => this.seek(calendar, after, 1))]);
  }

  private previousOf(before: number): number | undefined {
    const times = [
      this.previousInterval(before),
      ...this.calendars.map((calendar) => this.seek(calendar, before, -1)),
    ].filter((time) => time !== undefined);
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  /** Multiples of the interval since 1970, as Temporal counts them. */
  private nextInterval(after: number): number | undefined {
    if (!this.interval) return undefined;
    const { every, offset } = this.interval;
    return (Math.floor((after - offset) / every) + 1) * every + offset;
  }

  private previousInterval(before: number): number | undefined {
    if (!this.interval) return undefined;
    const { every, offset } = this.interval;
    return (Math.ceil((before - offset) / every) - 1) * every + offset;
  }

  /** Day by day from the local day of `from`, which may share its last moments with the one beside it. */
  private seek(calendar: Calendar, from: number, direction: 1 | -1): number | undefined {
    const local = from + offsetAt(this.zone, from);
    const today = Math.floor(local / DAY_MS);
    for (let n = -1; n < HORIZON; n += 1) {
      const day = (today + n * direction) * DAY_MS;
      if (!matchesDay(calendar, new Date(day))) continue;
      const moments = momentsOf(this.zone, timesOfDay(calendar, day));
      const found = direction === 1 ? moments.find((time) => time > from) : moments.findLast((time) => time < from);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function matchesDay({ year, month, dayOfMonth, dayOfWeek }: Calendar, day: Date): boolean {
  return (
    (year?.has(day.getUTCFullYear()) ?? true) &&
    (month?.has(day.getUTCMonth() + 1) ?? true) &&
    (dayOfMonth?.has(day.getUTCDate()) ?? true) &&
    (dayOfWeek?.has(day.getUTCDay()) ?? true)
  );
}

function timesOfDay({ hour, minute, second }: Calendar, day: number): number[] {
  return hour.flatMap((h) => minute.flatMap((m) => second.map((s) => day + ((h * 60 + m) * 60 + s) * 1000)));
}

function lowest(times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
