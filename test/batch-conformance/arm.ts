import type { Emulator } from '@windrow/batch-emulator';
import type { Body } from './rest';

export interface ArmAnswer {
  status: number;
  headers: Headers;
  json: Body;
}

export const ARM_VERSION = '2023-11-01';

/** A raw client of management, with a token that means nothing. */
export class Arm {
  constructor(private readonly emulator: Emulator) {}

  get = (path: string, headers?: Record<string, string>): Promise<ArmAnswer> =>
    this.send('GET', path, undefined, headers);
  post = (path: string, body?: Body): Promise<ArmAnswer> => this.send('POST', path, body);
  put = (path: string, body: Body, headers?: Record<string, string>): Promise<ArmAnswer> =>
    this.send('PUT', path, body, headers);
  patch = (path: string, body: Body, headers?: Record<string, string>): Promise<ArmAnswer> =>
    this.send('PATCH', path, body, headers);
  delete = (path: string): Promise<ArmAnswer> => this.send('DELETE', path);

  /** A path that does not begin with a slash is below the account. */
  async send(method: string, path: string, body?: Body, headers: Record<string, string> = {}): Promise<ArmAnswer> {
    const full = path.startsWith('/') ? path : `${this.emulator.resourceId}${/^(\?|$)/.test(path) ? path : `/${path}`}`;
    const separator = full.includes('?') ? '&' : '?';
    const url = `${this.emulator.url}${full}${/api-version=/.test(full) ? '' : `${separator}api-version=${ARM_VERSION}`}`;
    const answer = await fetch(url, {
      method,
      headers: { authorization: 'Bearer x.y.z', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) };
  }
}
