/** Microseconds since the Unix epoch. A plain number stays exact; .NET ticks would not fit. */
export type Micros = number;

const TICKS_AT_EPOCH = 621_355_968_000_000_000n;
/** Ticks do not fit a number; these two parts of them do. */
const LOW = 2 ** 20;
const [EPOCH_HIGH, EPOCH_LOW] = [Number(TICKS_AT_EPOCH / BigInt(LOW)), Number(TICKS_AT_EPOCH % BigInt(LOW))];

let cachedSecond = -1;
let cachedText = '';

/** ISO 8601 UTC with trailing zeros of the fraction dropped, as the service writes times. */
export function formatTime(time: Micros): string {
  const second = Math.floor(time / 1_000_000);
  // A page of tasks repeats few seconds many times, and making dates is dear.
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedText = new Date(second * 1000).toISOString().slice(0, 19);
  }
  const fraction = Math.floor(time - second * 1_000_000);
  if (fraction === 0) return `${cachedText}Z`;
  return `${cachedText}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}Z`;
}

/** The same for a time that may not be there: absent members are left out of answers. */
export function formatOptionalTime(time: Micros | undefined): string | undefined {
  return time === undefined ? undefined : formatTime(time);
}

/** RFC 1123, the fraction cut off rather than rounded. */
export function formatHttpDate(time: Micros): string {
  return new Date(Math.floor(time / 1000)).toUTCString();
}

/** `0x` and the upper-case hexadecimal .NET ticks of the last modification: what the service uses as ETag. */
export function etagOf(modified: Micros): string {
  const high = Math.floor(modified / LOW);
  const low = (modified - high * LOW) * 10 + EPOCH_LOW;
  const carry = Math.floor(low / LOW);
  const digits = (high * 10 + EPOCH_HIGH + carry).toString(16) + (low - carry * LOW).toString(16).padStart(5, '0');
  return `0x${digits.toUpperCase()}`;
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Parses an ISO date-time with any number of fractional digits; `undefined` when it is none. */
export function parseTime(text: string): Micros | undefined {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, day, clock = '00:00:00', fraction = '', zone = 'Z'] = match;
  const millis = Date.parse(`${day}T${clock}${zone}`);
  if (Number.isNaN(millis)) return undefined;
  return millis * 1000 + (fraction === '' ? 0 : Number(`0.${fraction}`) * 1_000_000);
}
