import {
  type JobRow,
  type JobSpec,
  jobPaths,
  jobWorkflowId,
  leftoverMarker,
  workspaceContainer,
} from '@windrow/contract';
import { DependencyUnavailableError } from '../common/errors';
import { jobInState, JOBS, KEY, SPEC, startApi } from '../testing/start-api';

describe(':redrive', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const container = workspaceContainer(KEY.workspace);
  const counts = { total: 10, pending: 2, active: 0, running: 0, succeeded: 5, failed: 3 };
  const failures = [{ category: 'exitCode', code: 'F', exitCode: 3, count: 3, examples: [] }] as JobRow['failures'];
  const usage = { dedicatedNodeSeconds: 3600, spotNodeSeconds: 3600, updatedTime: '2026-01-01T00:00:00Z' };
  const post = (body?: object) => sut.http.post(`${JOBS}/j1:redrive`).send(body);

  /** A job that has failed, planned and staged, whose workflow is closed. */
  async function ended(change: Partial<JobRow> = {}, spec: Partial<JobSpec> = {}): Promise<JobRow> {
    const endTime = new Date().toISOString();
    const row = await jobInState(sut, { state: 'failed', counts, failures, nodeSeconds: 7, endTime, ...change });
    sut.blobs.put(container, jobPaths('u1').spec, JSON.stringify({ ...SPEC, ...spec }));
    sut.blobs.put(container, jobPaths('u1').plan, '{}');
    sut.blobs.put(container, leftoverMarker('u1'), '');
    return row;
  }

  it('keeps the request, shows the job as queued, and starts another run under the same name and uid', async () => {
    const row = await ended({ redrives: 1, usage });
    const body = { filter: { exitCodes: [3] }, task: { timeout: 'PT2H' }, execution: { budget: { nodeHours: 9 } } };
    const answer = await post(body).expect(202);
    expect(answer.body).toMatchObject({ state: 'queued', redrives: 2, counts, uid: 'u1' });
    for (const gone of ['endTime', 'error', 'startTime']) expect(answer.body[gone]).toBeUndefined();
    const [{ id, input }] = sut.workflows.started as [{ id: string; input: object }];
    expect(id).toBe(jobWorkflowId(KEY));
    const before = { counts, nodeSeconds: 7, usage };
    const redrive = { id: expect.any(String), number: 2, automatic: 0, before, ended: { state: 'failed' } };
    expect(input).toEqual({ ...KEY, uid: 'u1', createdTime: row.createdTime, redrive });
    const request = (input as { redrive: { id: string } }).redrive.id;
    expect(await sut.blobs.readJson(container, jobPaths('u1').redrive(request))).toEqual(body);
    expect((await sut.http.get(`${JOBS}/j1`).expect(200)).body).toMatchObject({ state: 'queued', redrives: 2 });
    expect((await post().expect(409)).body.code).toBe('JobActive');
  });

  it('can be asked for again after a crash before the start', async () => {
    await ended();
    sut.workflows.failures = [new DependencyUnavailableError('Temporal')];
    await post().expect(503);
    expect((await post().expect(202)).body).toMatchObject({ redrives: 2 });
  });

  it.each<[string, Partial<JobRow>, Partial<JobSpec>, object, number, string]>([
    ['all has succeeded', { counts: { ...counts, succeeded: 10 } }, {}, {}, 409, 'NothingToRedrive'],
    ['the filter matches no cause', {}, {}, { filter: { exitCodes: [4] } }, 409, 'NothingToRedrive'],
    ['the filter begins above the tasks', {}, {}, { filter: { tasks: '10-' } }, 409, 'NothingToRedrive'],
    ['the budget is used up', { usage }, { execution: { budget: { nodeHours: 2 } } }, {}, 409, 'BudgetUsedUp'],
    [
      'the retention is over',
      { endTime: '2026-01-01T00:00:00Z' },
      { cleanup: { retention: 'PT1H' } },
      {},
      410,
      'RetentionOver',
    ],
    ['the deadline has passed', {}, { execution: { deadline: '2026-01-01T00:00:00Z' } }, {}, 422, 'DeadlinePassed'],
    ['tasks no longer fit a node', {}, {}, { task: { requiredSlots: 2 } }, 422, 'TooManySlots'],
    ['links cannot live that long', {}, {}, { task: { timeout: 'P7D' } }, 422, 'TooLong'],
    ['the job has a cluster', {}, { pool: { cluster: 'c' } }, { pool: { slotsPerNode: 2 } }, 422, 'NotApplicable'],
    ['the job does not reduce', {}, {}, { gather: { commandLine: 'x' } }, 422, 'NotApplicable'],
    ['the cluster is gone', {}, { pool: { cluster: 'c' } }, {}, 422, 'ClusterNotFound'],
    ['fields are unknown', {}, {}, { task: { program: [] } }, 400, 'InvalidRequest'],
    ['ranges cannot be read', {}, {}, { filter: { tasks: '9-1' } }, 400, 'InvalidRequest'],
  ])('is refused when %s', async (_, row, spec, body, status, code) => {
    await ended(row, spec);
    expect((await post(body).expect(status)).body.code).toBe(code);
    expect(sut.workflows.started).toEqual([]);
    expect((await sut.http.get(`${JOBS}/j1`)).body.state).toBe('failed');
  });

  it('is refused when the tasks were never planned, and when what was staged is gone, unless it is kept', async () => {
    await ended();
    sut.blobs.containers.get(container)!.delete(jobPaths('u1').plan);
    expect((await post().expect(409)).body.code).toBe('NotPlanned');
    await ended();
    sut.blobs.containers.get(container)!.delete(leftoverMarker('u1'));
    expect((await post().expect(410)).body.code).toBe('StagedInputsGone');
    await ended({}, { cleanup: { staged: 'keep' } });
    sut.blobs.containers.get(container)!.delete(leftoverMarker('u1'));
    await post().expect(202);
  });

  it('runs a gather that failed, with nothing else to run and nothing staged any more', async () => {
    const error = { code: 'GatherFailed', message: 'no' };
    await ended({ counts: { ...counts, succeeded: 10 }, error }, { gather: { kind: 'reduce', commandLine: 'x' } });
    sut.blobs.containers.get(container)!.delete(leftoverMarker('u1'));
    await post({ gather: { commandLine: 'y' } }).expect(202);
  });

  it('takes a change that makes the job possible again', async () => {
    await ended({ usage }, { execution: { budget: { nodeHours: 2 }, deadline: '2026-01-01T00:00:00Z' } });
    const execution = { budget: { nodeHours: 3 }, deadline: '2100-01-01T00:00:00Z' };
    await post({ task: { requiredSlots: 2 }, pool: { slotsPerNode: 2 }, execution }).expect(202);
  });
});
