import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { runFake } from '../testing/fake-io';
import { AT } from '../testing/jobs';

let api: HttpScript;

beforeAll(async () => {
  api = await startHttpScript();
});

afterAll(() => api.stop());

const windrow = (args: string[], options = {}) => runFake(api.url, args, { now: () => AT, ...options });
const seen = () => api.seen.map(({ method, url, body }) => `${method} ${url} ${body}`.trimEnd());
const index = { workspace: 'migrated-local', experiment: 'migrated' };
const answering = (body: object) => api.answer(({ url }) => ({ status: 200, body: url === '/v1' ? index : body }));

describe('workspaces, experiments, clusters, schedules, file servers, applications and webhooks', () => {
  it.each([
    ['workspaces', 'workspace', '/v1/workspaces'],
    ['experiments', 'experiment', '/v1/workspaces/aero/experiments'],
    ['clusters', 'cluster', '/v1/workspaces/aero/clusters'],
    ['schedules', 'schedule', '/v1/workspaces/aero/schedules'],
    ['file-servers', 'fileServer', '/v1/workspaces/aero/fileServers'],
    ['applications', 'application', '/v1/workspaces/aero/applications'],
    ['webhooks', 'name', '/v1/workspaces/aero/webhooks'],
  ])('%s are created, shown, changed and deleted', async (plural, field, collection) => {
    answering({
      [field]: 'x',
      displayName: 'X',
      createdTime: '2026-01-15T09:00:00.000Z',
      links: { a: 'b' },
      nodes: { max: 2 },
    });
    const run = (...args: string[]) => windrow(['-w', 'aero', plural, ...args]);
    expect((await run('create', 'x', '--display-name', 'X: "y"', '--label', 'a.b=c=d', '--set', 'n=1')).code).toBe(0);
    const shown = await run('show', 'x');
    expect(shown.out).toMatch(/^Display name +X\nCreated time +2026.*\nNodes\n {2}max: 2\n$/m);
    await run('update', 'x', '--label', 'a=b');
    await run('delete', 'x', '--yes');
    expect(seen()).toEqual([
      `PUT ${collection}/x {"displayName":"X: \\"y\\"","labels":{"a.b":"c=d"},"n":1}`,
      `GET ${collection}/x`,
      `PATCH ${collection}/x {"labels":{"a":"b"}}`,
      `DELETE ${collection}/x`,
    ]);
    expect((await run('update', 'x')).code).toBe(2);
  });

  it.each([
    [
      'workspaces',
      { workspace: 'aero', displayName: 'Aero', provisioningState: 'succeeded', labels: { a: 'b' } },
      /^aero +Aero +succeeded +a=b$/m,
    ],
    ['experiments', { experiment: 'blades', provisioningState: 'deleting' }, /^blades +deleting$/m],
    ['schedules', { schedule: 'nightly', provisioningState: 'succeeded', paused: true }, /^nightly +paused$/m],
    ['schedules', { schedule: 'nightly', provisioningState: 'succeeded' }, /^nightly +active$/m],
    [
      'webhooks',
      { name: 'on-call', disabled: true, events: ['job.failed'], url: 'u' },
      /^on-call +disabled +job.failed +u$/m,
    ],
    [
      'file-servers',
      { fileServer: 'data', blobContainer: { container: 'models' }, provisioningState: 'succeeded' },
      /^data +succeeded +container models$/m,
    ],
    [
      'applications',
      { application: 'solver', defaultVersion: '1.2', provisioningState: 'succeeded' },
      /^solver +succeeded +1\.2$/m,
    ],
  ])('%s are listed', async (plural, row, line) => {
    answering({ value: [row] });
    expect((await windrow([plural, 'list'])).out).toMatch(line);
    answering({ value: [] });
    expect((await windrow([plural, 'list'])).out).toContain(`windrow ${plural} create`);
  });

  it('a field that is refused is told by the flag that gave it', async () => {
    const errors = [{ path: '$.labels.a', code: 'X', message: 'must be short' }];
    api.answer(() => ({ status: 400, body: { code: 'InvalidRequest', detail: 'x', errors } }));
    const { code, err } = await windrow(['clusters', 'create', 'x', '--label', 'a=b']);
    expect(code).toBe(2);
    expect(err).toContain('$.labels.a  must be short');
  });
});

it.each([
  [202, "Deletion of cluster 'x' has begun."],
  [204, "There is no cluster 'x' any more."],
])('a deletion that is answered %i is told as what it is', async (status, said) => {
  api.answer(() => ({ status }));
  expect((await windrow(['clusters', 'delete', 'x', '--yes'])).err).toContain(said);
});

