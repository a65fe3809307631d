import type { ClusterRow } from '@windrow/contract';
import { StorageUnavailableError } from '@windrow/storage';
import { JOBS, SPEC, startApi } from '../testing/start-api';

const ROW: ClusterRow = {
  workspace: 'aero',
  cluster: 'wind',
  template: { vmSizes: ['x'], nodes: { max: 1 }, slotsPerNode: 2 },
  state: 'steady',
  poolId: 'p',
  vmSize: 'x',
  nodes: { target: 0, current: 0, usable: 0, failed: 0 },
  leases: [],
  queued: [],
  createdTime: '',
  updatedTime: '',
};

describe('what a job names', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
    sut.blobs.put('corpus', 'a.csv', '1');
  });
  afterEach(() => sut.close());

  const put = (change: object) => sut.http.put(`${JOBS}/j1`).send({ ...SPEC, ...change });
  const rows = (blobs: string[]) => ({ input: { kind: 'rows', container: 'corpus', blobs, format: 'csv' } });

  it.each<[object, string, string]>([
    [{ input: { kind: 'blobs', container: 'nowhere' } }, '$.input.container', 'ContainerNotFound'],
    [rows(['a.csv', 'b.csv']), '$.input.blobs[1]', 'BlobNotFound'],
    [{ input: { kind: 'manifest', container: 'corpus', blob: 'm' } }, '$.input.blob', 'BlobNotFound'],
    [
      { task: { commandLine: 'x', program: [{ container: 'nowhere', prefix: '' }] } },
      '$.task.program[0].container',
      'ContainerNotFound',
    ],
    [{ pool: { cluster: 'none' } }, '$.pool.cluster', 'ClusterNotFound'],
  ])('must be there: %j', async (change, path, code) => {
    const answer = await put(change).expect(422);
    expect(answer.body).toMatchObject({ code, errors: [{ path, code }] });
    // Nothing was created: not even the workspace's container.
    expect([...sut.blobs.containers.keys()]).toEqual(['corpus']);
  });

  it('is accepted when it is there', async () => {
    await put(rows(['a.csv'])).expect(201);
  });

  it('must fit the nodes of the cluster', async () => {
    await sut.catalogue.putCluster(ROW);
    const task = { commandLine: 'x', requiredSlots: 3 };
    const answer = await put({ pool: { cluster: 'wind' }, task }).expect(422);
    expect(answer.body.errors).toMatchObject([{ path: '$.task.requiredSlots', code: 'TooManySlots' }]);
    await put({ pool: { cluster: 'wind' }, task: { ...task, requiredSlots: 2 } }).expect(201);
  });

  it('may be a cluster that was created a moment ago', async () => {
    await sut.http.put('/v1/workspaces/aero/clusters/wind').send(ROW.template).expect(201);
    await put({ pool: { cluster: 'wind' }, task: { commandLine: 'x', requiredSlots: 3 } }).expect(422);
    await put({ pool: { cluster: 'wind' } }).expect(201);
  });

  it('must not be a cluster that is being deleted', async () => {
    await sut.catalogue.putCluster({ ...ROW, state: 'deleting' });
    expect((await put({ pool: { cluster: 'wind' } }).expect(422)).body.code).toBe('ClusterDeleting');
  });

  it('must be an image that Batch supports, with its node agent', async () => {
    const image = { publisher: 'canonical', offer: 'jammy', sku: '22', nodeAgentSkuId: 'agent 20' };
    sut.batch.supported = [{ ...image, nodeAgentSkuId: 'agent 22' }];
    const pool = { vmSizes: ['x'], nodes: { max: 1 }, image };
    const answer = await put({ pool }).expect(422);
    expect(answer.body.errors).toMatchObject([{ path: '$.pool.image.nodeAgentSkuId', code: 'UnknownNodeAgent' }]);
    await sut.http.put('/v1/workspaces/aero/clusters/odd').send(pool).expect(422);
    await put({ pool: { ...pool, image: { ...image, nodeAgentSkuId: 'agent 22' } } }).expect(201);
  });

  it('cannot be judged while storage does not answer', async () => {
    sut.blobs.containerExists = async () => {
      throw new StorageUnavailableError('down', { code: 'ECONNREFUSED', retryAfterMs: 1500 });
    };
    const answer = await put(rows(['a.csv'])).expect(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.body.dependency).toBe('Azure Storage');
  });
});
