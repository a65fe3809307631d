import { formatTime } from '../util/time';

/** A value of a formula. Times and intervals are in milliseconds, fractions allowed. */
export type Value =
  | { type: 'double'; value: number }
  | { type: 'doubleVec'; value: readonly number[] }
  | { type: 'doubleVecList'; value: readonly (readonly number[])[] }
  | { type: 'string'; value: string }
  | { type: 'timestamp'; value: number }
  | { type: 'timeinterval'; value: number };

export const double = (value: number): Value => ({ type: 'double', value });
export const bool = (value: boolean): Value => double(value ? 1 : 0);
export const vector = (value: readonly number[]): Value => ({ type: 'doubleVec', value });
export const text = (value: string): Value => ({ type: 'string', value });
export const timestamp = (value: number): Value => ({ type: 'timestamp', value });
export const interval = (value: number): Value => ({ type: 'timeinterval', value });

/** A double where one is wanted; a vector of one element passes for its element. */
export function asDouble(value: Value): number | undefined {
  if (value.type === 'double') return value.value;
  return value.type === 'doubleVec' && value.value.length === 1 ? value.value[0] : undefined;
}

/** The last millisecond that a date can hold. */
const MAX_TIME = 8.64e15;

/** What an autoscale run shows of a value. */
export function formatValue(value: Value): string {
  switch (value.type) {
    case 'double':
      return String(value.value);
    case 'doubleVec':
      return `[${value.value.join(',')}]`;
    case 'doubleVecList':
      return `[${value.value.map((items) => `[${items.join(',')}]`).join(',')}]`;
    case 'string':
      return value.value;
    case 'timestamp':
      return Math.abs(value.value) < MAX_TIME ? new Date(Math.floor(value.value)).toISOString() : String(value.value);
    case 'timeinterval':
      return Math.abs(value.value) < MAX_TIME ? formatInterval(value.value) : String(value.value);
  }
}

/** `[-][days.]hh:mm:ss[.fraction]`, as .NET writes a TimeSpan. */
function formatInterval(millis: number): string {
  const days = Math.floor(Math.abs(millis) / 86_400_000);
  const clock = formatTime(Math.floor((Math.abs(millis) % 86_400_000) * 1000)).slice(11, -1);
  return `${millis < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${clock}`;
}
