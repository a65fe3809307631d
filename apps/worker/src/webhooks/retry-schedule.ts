const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Between the attempts, in seconds: what the Standard Webhooks specification proposes. */
export const RETRY_SECONDS: readonly number[] = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** So much longer at most, so that what failed together does not come back together. */
const JITTER = 0.1;
const MAX_WAIT_MS = 24 * HOUR * 1000;

/** Milliseconds until the attempt after this one (from 1); undefined: it was the last. Never before what the target asked for. */
export function delayAfter(
  attempt: number,
  asked: number | undefined,
  schedule = RETRY_SECONDS,
  random = Math.random,
): number | undefined {
  const seconds = schedule[attempt - 1];
  if (seconds === undefined) return undefined;
  const own = seconds * 1000 * (1 + JITTER * random());
  return Math.round(Math.max(own, Math.min(asked ?? 0, MAX_WAIT_MS)));
}

/** Milliseconds of a `Retry-After`: seconds or a date. Undefined when it is neither. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
