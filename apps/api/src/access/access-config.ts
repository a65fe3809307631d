import type { Reader } from '@windrow/config';

/** An issuer of tokens, such as a tenant of Entra ID. */
export interface IssuerConfig {
  /** Exactly as in the tokens' `iss`. */
  issuer: string;
  audience: string;
  /** Where its keys are; else its discovery document tells. */
  jwksUri?: string;
  /** Claim with the caller's roles, or app roles. */
  rolesClaim: string;
  /** Claim with the caller's groups; they are not looked at without it. */
  groupsClaim?: string;
  /** Values of either claim that make an administrator. */
  administrators: string[];
}

export interface RateLimit {
  perSecond: number;
  burst: number;
}

export interface AccessConfig {
  /** SHA-256, in hex, of the key with which an operator begins. */
  adminKeySha256?: string;
  issuers: IssuerConfig[];
  /** Of each caller, in each process; none when absent. */
  rateLimit?: RateLimit;
}

const ISSUERS = 'WINDROW_OIDC_ISSUERS';
const KNOWN = ['issuer', 'audience', 'jwksUri', 'rolesClaim', 'groupsClaim', 'administrators'];
const DEFAULT_LIMIT = { perSecond: 50, burst: 200 };

/** @param exposed others than this machine can reach the API, so that a rate limit holds by default */
export function readAccess(read: Reader, exposed: boolean): AccessConfig {
  const adminKeySha256 = readAdminKey(read);
  const issuers = read.attempt(ISSUERS, [], () => parseIssuers(read.text(ISSUERS) ?? '[]'));
  const open = adminKeySha256 === undefined && issuers.length === 0;
  const rateLimit = readRateLimit(read, exposed && !open ? DEFAULT_LIMIT : undefined);
  return { ...(adminKeySha256 !== undefined && { adminKeySha256 }), issuers, ...(rateLimit && { rateLimit }) };
}

function readAdminKey(read: Reader): string | undefined {
  const name = 'WINDROW_ADMIN_KEY_SHA256';
  const text = read.text(name)?.toLowerCase();
  if (text !== undefined && !/^[0-9a-f]{64}$/.test(text)) {
    read.fault(name, 'must be the SHA-256 of your key in 64 hexadecimal digits (docs/access.md shows how to make it)');
  }
  return text;
}

/** `50/200`: requests a second, and at once. */
function readRateLimit(read: Reader, otherwise: RateLimit | undefined): RateLimit | undefined {
  const name = 'WINDROW_RATE_LIMIT';
  const text = read.text(name);
  if (text === undefined) return otherwise;
  if (text === '0') return undefined;
  const [, perSecond, burst] = /^(\d{1,6}(?:\.\d+)?)\/(\d{1,6})$/.exec(text) ?? [];
  const limit = { perSecond: Number(perSecond), burst: Number(burst) };
  if (limit.perSecond > 0 && limit.burst >= 1) return limit;
  read.fault(name, 'must be requests a second and requests at once, such as 50/200, or 0 for no limit');
  return undefined;
}

/** @throws Error saying what is wrong, and with which entry */
function parseIssuers(text: string): IssuerConfig[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('it must be a JSON list of issuers');
  return value.map((entry: unknown, n) => issuerOf(entry, `entry ${n}`));
}

function issuerOf(entry: unknown, where: string): IssuerConfig {
  if (typeof entry !== 'object' || entry === null) throw new Error(`${where} must be an object`);
  const fields = entry as Record<string, unknown>;
  const unknown = Object.keys(fields).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined)
    throw new Error(`${where} has the unknown field ${unknown}; known are ${KNOWN.join(', ')}`);
  const text = (name: string): string | undefined => {
    const value = fields[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`${where}: ${name} must be text`);
  };
  const { issuer, audience } = { issuer: text('issuer'), audience: text('audience') };
  if (issuer === undefined || audience === undefined) throw new Error(`${where} needs issuer and audience`);
  const [jwksUri, groupsClaim] = [text('jwksUri'), text('groupsClaim')];
  for (const url of [issuer, ...(jwksUri === undefined ? [] : [jwksUri])]) checkUrl(url, where);
  const administrators: unknown = fields['administrators'] ?? [];
  if (!Array.isArray(administrators) || !administrators.every((one) => typeof one === 'string' && one !== '')) {
    throw new Error(`${where}: administrators must be a list of texts`);
  }
  return {
    issuer,
    audience,
    rolesClaim: text('rolesClaim') ?? 'roles',
    administrators: administrators as string[],
    ...(jwksUri !== undefined && { jwksUri }),
    ...(groupsClaim !== undefined && { groupsClaim }),
  };
}

/** Keys that came over a wire anybody can write on would prove nothing. */
function checkUrl(url: string, where: string): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if (protocol === 'https:') return;
  if (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return;
  throw new Error(`${where}: ${url} must be an https URL (http on loopback only)`);
}
