import { createHmac } from 'node:crypto';
import type { HttpHeaders, PipelinePolicy } from '@azure/core-rest-pipeline';

/** Headers of the string to sign, in their order. `Date` stays empty because `ocp-date` is sent. */
const SIGNED_HEADERS = [
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-MD5',
  'Content-Type',
  'Date',
  'If-Modified-Since',
  'If-Match',
  'If-None-Match',
  'If-Unmodified-Since',
  'Range',
];

/**
 * What is signed for a request with a shared key: the verb, the values of {@link SIGNED_HEADERS} as they are sent,
 * every `ocp-` header, then account, path as sent (percent-encoded) and the query (decoded), each sorted by name.
 * Source: "Authenticate requests to the Azure Batch service" in Microsoft's REST reference; checked against the
 * string the service itself repeats in its 403.
 */
export function stringToSign(accountName: string, method: string, url: URL, headers: HttpHeaders): string {
  const ocp = [...headers]
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name]) => name.startsWith('ocp-'))
    .sort(byName)
    .map(([name, value]) => `${name}:${value}\n`);
  const query = queryPairs(url)
    .sort(byName)
    .map(([name, value]) => `\n${name}:${value}`);
  return [
    method.toUpperCase(),
    ...SIGNED_HEADERS.map((name) => headers.get(name) ?? ''),
    `${ocp.join('')}/${accountName}${url.pathname}${query.join('')}`,
  ].join('\n');
}

/** Signs each attempt anew: the service accepts a date for fifteen minutes. */
export function sharedKeyPolicy(accountName: string, accountKey: string, now: () => number): PipelinePolicy {
  const key = Buffer.from(accountKey, 'base64');
  return {
    name: 'windrowSharedKey',
    sendRequest: (request, next) => {
      request.headers.set('ocp-date', new Date(now()).toUTCString());
      const text = stringToSign(accountName, request.method, new URL(request.url), request.headers);
      const signature = createHmac('sha256', key).update(text, 'utf8').digest('base64');
      request.headers.set('Authorization', `SharedKey ${accountName}:${signature}`);
      return next(request);
    },
  };
}

function queryPairs(url: URL): (readonly [string, string])[] {
  return url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = at < 0 ? pair : pair.slice(0, at);
      return [decodeURIComponent(name).toLowerCase(), at < 0 ? '' : decodeURIComponent(pair.slice(at + 1))] as const;
    });
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