describe('webhooks', () => {
  it('the secret is told to be shown once, where there is one', async () => {
    answering({ name: 'x', secret: 'whsec_a' });
    const create = ['-w', 'w', 'webhooks', 'create', 'x'];
    expect(await windrow(create)).toMatchObject({
      err: expect.stringContaining('once'),
      out: expect.stringContaining('whsec_a'),
    });
    answering({ name: 'x' });
    expect((await windrow(create)).err).toBe('');
  });

  it('are tested, rotated, and their deliveries listed', async () => {
    answering({
      event: 'e',
      value: [{ event: 'e', type: 't', eventTime: 'now', state: 'failed', attempts: [{ error: 'No.' }] }],
    });
    const run = (...args: string[]) => windrow(['-w', 'w', 'webhooks', ...args]);
    expect((await run('test', 'x')).err).toContain('`windrow webhooks deliveries x -w w`');
    await run('rotate', 'x');
    expect((await run('deliveries', 'x')).out).toMatch(/^e +t +now +failed +1 +No\.$/m);
    const W = '/v1/workspaces/w/webhooks/x';
    expect(seen()).toEqual([`POST ${W}:test`, `POST ${W}:rotate`, `GET ${W}/deliveries?pageSize=50`]);
  });
});

describe('metrics', () => {
  const rows = [{ job: 'j', task: 3, parameters: { rate: 0.1 }, metrics: { loss: 0.5, hits: 7 }, value: 0.5 }];
  const page = { metric: 'loss', order: 'asc', metrics: ['hits', 'loss'], value: rows };

  it('of an experiment and of a job are a table: the metric, what the task was given, the others', async () => {
    answering(page);
    const { out } = await windrow(['-w', 'w', 'experiments', 'metrics', 'e', '--metric', 'loss', '--level', 'task']);
    expect(out).toMatch(/^LOSS +JOB +TASK +RATE +HITS\n +0\.5 +j +3 +0\.1 +7$/m);
    await windrow(['-w', 'w', '-e', 'e', 'metrics', 'j', '--order', 'desc']);
    expect(seen()).toEqual([
      'GET /v1/workspaces/w/experiments/e/metrics?metric=loss&level=task&pageSize=50',
      'GET /v1/workspaces/w/experiments/e/jobs/j/metrics?order=desc&pageSize=50',
    ]);
  });

  it('that are not there are told from those that nobody exports', async () => {
    answering({ ...page, metric: 'los', value: [] });
    expect((await windrow(['metrics', 'j', '--metric', 'los'])).out).toContain("'los'; there are hits, loss");
    answering({ ...page, metrics: [], value: [] });
    expect((await windrow(['metrics', 'j'])).out).toContain('No metrics');
  });

  it('keep what the API says beside them when they come on several pages', async () => {
    const next = '/v1/jobs/j/metrics?pageToken=2';
    api.answer(({ url }) => ({
      status: 200,
      body: url.includes('pageToken') ? { ...page, truncated: true } : { ...page, nextLink: api.url + next },
    }));
    const { out } = await windrow(['metrics', 'j', '-o', 'json', '--all']);
    expect(JSON.parse(out)).toEqual({ ...page, value: [...rows, ...rows], truncated: true });
  });
});

describe('schedules', () => {
  it.each([
    [['pause', 's', '--note', 'why'], 'POST /v1/workspaces/w/schedules/s:pause {"note":"why"}'],
    [['resume', 's'], 'POST /v1/workspaces/w/schedules/s:resume'],
    [['trigger', 's'], 'POST /v1/workspaces/w/schedules/s:trigger'],
    [['backfill', 's', '--from', 'a', '--to', 'b'], 'POST /v1/workspaces/w/schedules/s:backfill {"from":"a","to":"b"}'],
    [['trigger', 's', '--time', 't'], 'POST /v1/workspaces/w/schedules/s:trigger {"time":"t"}'],
    [['runs', 's'], 'GET /v1/workspaces/w/schedules/s/runs?pageSize=50'],
    [['runs', 's', '--state', 'failed'], 'GET /v1/workspaces/w/schedules/s/runs?state=failed&pageSize=50'],
  ])('%j', async (args, request) => {
    answering({ value: [{ job: 'j', state: 'succeeded', scheduledTime: 't' }], schedule: 's' });
    expect((await windrow(['-w', 'w', 'schedules', ...args])).code).toBe(0);
    expect(seen()).toEqual([request]);
  });

  it('are triggered once, also when the answer is lost', async () => {
    api.answer(() => ({ status: 0, hangUp: true }));
    expect((await windrow(['-w', 'w', 'schedules', 'trigger', 's'])).code).toBe(7);
    expect(api.seen).toHaveLength(1);
  });
});

