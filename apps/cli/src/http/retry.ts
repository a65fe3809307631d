/** When a request is worth repeating, and after how long. */

export const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** The connection was never made, so that the request cannot have had an effect. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const LATER = new Set([429, 502, 503, 504]);

/** `repeatable`: asking twice has the effect of asking once. */
export function retryAfterFailure(code: string | undefined, repeatable: boolean): boolean {
  return repeatable || (code !== undefined && NEVER_SENT.has(code));
}

/** A 429 was turned away at the door; the others may have come after an effect. */
export function retryAfterStatus(status: number, repeatable: boolean): boolean {
  return status === 429 || (repeatable && LATER.has(status));
}

/** `retryAfter`: the header, seconds or a date. `attempt` counts from 1. */
export function waitMs(attempt: number, retryAfter: string | null, now: number, random = Math.random()): number {
  const asked = retryAfter === null ? undefined : askedMs(retryAfter, now);
  const own = FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.75 + random / 2);
  return Math.round(Math.min(LONGEST_WAIT_MS, asked ?? own));
}

function askedMs(header: string, now: number): number | undefined {
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
