import { createHash } from 'node:crypto';
import { InvalidRequestError } from './errors';

/** Where a listing goes on. Opaque to clients. */
export interface PageToken {
  kind: string;
}

/** Hexadecimal digits. */
const SEAL = 16;

/**
 * @param list names the listing with all that decides what it holds; its token is of no use in any other. The seal is no
 * secret: whoever makes one all the same gets a place in that very listing, and nothing else.
 */
export function encodePageToken(token: PageToken, list: string): string {
  const text = JSON.stringify(token);
  return Buffer.from(seal(text, list) + text).toString('base64url');
}

/** @throws InvalidRequestError when the text is no token of `list`, or none that `isToken` knows. */
export function decodePageToken<T extends PageToken>(
  text: string,
  list: string,
  isToken: (value: PageToken) => value is T,
): T {
  const whole = Buffer.from(text, 'base64url').toString();
  const [sealed, json] = [whole.slice(0, SEAL), whole.slice(SEAL)];
  const value = sealed === seal(json, list) ? parse(json) : undefined;
  if (value && isToken(value)) return value;
  throw invalidPageToken();
}

function seal(json: string, list: string): string {
  return createHash('sha256').update(`${list}\n${json}`).digest('hex').slice(0, SEAL);
}

export function invalidPageToken(): InvalidRequestError {
  return new InvalidRequestError([
    { path: 'pageToken', code: 'InvalidPageToken', message: 'is not a token of this listing; start again without it' },
  ]);
}

function parse(json: string): PageToken | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const usable = typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
    return usable ? (value as PageToken) : undefined;
  } catch {
    return undefined;
  }
}
