import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { JOBS, SPEC, startApi } from '../testing/start-api';

type Request = { method?: string; path?: string; body?: string | Buffer; headers?: Record<string, string | string[]> };

const LONG = 'x'.repeat(5000);
const HALF_PAIR = '\\ud800';
const text = (body: object): string => JSON.stringify(body);
/** A job with other text somewhere. */
const job = (change: object): string => text({ ...SPEC, ...change });
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** What no client of good will sends; each is the sender's mistake, and is answered as one. */
const HOSTILE: Record<string, [Request, number[]]> = {
  'NUL in a name': [{ method: 'GET', path: `${JOBS}/a%00b` }, [400]],
  'NUL in a text': [{ body: job({ displayName: 'a\u0000b' }) }, [400]],
  'NUL as the key of a label': [{ body: job({ labels: { 'a\u0000b': 'c' } }) }, [400]],
  'NUL in a page token': [{ method: 'GET', path: `${JOBS}?pageToken=%00` }, [400]],
  'NUL in the path of a file': [{ method: 'GET', path: `${JOBS}/j1/tasks/0/files/a%00b` }, [400, 404]],
  'a very long name': [{ method: 'GET', path: `${JOBS}/${LONG}` }, [400]],
  'a very long workspace': [{ method: 'GET', path: `/v1/workspaces/${LONG}/clusters` }, [400]],
  'a very long id of a key': [{ method: 'GET', path: `/v1/apiKeys/${LONG}` }, [400, 404]],
  'an endless address': [{ method: 'GET', path: `${JOBS}?pageToken=${LONG.repeat(4)}` }, [431]],
  'endless headers': [{ method: 'GET', path: JOBS, headers: { 'X-Long': LONG.repeat(4) } }, [431]],
  'a very long index': [{ method: 'GET', path: `${JOBS}/j1/tasks/${'9'.repeat(400)}` }, [404]],
  'a very long idempotency key': [{ method: 'POST', path: JOBS, headers: { 'Idempotency-Key': LONG } }, [400]],
  'half a surrogate pair in a text': [{ body: job({ displayName: 'D' }).replace('"D"', `"${HALF_PAIR}"`) }, [400]],
  'half a surrogate pair in a list': [
    { body: job({ input: { kind: 'blobs', container: 'corpus', include: ['I'] } }).replace('"I"', `"${HALF_PAIR}"`) },
    [400],
  ],
  'half a surrogate pair as a key': [{ body: job({ labels: { K: 'v' } }).replace('"K"', `"${HALF_PAIR}"`) }, [400]],
  'half a surrogate pair in a merge patch': [
    { method: 'PATCH', path: '/v1/workspaces/aero', body: `{"displayName":"${HALF_PAIR}"}` },
    [400],
  ],
  'half a surrogate pair in an item': [
    { body: job({ input: { kind: 'items', items: ['I'] } }).replace('"I"', `"${HALF_PAIR}"`) },
    [400],
  ],
  'a parameter twice': [{ method: 'GET', path: `${JOBS}?pageSize=1&pageSize=2` }, [400]],
  'a page token twice': [{ method: 'GET', path: `${JOBS}?pageToken=a&pageToken=b` }, [400]],
  'a time twice': [{ method: 'GET', path: `${JOBS}?createdAfter=a&createdAfter=b` }, [400]],
  'a parameter as an object': [{ method: 'GET', path: `${JOBS}?pageToken[a]=b` }, [400]],
  'a parameter named __proto__': [{ method: 'GET', path: `${JOBS}?__proto__=1` }, [400]],
  'a parameter named constructor': [{ method: 'GET', path: `${JOBS}?constructor=1` }, [400]],
  'a list for a text': [{ body: job({ displayName: ['a'] }) }, [400]],
  'a text for a list': [{ body: job({ pool: { vmSizes: 'a', nodes: { max: 1 } } }) }, [400]],
  'an object for a number': [{ body: job({ input: { kind: 'repeat', count: {} } }) }, [400]],
  'a list for an object': [{ body: job({ input: [] }) }, [400]],
  'a list for a key that names a class': [{ body: job({ input: { kind: ['repeat'], count: 1 } }) }, [400]],
  'an unknown encoding': [{ body: job({}), headers: { 'Content-Encoding': 'klingon' } }, [415]],
  'no gzip in spite of the header': [{ body: job({}), headers: { 'Content-Encoding': 'gzip' } }, [400]],
  'bytes that are no UTF-8': [{ body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }, [400]],
  'a percent sign that stands alone': [{ method: 'GET', path: `${JOBS}/%` }, [400]],
  'half of a percent-encoding': [{ method: 'GET', path: `${JOBS}/%E0%A4%A` }, [400]],
  'an overlong encoding': [{ method: 'GET', path: `${JOBS}/%C0%AF` }, [400]],
  'half of a percent-encoding in a file': [{ method: 'GET', path: `${JOBS}/j1/tasks/0/files/%E0` }, [400]],
  'a percent sign before an action': [{ method: 'POST', path: `${JOBS}/%:cancel` }, [400]],
  'an encoded way up': [{ method: 'GET', path: `${JOBS}/%2e%2e%2f%2e%2e` }, [400, 404]],
  'a number beyond all numbers': [{ body: job({}).replace('"count":3', '"count":1e400') }, [400]],
  'a number that is not whole': [{ body: job({}).replace('"count":3', '"count":1.5') }, [400]],
  'a negative number': [{ body: job({}).replace('"count":3', '"count":-1') }, [400]],
  'a number that is not exact': [{ body: job({}).replace('"count":3', '"count":9007199254740993') }, [400]],
  'a number of a query beyond all numbers': [{ method: 'GET', path: `${JOBS}?pageSize=1e400` }, [400]],
  'deep nesting': [{ body: job({ parameters: {} }).replace('"parameters":{}', `"parameters":${nested(5000)}`) }, [400]],
  'lists in lists': [{ body: '['.repeat(100_000) + ']'.repeat(100_000) }, [400]],
  'a key named __proto__': [{ body: '{"__proto__":{"input":1}}' }, [400]],
  'a key named __proto__ deep inside': [{ body: job({}).replace('"count":3', '"count":3,"__proto__":{}') }, [400]],
  'keys of all objects': [{ body: text({ constructor: {}, toString: 1, hasOwnProperty: 1 }) }, [400]],
  'an If-Match that is none': [{ method: 'DELETE', path: '/v1/clusters/c', headers: { 'If-Match': 'abc' } }, [400]],
  'an If-Match with a comma too many': [
    { method: 'DELETE', path: '/v1/clusters/c', headers: { 'If-Match': '"a",' } },
    [400],
  ],
  'an If-Match of many versions': [
    { method: 'PATCH', path: '/v1/workspaces/aero', body: '{}', headers: { 'If-Match': '"a", W/"b"' } },
    [412],
  ],
  'an If-None-Match that is none': [
    { method: 'GET', path: `${JOBS}/there`, headers: { 'If-None-Match': 'abc' } },
    [400],
  ],
  'a Range of another unit': [
    { method: 'GET', path: `${JOBS}/there/tasks/0/files/stdout.txt`, headers: { Range: 'lines=1-2' } },
    [400, 404],
  ],
  'a Last-Event-ID that is none': [
    { method: 'GET', path: `${JOBS}/nowhere/events`, headers: { 'Last-Event-ID': '1'.repeat(4000) } },
    [404],
  ],
};

describe('hostile input', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  let port: number;
  beforeAll(async () => {
    sut = await startApi();
    const server = await sut.api.app.listen(0, '127.0.0.1');
    port = (server.address() as AddressInfo).port;
    await sut.http.put(`${JOBS}/there`).send(SPEC).expect(201);
  });
  afterAll(() => sut.close());

  /** As it is: other clients would encode paths anew. */
  const send = ({ method = 'PUT', path = `${JOBS}/j1`, body, headers }: Request) =>
    new Promise<{ status: number; type: string; id: string; body: string }>((resolve, reject) => {
      const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const request = http.request(
        { port, host: '127.0.0.1', method, path, headers: { ...type, ...headers } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const { statusCode: status = 0, headers: given } = answer;
            const [type, id] = [given['content-type'] ?? '', String(given['x-request-id'])];
            resolve({ status, type, id, body: Buffer.concat(chunks).toString() });
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });

  it.each(Object.entries(HOSTILE))('%s', async (_name, [request, statuses]) => {
    const answer = await send(request);
    expect(statuses).toContain(answer.status);
    expect(answer.type).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(answer.body)).toMatchObject({
      ...{ status: answer.status, code: expect.stringMatching(/^[A-Z]/) },
      requestId: answer.id,
    });
  });
});
