/** One POST to a target of somebody else's choice: to checked addresses only, not redirected, small and short. */
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { hostOf, type WebhookTargets } from '@windrow/config';

const TIMEOUT_MS = 15_000;
/** Read of an answer, which nobody needs. Bytes. */
const MAX_ANSWER = 1024;

export interface Answer {
  status: number;
  /** Header `Retry-After` as it came. */
  retryAfter?: string;
}

/** Thrown when a target must not be reached. The message says what to do, and tells no address. */
export class TargetRefusedError extends Error {}

export type Resolve = (host: string) => Promise<string[]>;

const resolveAll: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

export interface PostOptions {
  timeoutMs?: number;
  resolve?: Resolve;
}

/** @throws TargetRefusedError; else whatever kept an answer from coming */
export async function post(
  target: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  targets: WebhookTargets,
  { timeoutMs = TIMEOUT_MS, resolve = resolveAll }: PostOptions = {},
): Promise<Answer> {
  const url = new URL(target);
  const complaint = targets.complaint(target);
  if (complaint !== undefined) throw new TargetRefusedError(`The url ${complaint}.`);
  const signal = AbortSignal.timeout(timeoutMs);
  const address = await before(signal, checkedAddress(url, targets, resolve));
  return new Promise((done, fail) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      // Of its own, to the address that was checked: the name is not resolved again, to what may be another.
      agent: false,
      lookup: pinned(address),
      signal,
    });
    sent.on('error', (error) => fail(signal.aborted ? timedOut(timeoutMs) : error));
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      const retryAfter = answered['retry-after'];
      const answer = { status, ...(retryAfter !== undefined && { retryAfter }) };
      let read = 0;
      const finish = () => {
        done(answer);
        sent.destroy();
      };
      response.on('data', (chunk: Buffer) => (read += chunk.length) >= MAX_ANSWER && finish());
      response.on('end', finish);
      response.on('error', finish);
    });
    sent.end(body);
  });
}

/** All addresses of the name have to be fit, so that a name cannot have one of each kind. */
async function checkedAddress(url: URL, targets: WebhookTargets, resolve: Resolve): Promise<string> {
  const host = hostOf(url);
  const addresses = isIP(host) > 0 ? [host] : await resolve(host);
  const [first] = addresses;
  if (first === undefined) throw new Error(`The name '${host}' has no address.`);
  if (!targets.allowsHost(host) && !addresses.every((address) => targets.allowsAddress(address))) {
    throw new TargetRefusedError(
      `'${host}' has an address that is not of the public internet. An operator can allow it (WINDROW_WEBHOOK_ALLOW).`,
    );
  }
  return first;
}

function pinned(address: string): LookupFunction {
  const family = isIP(address);
  return (_host, { all }, callback) => {
    if (all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_done, fail) => {
    signal.addEventListener('abort', () => fail(new Error('The name was not resolved in time.')), { once: true });
  });
  return Promise.race([work, aborted]);
}

function timedOut(ms: number): Error {
  return new Error(`No answer within ${ms / 1000} s.`);
}