describe('versions of applications', () => {
  const V = '/v1/workspaces/w/applications/a/versions/1.0';
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'windrow-package-'));
    await writeFile(path.join(folder, 'a.zip'), 'PK content');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = (...args: string[]) => windrow(['-w', 'w', 'applications', ...args], { cwd: folder });
  /** The API and the storage, at one address; `status`: of the storage. Only PUT answers with a link. */
  const serving = (version: object, status = 201) =>
    api.answer(({ method, url }) => {
      if (url.startsWith('/store')) return { status };
      return { status: 200, body: { version: '1.0', state: 'pending', ...(method === 'PUT' && version) } };
    });
  const LINK = () => ({ uploadUrl: `${api.url}/store/a?sig=hush` });

  it('are uploaded as they are, and activated, unless they are to stay pending', async () => {
    serving(LINK());
    const { code, out, err } = await run('upload', 'a', '1.0', 'a.zip');
    expect([code, (out + err).includes('hush')]).toEqual([0, false]);
    expect(seen()).toEqual([`PUT ${V}`, 'PUT /store/a?sig=hush PK content', `POST ${V}:activate`]);
    expect(api.seen[1]?.headers).toMatchObject({ 'x-ms-blob-type': 'BlockBlob', 'content-length': '10' });
    expect(api.seen[1]?.headers).not.toHaveProperty('authorization');
    serving(LINK());
    const json = await run('upload', 'a', '1.0', 'a.zip', '--no-activate', '-o', 'json');
    expect(JSON.parse(json.out)).toEqual({ version: '1.0', state: 'pending' });
    expect(seen()).toHaveLength(2);
  });

  it('that are active, or have no file, are not uploaded', async () => {
    serving({ state: 'active' });
    expect(await run('upload', 'a', '1.0', 'a.zip')).toMatchObject({ code: 5, err: expect.stringContaining('active') });
    expect(seen()).toEqual([`PUT ${V}`]);
    const missing = await run('upload', 'a', '1.0', 'none.zip');
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('none.zip') });
    expect(seen()).toHaveLength(1);
  });

  it('are not activated when the upload fails, and the trouble has no link in it', async () => {
    serving(LINK(), 403);
    const { code, err } = await run('upload', 'a', '1.0', 'a.zip');
    expect(code).toBe(7);
    expect(err).toContain('403');
    expect(err).not.toContain('hush');
    expect(seen()).toHaveLength(2);
  });

  it.each([
    [['activate', 'a', '1.0'], `POST ${V}:activate`],
    [['delete-version', 'a', '1.0', '--yes'], `DELETE ${V}`],
    [['versions', 'a'], 'GET /v1/workspaces/w/applications/a/versions?pageSize=50'],
  ])('%j', async (args, request) => {
    answering({ value: [{ version: '1.0', state: 'active', isDefault: true }] });
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    if (args[0] === 'versions') expect(out).toMatch(/^1\.0 +active +yes/m);
    expect(seen()).toEqual([request]);
  });
});

describe('access', () => {
  it('whoami shows who one is', async () => {
    answering({ id: 'key:1', roles: { aero: 'owner' } });
    expect((await windrow(['whoami'])).out).toBe('Id  key:1\nRoles\n  aero: owner\n');
    expect(seen()).toEqual(['GET /v1/me']);
  });

  it('a new key goes into a file of its owner only and is not printed, or is shown once', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'windrow-key-'));
    answering({ id: '1', key: 'wdr_1_secret' });
    const args = ['api-keys', 'create', '--display-name', 'n'];
    const kept = await windrow([...args, '--key-out', 'key'], { cwd: folder });
    expect(kept.out + kept.err).not.toContain('secret');
    expect(await readFile(path.join(folder, 'key'), 'utf8')).toBe('wdr_1_secret\n');
    expect((await stat(path.join(folder, 'key'))).mode & 0o777).toBe(0o600);
    const taken = await windrow([...args, '--key-out', 'key'], { cwd: folder });
    expect(taken).toMatchObject({ code: 9, err: expect.stringContaining('Revoke') });
    const printed = await windrow([...args, '-w', 'aero', '-o', 'json']);
    expect(JSON.parse(printed.out)).toMatchObject({ key: 'wdr_1_secret' });
    expect(seen().at(-1)).toBe('POST /v1/workspaces/aero/apiKeys {"displayName":"n"}');
    await rm(folder, { recursive: true });
  });

  it('the own key is in no output, whatever fails', async () => {
    const env = { WINDROW_API_KEY: 'wdr_1_secret', WINDROW_DEBUG: '1' };
    api.answer(() => ({ status: 401, body: { code: 'Unauthenticated', detail: 'No.' } }));
    const refused = await windrow(['list'], { env });
    expect(refused).toMatchObject({ code: 6, err: expect.stringContaining('WINDROW_API_KEY') });
    api.answer(() => ({ status: 0, hangUp: true }));
    const away = await windrow(['list'], { env });
    expect(refused.out + refused.err + away.out + away.err).not.toContain('secret');
  });
});
