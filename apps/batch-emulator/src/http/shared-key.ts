import { createHmac, timingSafeEqual } from 'node:crypto';
import { MAX_CLOCK_SKEW_MS } from '../constants';
import { batchError } from '../errors';
import type { RequestContext } from './context';

export interface Credentials {
  account: string;
  /** Base64; primary and secondary. */
  keys: readonly string[];
}

const SIGNED_HEADERS = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
] as const;

/** How clients differ in what they sign: case of the account name (Java) and of query names (`timeOut`, Python). */
export interface SigningVariant {
  lowerAccount: boolean;
  lowerQueryNames: boolean;
}

const VARIANTS: readonly SigningVariant[] = [
  { lowerAccount: false, lowerQueryNames: false },
  { lowerAccount: false, lowerQueryNames: true },
  { lowerAccount: true, lowerQueryNames: false },
  { lowerAccount: true, lowerQueryNames: true },
];

/** "Authenticate requests to the Azure Batch service: Authentication via Shared Key". */
export function checkSharedKey(request: RequestContext, credentials: Credentials, nowMs: number): void {
  const match = /^SharedKey ([^:\s]+):([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '');
  if (!match) throw batchError('InvalidAuthenticationInfo');
  const [, account = '', signature = ''] = match;
  if (account.toLowerCase() !== credentials.account.toLowerCase()) {
    throw batchError('AuthenticationFailed', {
      AuthenticationErrorDetail: `The account '${account}' is not known here.`,
    });
  }
  checkDate(request, nowMs);
  for (const variant of VARIANTS) {
    const text = stringToSign(request, account, variant);
    if (credentials.keys.some((key) => sameText(sign(text, key), signature))) return;
  }
  const text = stringToSign(request, account, { lowerAccount: false, lowerQueryNames: true });
  throw batchError('AuthenticationFailed', {
    AuthenticationErrorDetail: `The MAC signature found in the HTTP request '${signature}' is not the same as any computed signature. Server used following string to sign: '${text}'.`,
  });
}

/** Header values exactly as received, the path percent-encoded as sent, query values decoded. */
export function stringToSign(request: RequestContext, account: string, variant: SigningVariant): string {
  const { headers } = request;
  // With an ocp-date the Date line stays empty.
  const lines = SIGNED_HEADERS.map((name) => (name === 'date' && headers['ocp-date'] ? '' : (headers[name] ?? '')));
  const ocp = Object.keys(headers)
    .filter((name) => name.startsWith('ocp-'))
    .sort()
    .map((name) => `${name}:${String(headers[name])}\n`);
  const name = variant.lowerAccount ? account.toLowerCase() : account;
  return `${request.method}\n${lines.join('\n')}\n${ocp.join('')}/${name}${request.rawPath}${canonicalQuery(request, variant)}`;
}

function canonicalQuery(request: RequestContext, variant: SigningVariant): string {
  const seen = new Map<string, string>();
  for (const [rawName, value] of request.rawQuery) {
    const name = variant.lowerQueryNames ? rawName.toLowerCase() : rawName;
    if (!seen.has(name)) seen.set(name, value);
  }
  return [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `\n${name}:${value}`)
    .join('');
}

export function sign(text: string, key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64');
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function checkDate(request: RequestContext, nowMs: number): void {
  const text = request.headers['ocp-date'] ?? request.headers.date;
  const sent = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(sent) || Math.abs(nowMs - sent) > MAX_CLOCK_SKEW_MS) {
    throw batchError('AuthenticationFailed', {
      AuthenticationErrorDetail: `The Date header in the request is incorrect: '${String(text)}'.`,
    });
  }
}
