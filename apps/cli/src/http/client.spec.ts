import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { errorOf } from '../testing/error-of';
import { fakeIo } from '../testing/fake-io';
import { ApiClient } from './client';
import { collect } from './pages';
import { waitMs } from './retry';
import { part, Scope } from './scope';

let api: HttpScript;

beforeAll(async () => {
  api = await startHttpScript();
});

afterAll(() => api.stop());

function client(key?: string) {
  const io = fakeIo();
  return { io, sut: new ApiClient({ url: api.url, ...(key === undefined ? {} : { key }) }, io) };
}

const busy = { status: 503, headers: { 'retry-after': '2' }, body: { code: 'DependencyUnavailable', detail: 'no' } };

describe('a retry', () => {
  it('comes after 503 and a lost connection, waits as it was told to, and says so', async () => {
    api.answer((_, n) =>
      n === 1 ? busy : n === 2 ? { status: 0, hangUp: true } : { status: 200, body: { ok: true } },
    );
    const { sut, io } = client();
    expect(await sut.json('/v1/x')).toEqual({ ok: true });
    expect(io.pauses[0]).toBe(2000);
    expect(io.pauses).toHaveLength(2);
    expect(io.stderr()).toMatch(
      /^The API answered 503; trying again in 2\.0 s \(1 of 3\)\.\nNo answer \(the connection broke off\); /,
    );
  });

  it('ends after four attempts with what was wrong, where, and the exit code for it', async () => {
    api.answer(() => busy);
    const { sut } = client();
    await expect(sut.json('/v1/x')).rejects.toMatchObject({ status: 503, code: 'DependencyUnavailable', exitCode: 7 });
    expect(api.seen).toHaveLength(4);
  });

  it('is never made of a POST that may have had its effect, unless it is known to be harmless', async () => {
    api.answer(() => ({ status: 0, hangUp: true }));
    await expect(client().sut.json('/v1/x', { method: 'POST' })).rejects.toMatchObject({ exitCode: 7 });
    expect(api.seen).toHaveLength(1);
    api.answer(() => busy);
    await expect(client().sut.json('/v1/x', { method: 'POST' })).rejects.toMatchObject({ status: 503 });
    expect(api.seen).toHaveLength(1);
    api.answer((_, n) => (n === 1 ? { status: 429 } : { status: 200, body: {} }));
    await client().sut.json('/v1/x', { method: 'POST' });
    expect(api.seen).toHaveLength(2);
    api.answer((_, n) => (n === 1 ? { status: 0, hangUp: true } : { status: 200, body: {} }));
    await client().sut.json('/v1/x', { method: 'POST', repeatable: true });
    expect(api.seen).toHaveLength(2);
  });

  it.each([
    ['7', 7000],
    ['Thu, 15 Jan 2026 10:00:09 GMT', 9000],
    ['999', 30_000],
    [null, 1000],
    ['soon', 1000],
  ])('after the second attempt with Retry-After %s comes after %i ms', (header, ms) => {
    expect(waitMs(2, header, Date.parse('2026-01-15T10:00:00Z'), 0.5)).toBe(ms);
  });
});

