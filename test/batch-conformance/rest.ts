import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Target } from './target';

/** Bodies are read freely in tests: any member may hold anything. */
export type Body = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** The parsed body; `undefined` when there is none. */
  json: Body;
}

export interface Ask {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a string as it is. */
  body?: unknown;
  /** Overrides for tests of authentication. */
  date?: Date;
  key?: string;
  account?: string;
  apiVersion?: string | undefined;
}

const SIGNED = [
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
];

/** A raw client of the Batch REST API: it signs, sends and hides nothing. */
export class Rest {
  constructor(readonly target: Target) {}

  get = (path: string, ask: Ask = {}): Promise<Answer> => this.send('GET', path, ask);
  head = (path: string, ask: Ask = {}): Promise<Answer> => this.send('HEAD', path, ask);
  post = (path: string, body?: unknown, ask: Ask = {}): Promise<Answer> => this.send('POST', path, { ...ask, body });
  put = (path: string, body?: unknown, ask: Ask = {}): Promise<Answer> => this.send('PUT', path, { ...ask, body });
  patch = (path: string, body?: unknown, ask: Ask = {}): Promise<Answer> => this.send('PATCH', path, { ...ask, body });
  delete = (path: string, ask: Ask = {}): Promise<Answer> => this.send('DELETE', path, ask);

  /** Follows a link as it was given. */
  follow(link: string): Promise<Answer> {
    const url = new URL(link);
    const query = Object.fromEntries(url.searchParams);
    return this.send('GET', url.pathname, { query, apiVersion: undefined });
  }

  async send(method: string, path: string, ask: Ask): Promise<Answer> {
    const { query = {}, body, apiVersion = '2024-07-01.20.0' } = ask;
    const all = 'apiVersion' in ask && ask.apiVersion === undefined ? query : { ...query, 'api-version': apiVersion };
    const data = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const headers: Record<string, string> = {
      'ocp-date': (ask.date ?? new Date()).toUTCString(),
      ...(data && { 'content-type': 'application/json; odata=minimalmetadata' }),
      ...(data ? { 'content-length': String(data.length) } : method === 'POST' && { 'content-length': '0' }),
      ...ask.headers,
    };
    headers['authorization'] ??= this.authorization(method, path, all, headers, ask);
    const search = Object.entries(all)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
    return exchange(new URL(this.target.url), method, search === '' ? path : `${path}?${search}`, headers, data);
  }

  private authorization(
    method: string,
    path: string,
    query: Record<string, string>,
    headers: Record<string, string>,
    ask: Ask,
  ): string {
    const account = ask.account ?? this.target.account;
    const ocp = Object.keys(headers).filter((name) => name.startsWith('ocp-'));
    const text =
      [method, ...SIGNED.map((name) => headers[name] ?? '')].join('\n') +
      '\n' +
      ocp
        .sort()
        .map((name) => `${name}:${headers[name]}\n`)
        .join('') +
      `/${account}${path}` +
      Object.keys(query)
        .sort()
        .map((name) => `\n${name.toLowerCase()}:${query[name]}`)
        .join('');
    const key = Buffer.from(ask.key ?? this.target.key, 'base64');
    return `SharedKey ${account}:${createHmac('sha256', key).update(text).digest('base64')}`;
  }
}

function exchange(
  base: URL,
  method: string,
  path: string,
  headers: Record<string, string>,
  data: Buffer | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const transport = base.protocol === 'https:' ? https : http;
    const request = transport.request({ host: base.hostname, port: base.port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = (response.headers['content-type'] ?? '').startsWith('application/json');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson && text !== '' ? JSON.parse(text) : undefined,
        });
      });
    });
    request.on('error', reject);
    request.end(data);
  });
}
