import { jobPaths, jobWorkflowId, workspaceContainer } from '@windrow/contract';
import { fingerprint } from '@windrow/storage';
import { DependencyUnavailableError } from '../common/errors';
import { jobInState, JOBS, KEY, SPEC, startApi } from '../testing/start-api';
import { PlanRefusedError, PlanTimeoutError, UpdateRefusedError } from '../workflows/workflow-gateway';

type Running = Awaited<ReturnType<typeof startApi>>;

describe('jobs', () => {
  let sut: Running;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const put = (body: object = SPEC) => sut.http.put(`${JOBS}/j1`).send(body);
  const container = workspaceContainer(KEY.workspace);
  const specs = () => sut.blobs.names(container).filter((name) => name.endsWith('/spec.json'));

  it('creates a job once, whatever order the fields come in', async () => {
    const first = await put().expect(201);
    const reordered = { pool: SPEC.pool, task: SPEC.task, input: SPEC.input };
    const again = await put(reordered).expect(200);
    expect(again.body.uid).toBe(first.body.uid);
    expect(first.headers['location']).toBe(first.body.url);
    expect(first.body).toMatchObject({ ...KEY, state: 'queued', links: { cancel: `${first.body.url}:cancel` } });
    expect(sut.workflows.started).toHaveLength(1);
    expect(sut.workflows.started[0]?.input).toEqual({
      ...KEY,
      uid: first.body.uid,
      createdTime: first.body.createdTime,
    });
    expect(await sut.blobs.readJson(container, jobPaths(first.body.uid).spec)).toEqual(SPEC);
  });

  it('refuses another body under the same name', async () => {
    await put().expect(201);
    const answer = await put({ ...SPEC, displayName: 'other' }).expect(409);
    expect(answer.body.code).toBe('JobExists');
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('answers a repeated body although what it names has gone since', async () => {
    sut.blobs.put('corpus', 'a.txt', 'a');
    const body = { ...SPEC, input: { kind: 'blobs', container: 'corpus' } };
    await put(body).expect(201);
    sut.blobs.containers.delete('corpus');
    await put(body).expect(200);
  });

  it('heals a crash between the record and the start', async () => {
    sut.workflows.failures = [new DependencyUnavailableError('Temporal')];
    const failed = await put().expect(503);
    expect(failed.headers['retry-after']).toBe('5');
    expect(failed.body).toMatchObject({ code: 'DependencyUnavailable', dependency: 'Temporal' });
    await sut.http.get(`${JOBS}/j1`).expect(404);
    const healed = await put().expect(201);
    expect(specs()).toEqual([jobPaths(healed.body.uid).spec]);
    await put().expect(200);
  });

  it('takes a start that another request made as done', async () => {
    await put().expect(201);
    sut.catalogue.jobs.clear();
    await put().expect(200);
    expect(sut.workflows.started).toHaveLength(1);
  });

  it('lets one of two racing requests create the job and leaves no orphan', async () => {
    const [first, second] = await Promise.all([put(), put()]);
    expect([first.status, second.status].sort()).toEqual([200, 201]);
    expect(first.body.uid).toBe(second.body.uid);
    expect(specs()).toEqual([jobPaths(first.body.uid).spec]);
  });

  it('refuses the loser of a race with another body, and deletes its specification', async () => {
    let winner = '';
    sut.blobs.beforeWrite = async (blob) => {
      if (!blob.startsWith('names/')) return;
      sut.blobs.beforeWrite = async () => undefined;
      winner = (await put({ ...SPEC, displayName: 'winner' }).expect(201)).body.uid;
    };
    await put().expect(409);
    expect(specs()).toEqual([jobPaths(winner).spec]);
  });

  it('knows its own claim of a name when the storage client writes again, because the first answer was lost', async () => {
    const write = sut.blobs.writeText.bind(sut.blobs);
    sut.blobs.writeText = async (...args) => {
      await write(...args);
      return write(...args);
    };
    const { body } = await put().expect(201);
    expect(specs()).toEqual([jobPaths(body.uid).spec]);
    await sut.http.post(JOBS).set('Idempotency-Key', 'k').send(SPEC).expect(201);
  });

  it('names a job that is posted, and again with the same Idempotency-Key', async () => {
    const post = (body: object) => sut.http.post(JOBS).set('Idempotency-Key', 'k-1').send(body);
    const first = await post(SPEC).expect(201);
    expect(first.body.job).toMatch(/^j[0-9a-z]{15}$/);
    const again = await post(SPEC).expect(200);
    expect(again.body.job).toBe(first.body.job);
    const other = await post({ ...SPEC, displayName: 'other' }).expect(409);
    expect(other.body.code).toBe('IdempotencyKeyReused');
    expect(sut.blobs.names(container).join()).not.toContain('k-1');
  });

  it('gives every posted job without a key a name of its own', async () => {
    const [a, b] = await Promise.all([sut.http.post(JOBS).send(SPEC), sut.http.post(JOBS).send(SPEC)]);
    expect(a.status).toBe(201);
    expect(a.body.job).not.toBe(b.body.job);
  });

  it('does not use up an Idempotency-Key with a body that is refused', async () => {
    const post = (body: object) => sut.http.post(JOBS).set('Idempotency-Key', 'k').send(body);
    await post({ ...SPEC, pool: { cluster: 'none' } }).expect(422);
    await post(SPEC).expect(201);
  });

  it('puts the flat paths into the default workspace and experiment', async () => {
    const answer = await sut.http.put('/v1/jobs/j1').send(SPEC).expect(201);
    expect(answer.body).toMatchObject({ workspace: 'migrated-local', experiment: 'migrated' });
    await sut.http.get('/v1/workspaces/migrated-local/experiments/migrated/jobs/j1').expect(200);
  });

  it('knows a job that has no row yet from its workflow, and corrects a row its workflow left behind', async () => {
    const facts = { displayName: 'One', labels: { team: 'aero' } };
    await put({ ...SPEC, ...facts }).expect(201);
    expect((await sut.http.get(`${JOBS}/j1`).expect(200)).body).toMatchObject({ ...facts, state: 'queued' });
    const old = new Date(Date.now() - 3_600_000).toISOString();
    await sut.catalogue.putJob({ ...[...sut.catalogue.jobs.values()][0]!, state: 'running', updatedTime: old });
    sut.workflows.end(jobWorkflowId(KEY), 'terminated');
    const answer = await sut.http.get(`${JOBS}/j1`).expect(200);
    expect(answer.body).toMatchObject({ state: 'failed', error: { code: 'Terminated' } });
    expect(answer.body.error.message).toContain('Redrive the job');
  });

  it('lists by pages', async () => {
    await sut.catalogue.putJob(await jobInState(sut, { state: 'running' }));
    await sut.catalogue.putJob({ ...(await jobInState(sut, { state: 'running' })), job: 'j2' });
    const page = await sut.http.get(`${JOBS}?pageSize=1&state=running`).expect(200);
    expect(page.body.value).toHaveLength(1);
    const next = new URL(page.body.nextLink);
    const last = await sut.http.get(next.pathname + next.search).expect(200);
    expect(last.body.value.map(({ job }: { job: string }) => job)).toEqual(['j2']);
    expect(last.body.nextLink).toBeUndefined();
  });

  describe(':cancel', () => {
    const cancel = () => sut.http.post(`${JOBS}/j1:cancel`);

    it('asks the workflow to end, as often as it is called', async () => {
      await put();
      await cancel().expect(202);
      await sut.http.post(`${JOBS}/j1%3Acancel`).expect(202);
      expect(sut.workflows.cancelled).toEqual([jobWorkflowId(KEY), jobWorkflowId(KEY)]);
    });

    it.each([
      ['cancelled', 202],
      ['succeeded', 409],
      ['failed', 409],
    ] as const)('answers a job that is %s with %d', async (state, status) => {
      await jobInState(sut, { state });
      const answer = await cancel().expect(status);
      if (status === 409) expect(answer.body).toMatchObject({ code: 'JobNotActive', state });
      expect(sut.workflows.cancelled).toEqual([]);
    });

    it('is not to be had by the route it is matched with, nor for unknown jobs', async () => {
      await cancel().expect(404);
      await put();
      await sut.http.post(`${JOBS}/j1/~cancel`).expect(404);
      await sut.http.post(`${JOBS}/j1:explode`).expect(404);
    });
  });

  describe(':pause and :resume', () => {
    const post = (action: string, body?: object) => sut.http.post(`${JOBS}/j1:${action}`).send(body);

    it('tell the workflow, as often as they are called; running tasks end, unless they are to be put back', async () => {
      await put();
      await post('pause').expect(202);
      await post('pause', {}).expect(202);
      await post('pause', { running: 'requeue' }).expect(202);
      await post('resume').expect(202);
      const id = jobWorkflowId(KEY);
      expect(sut.workflows.updates).toEqual([
        { id, name: 'pause', arg: { running: 'wait' } },
        { id, name: 'pause', arg: { running: 'wait' } },
        { id, name: 'pause', arg: { running: 'requeue' } },
        { id, name: 'resume' },
      ]);
    });

    it('refuse what they do not know, jobs that have ended, and jobs that are ending', async () => {
      await put();
      expect((await post('pause', { running: 'kill' }).expect(400)).body.errors[0].path).toBe('$.running');
      sut.workflows.failures = [new UpdateRefusedError("Job 'j1' has ended, or is about to.")];
      expect((await post('pause').expect(409)).body.code).toBe('JobNotActive');
      await jobInState(sut, { state: 'failed' });
      for (const action of ['pause', 'resume']) {
        expect((await post(action).expect(409)).body).toMatchObject({ code: 'JobNotActive', state: 'failed' });
      }
    });
  });

  describe('a change', () => {
    const patch = (execution: object) => sut.http.patch(`${JOBS}/j1`).send({ execution });

    it('goes to the workflow as it is', async () => {
      await put();
      const change = { maxParallelTasks: 3, priority: 'low', deadline: '2999-01-01T00:00:00Z' };
      await patch(change).expect(200);
      expect(sut.workflows.updates).toEqual([{ id: jobWorkflowId(KEY), name: 'change', arg: change }]);
    });

    it.each([
      [{}, '$.execution'],
      [{ maxParallelTasks: 0 }, '$.execution.maxParallelTasks'],
      [{ retryRules: [] }, '$.execution.retryRules'],
      [{ deadline: '2020-01-01T00:00:00Z' }, '$.execution.deadline'],
      [{ deadline: '2999-01-01T00:00:00' }, '$.execution.deadline'],
    ])('is refused: %j', async (change, path) => {
      await put();
      expect((await patch(change).expect(400)).body.errors).toMatchObject([{ path }]);
      expect(sut.workflows.updates).toEqual([]);
    });

    it('is refused for a job that has ended', async () => {
      await jobInState(sut, { state: 'succeeded' });
      expect((await patch({ priority: 'low' }).expect(409)).body.code).toBe('JobNotActive');
    });
  });

  it('refuses a deadline that has passed, unless it is that of a job which is there', async () => {
    const spec = { ...SPEC, execution: { deadline: new Date(Date.now() + 3_600_000).toISOString() } };
    await put(spec).expect(201);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000);
    try {
      await put(spec).expect(200);
      const other = await sut.http.put(`${JOBS}/j2`).send(spec).expect(422);
      expect(other.body).toMatchObject({ code: 'DeadlinePassed', errors: [{ path: '$.execution.deadline' }] });
    } finally {
      clock.mockRestore();
    }
  });

  describe(':plan', () => {
    const plan = () => sut.http.post('/v1/jobs:plan').send({ ...SPEC, maxItems: 3 });
    const result = {
      items: 3,
      tasks: 3,
      slotsPerNode: 1,
      requiredSlots: 1,
      nodesNeeded: 3,
      maxNodes: 1,
      sample: [],
      program: [],
      sources: [],
    };

    it('answers figures and warnings, and creates no job', async () => {
      sut.workflows.planned = result;
      const answer = await plan().expect(200);
      expect(answer.body).toMatchObject({
        slots: { perTask: 1, perNode: 1, total: 3 },
        nodes: { min: 0, max: 1, needed: 3 },
      });
      expect(answer.body.warnings).toHaveLength(2);
      expect(sut.workflows.started).toEqual([]);
    });

    it('points at what makes the job impossible', async () => {
      sut.workflows.failures = [new PlanRefusedError('no items', 'NoItems', '$.input')];
      const answer = await plan().expect(422);
      expect(answer.body).toMatchObject({ code: 'NoItems', errors: [{ path: '$.input' }] });
    });

    it('answers 504 when it takes too long', async () => {
      sut.workflows.failures = [new PlanTimeoutError('slow')];
      expect((await plan().expect(504)).body.code).toBe('PlanTimeout');
    });
  });

  it('hashes equal values equally', () => {
    expect(fingerprint({ a: 1, b: { c: [1, undefined], d: undefined } })).toBe(
      fingerprint({ b: { c: [1, null] }, a: 1 }),
    );
    expect(fingerprint({ a: '1' })).not.toBe(fingerprint({ a: 1 }));
  });
});
