/** A client of the Batch REST API that costs little: signed requests over kept connections, no model of anything. */
import { createHmac } from 'node:crypto';
import http from 'node:http';

export interface Access {
  url: string;
  account: string;
  /** Base64. */
  key: string;
}

type Json = ReturnType<typeof JSON.parse>;

const VERSION = '2024-07-01.20.0';
const CONTENT_TYPE = 'application/json; odata=minimalmetadata';

export class Client {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly base: URL;
  private readonly key: Buffer;

  constructor(private readonly access: Access) {
    this.base = new URL(access.url);
    this.key = Buffer.from(access.key, 'base64');
  }

  get = async (path: string, query: Record<string, string> = {}): Promise<Json> =>
    JSON.parse((await this.send('GET', path, undefined, query)).toString('utf8'));

  post = (path: string, body: unknown): Promise<Buffer> => this.send('POST', path, Buffer.from(JSON.stringify(body)));

  /** Bodies are made beforehand where what they cost must not count. */
  async send(
    method: string,
    path: string,
    body: Buffer | undefined,
    query: Record<string, string> = {},
  ): Promise<Buffer> {
    const all = { ...query, 'api-version': VERSION };
    const search = Object.entries(all).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    const headers = this.headers(method, path, all, body);
    const { status, data } = await this.exchange(method, `${path}?${search.join('&')}`, headers, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${data.toString('utf8')}`);
    return data;
  }

  close(): void {
    this.agent.destroy();
  }

  private headers(method: string, path: string, query: Record<string, string>, body: Buffer | undefined) {
    const date = new Date().toUTCString();
    const length = body ? String(body.length) : method === 'POST' ? '0' : '';
    const type = body ? CONTENT_TYPE : '';
    const names = Object.keys(query).sort();
    const signed =
      `${method}\n\n\n${length}\n\n${type}\n\n\n\n\n\n\nocp-date:${date}\n/${this.access.account}${path}` +
      names.map((name) => `\n${name.toLowerCase()}:${query[name]}`).join('');
    const signature = createHmac('sha256', this.key).update(signed).digest('base64');
    return {
      'ocp-date': date,
      authorization: `SharedKey ${this.access.account}:${signature}`,
      ...(type !== '' && { 'content-type': type }),
      ...(length !== '' && { 'content-length': length }),
    };
  }

  private exchange(method: string, path: string, headers: http.OutgoingHttpHeaders, body: Buffer | undefined) {
    const { hostname: host, port } = this.base;
    return new Promise<{ status: number; data: Buffer }>((resolve, reject) => {
      const request = http.request({ agent: this.agent, host, port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, data: Buffer.concat(chunks) }));
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}