describe('an error', () => {
  const error = async (status: number, body: unknown, headers: Record<string, string> = {}) => {
    api.answer(() => ({ status, body, headers }));
    return errorOf(client().sut.json('/v1/x', { attempts: 1 }));
  };

  it.each([
    [400, 2],
    [422, 2],
    [401, 6],
    [403, 6],
    [404, 4],
    [410, 4],
    [409, 5],
    [412, 5],
    [429, 7],
    [500, 7],
  ])('of status %i is exit code %i', async (status, exitCode) => {
    expect(await error(status, { code: 'X', detail: 'Because.' })).toMatchObject({ message: 'Because.', exitCode });
  });

  it('shows the request id from 500 on, the Batch error beneath, and the next step', async () => {
    const batch = { code: 'PoolNotFound', message: 'gone' };
    expect(await error(502, { code: 'BatchRefused', detail: 'No.', batch }, { 'x-request-id': 'r-1' })).toMatchObject({
      details: ['Azure Batch: PoolNotFound: gone', 'request id: r-1'],
      where: `GET ${api.url}/v1/x (502 BatchRefused)`,
    });
    expect(await error(404, { code: 'JobNotFound', detail: 'No.' }, { 'x-request-id': 'r-1' })).toMatchObject({
      details: [],
      next: expect.stringContaining('windrow list'),
    });
  });

  it('that is not of this API says to check the address', async () => {
    expect(await error(404, '<html>')).toMatchObject({ next: expect.stringContaining('--url') });
    api.answer(() => ({ status: 200, body: '<html>' }));
    await expect(client().sut.json('/v1/x')).rejects.toThrow('no JSON');
  });
});

describe('the key', () => {
  it('goes to the API and to nobody whom an answer names', async () => {
    const elsewhere = await startHttpScript();
    elsewhere.answer(() => ({ status: 200, body: { value: [] } }));
    api.answer(({ url }) => ({
      status: 200,
      body: url.includes('token') ? { value: [2] } : { value: [1], nextLink: `${elsewhere.url}/v1/x?pageToken=token` },
    }));
    expect(await collect(client('wdr_k').sut, '/v1/x', Infinity)).toEqual({ value: [1, 2] });
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer wdr_k', 'Bearer wdr_k']);
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });
});

describe('pages', () => {
  /** Eight entries; at most three on a page, however many were asked for. */
  const paged = () =>
    api.answer(({ url }) => {
      const query = new URL(url, api.url).searchParams;
      const first = Number(query.get('pageToken') ?? 0);
      const next = Math.min(8, first + Math.min(3, Number(query.get('pageSize'))));
      const value = Array.from({ length: next - first }, (_, n) => first + n);
      const nextLink = `${api.url}/v1/x?pageToken=${next}&pageSize=${query.get('pageSize')}`;
      return { status: 200, body: { value, ...(next < 8 ? { nextLink } : {}) } };
    });

  it.each([
    [3, 3, true],
    [4, 4, true],
    [6, 6, true],
    [8, 8, false],
    [Infinity, 8, false],
  ])('up to %s entries are %i, and that there are more is %s', async (limit, count, more) => {
    paged();
    const page = await collect(client().sut, '/v1/x', limit);
    expect(page.value).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(page.nextLink !== undefined).toBe(more);
  });
});

describe('the scope', () => {
  const scope = (workspace?: string, experiment?: string) =>
    new Scope(client().sut, { ...(workspace && { workspace }), ...(experiment && { experiment }) });

  it('is flat without names, and asks the API for its default workspace only where one is needed', async () => {
    api.answer(() => ({ status: 200, body: { workspace: 'migrated-local', experiment: 'migrated' } }));
    expect(await scope().job('a')).toBe('/v1/jobs/a');
    expect(await scope('w').jobs()).toBe('/v1/workspaces/w/experiments/migrated/jobs');
    expect(await scope('w', 'e').jobs()).toBe('/v1/workspaces/w/experiments/e/jobs');
    expect(await scope('w').inWorkspace('clusters', { flat: true })).toBe('/v1/workspaces/w/clusters');
    expect(await scope().inWorkspace('clusters', { flat: true })).toBe('/v1/clusters');
    expect(api.seen).toEqual([]);
    expect(await scope(undefined, 'e').jobs()).toBe('/v1/workspaces/migrated-local/experiments/e/jobs');
    expect(await scope().inWorkspace('schedules')).toBe('/v1/workspaces/migrated-local/schedules');
  });

  it('lets no name lead to another resource', () => {
    expect(part('a/../b?c')).toBe('a%2F..%2Fb%3Fc');
    expect(() => part('..')).toThrow('no name');
    expect(() => part('')).toThrow('no name');
  });
});
