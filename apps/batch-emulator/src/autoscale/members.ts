import { double, interval, text, type Value } from './values';

/** Members of a timestamp; weekdays count from Monday, 1. */
export function memberOf(value: Value, name: string): Value | undefined {
  if (value.type !== 'timestamp') return undefined;
  const date = new Date(value.value);
  switch (name) {
    case 'year':
      return double(date.getUTCFullYear());
    case 'month':
      return double(date.getUTCMonth() + 1);
    case 'day':
      return double(date.getUTCDate());
    case 'weekday':
      return double(((date.getUTCDay() + 6) % 7) + 1);
    case 'hour':
      return double(date.getUTCHours());
    case 'minute':
      return double(date.getUTCMinutes());
    case 'second':
      return double(date.getUTCSeconds());
    default:
      return undefined;
  }
}

const DAY = 86_400_000;

/** Names that stand for a value, the deallocation options among them. */
export const CONSTANTS: ReadonlyMap<string, Value> = new Map(
  Object.entries({
    TimeInterval_Zero: interval(0),
    TimeInterval_100ns: interval(0.0001),
    TimeInterval_Microsecond: interval(0.001),
    TimeInterval_Millisecond: interval(1),
    TimeInterval_Second: interval(1000),
    TimeInterval_Minute: interval(60_000),
    TimeInterval_Hour: interval(3_600_000),
    TimeInterval_Day: interval(DAY),
    TimeInterval_Week: interval(7 * DAY),
    TimeInterval_Year: interval(365 * DAY),
    requeue: text('requeue'),
    terminate: text('terminate'),
    taskcompletion: text('taskcompletion'),
    retaineddata: text('retaineddata'),
  }),
);
