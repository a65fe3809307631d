import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/** A request as the pipeline sees it. */
export interface RequestContext {
  readonly requestId: string;
  readonly method: string;
  /** As sent, still percent-encoded: it is signed that way, and file paths hide slashes in it. */
  readonly rawPath: string;
  readonly query: ReadonlyMap<string, string>;
  readonly rawQuery: readonly (readonly [string, string])[];
  readonly headers: IncomingHttpHeaders;
  /** Scheme, host and port the client talks to; links must lead back there. */
  readonly baseUrl: string;
  readonly url: string;
}

/** Splits the target without decoding the path. Query names are kept as sent as well, for the signature. */
export function createContext(
  requestId: string,
  method: string,
  target: string,
  headers: IncomingHttpHeaders,
  fallbackHost: string,
  scheme: 'http' | 'https' = 'http',
): RequestContext {
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? [] : parseQuery(target.slice(mark + 1));
  const query = new Map<string, string>();
  for (const [name, value] of rawQuery) if (!query.has(name.toLowerCase())) query.set(name.toLowerCase(), value);
  const baseUrl = `${scheme}://${headers.host ?? fallbackHost}`;
  return { requestId, method, rawPath, query, rawQuery, headers, baseUrl, url: `${baseUrl}${target}` };
}

export function schemeOf(message: IncomingMessage): 'http' | 'https' {
  return message.socket instanceof TLSSocket ? 'https' : 'http';
}

function parseQuery(text: string): [string, string][] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
