/** Schedules on the real stack: one job for each time, whatever is asked twice or dies in between. */
import type { JobRow, JobSpec, RunState } from '@windrow/contract';
import { jobPaths, SearchAttribute, WorkflowType } from '@windrow/contract';
import { shellJob, TestStack, waitFor, WORKSPACE } from '../support';

interface Run {
  scheduledTime: string;
  state: RunState;
  job: string;
  jobUrl: string;
  trigger: { kind: string; group?: string; blob?: string };
  error?: { message: string };
}

const PATH = `/v1/workspaces/${WORKSPACE}/schedules`;
/** Far away: such schedules run by being asked to. */
const YEARLY = { cron: ['0 0 1 1 *'] };

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  const cluster = { vmSizes: ['standard_d2s_v3'], nodes: { min: 1, max: 1 }, slotsPerNode: 8 };
  expect((await stack.call('PUT', '/v1/clusters/shared', cluster)).status).toBe(201);
});
afterAll(() => stack.stop());

const job = (command: string, environment: Record<string, string> = {}): JobSpec =>
  shellJob('', {
    input: { kind: 'repeat', count: 1 },
    pool: { cluster: 'shared' },
    task: { commandLine: `/bin/sh -c '${command}'`, environment, outputs: [{ pattern: 'out/**', when: 'success' }] },
  });

async function create(name: string, body: object) {
  const answer = await stack.call('PUT', `${PATH}/${name}`, body);
  expect([answer.status, answer.body.code]).toEqual([201, undefined]);
  return answer.body;
}
const act = (name: string, action: string, body?: object) => stack.call('POST', `${PATH}/${name}:${action}`, body);
const show = async (name: string) => (await stack.call('GET', `${PATH}/${name}`)).body;
const runs = async (name: string): Promise<Run[]> => (await stack.call('GET', `${PATH}/${name}/runs`)).body.value;
const runsWhen = (name: string, test: (found: Run[]) => boolean) =>
  waitFor(`runs of ${name}`, async () => {
    const found = await runs(name);
    return test(found) && found;
  });
const jobsOf = async (name: string): Promise<JobRow[]> =>
  (await stack.call('GET', '/v1/jobs?pageSize=1000')).body.value.filter((row: JobRow) =>
    row.job.startsWith(`${name}-`),
  );
const spec = async ({ jobUrl }: Run): Promise<JobSpec> => {
  const { uid } = (await stack.call('GET', jobUrl)).body;
  return JSON.parse(await stack.readBlob(jobPaths(uid).spec));
};

it('an interval makes jobs whose windows touch, and no more than it may', async () => {
  await create('ticks', {
    spec: { interval: { every: 'PT3S' } },
    overlap: 'allowAll',
    limitedRuns: 3,
    job: job('true', { FROM: '{{schedule.windowStart}}', TO: '{{schedule.windowEnd}}' }),
  });
  const found = await runsWhen('ticks', (all) => all.length === 3 && all.every(({ state }) => state === 'succeeded'));
  const windows = await Promise.all(found.map(async (run) => (await spec(run)).task.environment!));
  expect(windows.map(({ TO }) => TO)).toEqual(found.map(({ scheduledTime }) => scheduledTime));
  expect(windows.slice(0, -1).map(({ FROM }) => FROM)).toEqual(windows.slice(1).map(({ TO }) => TO));
  const shown = await show('ticks');
  expect(shown).toMatchObject({ paused: false, remainingRuns: 0, next: [], lastRun: found[0], counts: { started: 3 } });
  expect(await jobsOf('ticks')).toHaveLength(3);
});

it('a backfill makes one job for each time, and again makes none', async () => {
  await create('filled', { spec: { cron: ['0 6 * * *'], timeZone: 'Europe/Berlin' }, job: job('true') });
  const range = { from: '2026-03-28T00:00:00Z', to: '2026-03-30T12:00:00Z', overlap: 'allowAll' };
  expect((await act('filled', 'backfill', range)).body).toEqual({ runs: 3 });
  const found = await runsWhen('filled', (all) => all.length === 3 && all.every(({ state }) => state === 'succeeded'));
  expect(found.map((run) => run.job)).toEqual([
    'filled-20260330T040000Z',
    'filled-20260329T040000Z',
    'filled-20260328T050000Z',
  ]);
  await act('filled', 'backfill', range);
  const { job: next } = (await act('filled', 'trigger', { time: '2026-03-27T05:00:00.5Z' })).body;
  await runsWhen('filled', (all) => all.some((run) => run.job === next && run.state === 'succeeded'));
  const query = `WorkflowType = '${WorkflowType.scheduledRun}' AND ExecutionStatus = 'Running'`;
  await waitFor('all runs to end', async () => (await stack.temporal.workflow.count(query)).count === 0);
  const uids = (await jobsOf('filled')).map(({ uid }) => uid);
  expect(uids).toHaveLength(4);
  expect((await runs('filled')).slice(0, 3)).toEqual(found);
  const tooMany = await act('filled', 'backfill', { from: '2020-01-01T00:00:00Z', to: '2025-12-31T00:00:00Z' });
  expect([tooMany.status, tooMany.body.errors[0].message]).toEqual([422, expect.stringContaining('2191')]);
});

