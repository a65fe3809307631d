import { jobWorkflowId } from '@windrow/contract';
import { DependencyUnavailableError } from '../common/errors';
import { jobInState, JOBS, KEY, SPEC, startApi } from '../testing/start-api';

describe('the deletion of a job', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const remove = () => sut.http.delete(`${JOBS}/j1`);

  it('is a workflow that is joined by asking again; of a job that is not there nothing is done', async () => {
    await remove().expect(204);
    const { uid } = await jobInState(sut, { state: 'succeeded' });
    const answer = await remove().expect(202);
    expect(answer.body).toMatchObject({ provisioningState: 'deleting', state: 'succeeded' });
    expect(answer.headers['location']).toBe(answer.body.url);
    await remove().expect(202);
    expect(sut.workflows.deletions).toMatchObject([
      { kind: 'job', ...KEY, uid },
      { kind: 'job', ...KEY, uid },
    ]);
    expect((await sut.http.get(JOBS)).body.value).toMatchObject([{ provisioningState: 'deleting' }]);
  });

  it('goes on by the same request when it could not be started', async () => {
    await jobInState(sut, { state: 'failed' });
    sut.workflows.failures = [new DependencyUnavailableError('Temporal')];
    await remove().expect(503);
    await remove().expect(202);
    expect(sut.workflows.deletions).toHaveLength(1);
  });

  it('lets nothing else be done with the job', async () => {
    await jobInState(sut, { state: 'running' });
    await remove().expect(202);
    const answers = await Promise.all([
      sut.http.put(`${JOBS}/j1`).send(SPEC),
      sut.http.patch(`${JOBS}/j1`).send({ displayName: 'x' }),
      ...['cancel', 'pause', 'resume', 'redrive'].map((action) => sut.http.post(`${JOBS}/j1:${action}`)),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [409, 'JobDeleting']));
    expect((await sut.http.get(`${JOBS}/j1`).expect(200)).body.provisioningState).toBe('deleting');
  });

  it('leaves the name to a new job, which is not taken for the old one', async () => {
    await sut.http.put(`${JOBS}/j1`).send(SPEC).expect(201);
    sut.workflows.end(jobWorkflowId(KEY), 'completed');
    // What the deletion does.
    sut.catalogue.jobs.clear();
    for (const blobs of sut.blobs.containers.values()) blobs.clear();
    await sut.http.get(`${JOBS}/j1`).expect(404);
    const { body } = await sut.http.put(`${JOBS}/j1`).send(SPEC).expect(201);
    expect(sut.workflows.started.map(({ input }) => input.uid)).toEqual([
      expect.not.stringMatching(body.uid),
      body.uid,
    ]);
    await sut.http.put(`${JOBS}/j1`).send(SPEC).expect(200);
  });
});

describe('what a job is called', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const patch = (body: object) => sut.http.patch(`${JOBS}/j1`).send(body);

  it('can be changed at any time, by a merge patch', async () => {
    await jobInState(sut, { state: 'succeeded', displayName: 'A', labels: { a: '1', b: '2' } });
    const { body } = await patch({ displayName: null, labels: { a: null, c: '3' } }).expect(200);
    expect(body.labels).toEqual({ b: '2', c: '3' });
    expect(body).not.toHaveProperty('displayName');
    expect(sut.workflows.updates).toEqual([]);
  });

  it('can be changed before the job has a row, and together with how it runs', async () => {
    await sut.http.put(`${JOBS}/j1`).send(SPEC).expect(201);
    await patch({ labels: { a: '1' }, execution: { priority: 'high' } }).expect(200);
    expect((await sut.http.get(`${JOBS}?label=a:1`)).body.value).toMatchObject([{ job: 'j1' }]);
    expect(sut.workflows.updates).toMatchObject([{ name: 'change', arg: { priority: 'high' } }]);
  });

  it('is another version of the job, and nothing is sent of one that is known', async () => {
    await jobInState(sut, { state: 'succeeded' });
    const get = (tag: string) => sut.http.get(`${JOBS}/j1`).set('If-None-Match', tag);
    const etag = (await get('"none"').expect(200)).headers['etag']!;
    expect((await get(`"other", ${etag}`).expect(304)).text).toBe('');
    await patch({ displayName: 'B' }).expect(200);
    await get(etag).expect(200);
  });

  it('is changed, and deleted, in the version that If-Match names; a job that gets on is the same version', async () => {
    const row = await jobInState(sut, { state: 'running', phase: 'running' });
    const matching = (body: object, tag: string) => patch(body).set('If-Match', tag);
    const etag = (await sut.http.get(`${JOBS}/j1`).expect(200)).headers['etag']!;
    await sut.catalogue.putJob({ ...row, counts: { ...row.counts, running: 1 } });
    const both = await Promise.all(['1', '2'].map((a) => matching({ labels: { a } }, etag)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await matching({ execution: { priority: 'high' } }, etag).expect(412)).body.code).toBe(
      'PreconditionFailed',
    );
    expect(sut.workflows.updates).toEqual([]);
    await sut.http.delete(`${JOBS}/j1`).set('If-Match', etag).expect(412);
    expect(sut.workflows.deletions).toEqual([]);
    const now = both.find(({ status }) => status === 200)!.headers['etag']!;
    await sut.http.delete(`${JOBS}/none`).set('If-Match', now).expect(412);
    await sut.http.delete(`${JOBS}/j1`).set('If-Match', now).expect(202);
  });

  it.each<[object, string]>([
    [{}, '$'],
    [{ labels: { a: 7 } }, '$.labels.a'],
    [{ displayName: '' }, '$.displayName'],
    [{ execution: { priority: 'high' }, labels: labels(51) }, '$.labels'],
  ])('is not changed by %j', async (body, path) => {
    await sut.http.put(`${JOBS}/j1`).send(SPEC).expect(201);
    expect((await patch(body).expect(400)).body.errors).toMatchObject([{ path }]);
    expect(sut.workflows.updates).toEqual([]);
  });

  it.each([
    ['state=lost', 'state'],
    ['state=running&state=lost', 'state'],
    ['label=team', 'label'],
    ['label=:x', 'label'],
    ['createdAfter=2027', 'createdAfter'],
    ['colour=red', 'colour'],
  ])('a listing by %s is refused', async (query, path) => {
    expect((await sut.http.get(`${JOBS}?${query}`).expect(400)).body.errors).toMatchObject([{ path }]);
  });
});

function labels(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, 'x']));
}
