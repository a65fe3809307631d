import { InvalidRequestError } from './errors';

/** Where a listing goes on. Opaque to clients; `kind` keeps a token of one listing from being used in another. */
export interface PageToken {
  kind: string;
}

export function encodePageToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** @throws InvalidRequestError when the text is no token that `isToken` knows. */
export function decodePageToken<T extends PageToken>(text: string, isToken: (value: PageToken) => value is T): T {
  const value = parse(text);
  if (value && isToken(value)) return value;
  throw invalidPageToken();
}

export function invalidPageToken(): InvalidRequestError {
  return new InvalidRequestError([
    { path: 'pageToken', code: 'InvalidPageToken', message: 'is not a token of this listing; start again without it' },
  ]);
}

function parse(text: string): PageToken | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const usable = typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
    return usable ? (value as PageToken) : undefined;
  } catch {
    return undefined;
  }
}