it('skip leaves a time out while a job runs, and cancelOther ends that job first', async () => {
  await create('busy', { spec: YEARLY, job: job('sleep 300') });
  await act('busy', 'trigger', { time: '2026-01-01T00:00:01Z', overlap: 'skip' });
  const [first] = await runsWhen('busy', ([run]) => run?.state === 'running');
  await act('busy', 'trigger', { time: '2026-01-01T00:00:02Z', overlap: 'skip' });
  await waitFor('the skipped time', async () => (await show('busy')).counts.skippedByOverlap === 1);
  expect(await runs('busy')).toHaveLength(1);
  await act('busy', 'trigger', { time: '2026-01-01T00:00:03Z', overlap: 'cancelOther' });
  const [second, ended] = await runsWhen('busy', (all) => all.length === 2 && all[0]!.state === 'running');
  expect(ended).toMatchObject({ job: first!.job, state: 'cancelled' });
  expect((await stack.call('GET', ended!.jobUrl)).body.state).toBe('cancelled');
  await stack.call('POST', `/v1/jobs/${second!.job}:cancel`);
  await runsWhen('busy', (all) => all.every(({ state }) => state === 'cancelled'));
});

it('pauses with a note, and after a failure with one that names the job; deletion leaves the jobs', async () => {
  await create('fragile', { spec: YEARLY, pauseOnFailure: true, job: job('exit 3') });
  expect((await act('fragile', 'pause', { note: 'storage moves' })).body).toMatchObject({
    paused: true,
    note: 'storage moves',
  });
  expect((await act('fragile', 'resume')).body.paused).toBe(false);
  const { job: name } = (await act('fragile', 'trigger')).body;
  const shown = await waitFor('the pause', async () => {
    const now = await show('fragile');
    return now.paused && now;
  });
  expect(shown.note).toContain(name);
  expect(shown.lastRun).toMatchObject({ job: name, state: 'failed', error: { code: 'ToleranceExceeded' } });
  expect((await stack.call('DELETE', `${PATH}/fragile`)).status).toBe(202);
  await waitFor('it to be gone', async () => (await stack.call('GET', `${PATH}/fragile`)).status === 404);
  expect((await stack.job(name)).state).toBe('failed');
});

it('a worker that dies in the middle leaves one job for each time', async () => {
  await create('deadly', { spec: { cron: ['0 0 * * *'] }, job: job('true') });
  const times = { from: '2026-02-01T00:00:00Z', to: '2026-02-06T00:00:00Z', overlap: 'allowAll' };
  await act('deadly', 'backfill', times);
  for (let n = 0; n < 2; n += 1) {
    await waitFor('a run to be begun', async () => (await runs('deadly')).some(({ state }) => state !== 'succeeded'));
    await stack.stack.processes['worker']!.kill();
    await stack.stack.startWorker();
  }
  await act('deadly', 'backfill', times);
  const found = await runsWhen('deadly', (all) => all.length === 6 && all.every(({ state }) => state === 'succeeded'));
  const made = await jobsOf('deadly');
  expect(made.map(({ job: name }) => name).sort()).toEqual(found.map((run) => run.job).sort());
  const started = (await stack.listBlobs('jobs/')).filter((blob) => blob.endsWith('/plan/plan.json'));
  expect(started.filter((blob) => made.some(({ uid }) => blob.includes(uid)))).toHaveLength(6);
});

it('blobs that arrive make one job each, and groups of them one together', async () => {
  const name = `in/it's "a" $(b).csv`;
  await stack.upload('arriving', 'old.txt', 'x');
  const body = { container: 'arriving', settle: 'PT1S', every: 'PT10S' };
  await create('each', {
    spec: { blobArrival: { ...body, include: ['**/*.csv'] } },
    job: job('mkdir out; printf %s "$BLOB" > out/name', { BLOB: '{{trigger.blob}}' }),
  });
  await create('grouped', {
    spec: { blobArrival: { ...body, groupBy: 'sets/{group}/*' } },
    job: { ...job('true', { GROUP: '{{trigger.group}}' }) },
  });
  await stack.upload('arriving', name, 'x');
  for (const blob of ['sets/a/1', 'sets/a/2', 'sets/b/1']) await stack.upload('arriving', blob, 'x');
  const [run] = await runsWhen('each', ([one]) => one?.state === 'succeeded');
  expect(run!.trigger).toMatchObject({ kind: 'blob', blob: name });
  const { uid } = (await stack.call('GET', run!.jobUrl)).body as JobRow;
  const outputs = (await stack.listBlobs(jobPaths(uid).outputs)).filter((blob) => blob.endsWith('name'));
  expect(await stack.readBlob(outputs[0]!)).toBe(name);
  const groups = await runsWhen('grouped', (all) => all.length === 2 && all.every((one) => one.state === 'succeeded'));
  expect(groups.map(({ trigger }) => trigger.group).sort()).toEqual(['a', 'b']);
  // What was submitted is known by more than the list beside: without it nothing comes twice.
  for (const blob of await stack.listBlobs('schedules/')) await stack.deleteBlob(blob);
  await stack.upload('arriving', 'in/second.csv', 'y');
  await act('each', 'trigger');
  await runsWhen('each', (all) => all.length === 2 && all.every((one) => one.state === 'succeeded'));
  await act('grouped', 'trigger');
  const looks = `WorkflowType = '${WorkflowType.arrivalScan}' AND ${SearchAttribute.workspace} = '${WORKSPACE}' AND ExecutionStatus = 'Completed'`;
  const before = (await stack.temporal.workflow.count(looks)).count;
  await waitFor('two more looks', async () => (await stack.temporal.workflow.count(looks)).count >= before + 2);
  expect([(await jobsOf('each')).length, (await jobsOf('grouped')).length]).toEqual([2, 2]);
});
