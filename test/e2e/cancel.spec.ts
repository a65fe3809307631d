/** Cancel: within 30 seconds no process, no active Batch job, no pool; and the catalogue says so. */
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

const LIMIT_MS = 30_000;

it('ends a running job with all that it holds', async () => {
  const job = await stack.submit('long', shellJob('sleep 600 & sleep 600', { input: { kind: 'repeat', count: 12 } }));
  const pids = await waitFor('tasks to run', async () => {
    const list = await stack.taskProcesses();
    return list.length >= 2 && list;
  });
  const answer = await stack.call('POST', '/v1/jobs/long:cancel');
  expect(answer.status).toBe(202);
  const ended = await stack.finished('long', LIMIT_MS);
  expect(ended).toMatchObject({ state: 'cancelled', counts: { total: 12, succeeded: 0 } });
  await stack.expectNothingLeft(job);
  expect(await stack.taskProcesses()).toEqual([]);
  for (const pid of pids) expect(isAlive(pid)).toBe(false);
  const manifest = JSON.parse(await stack.readBlob(`jobs/${job.uid}/results/manifest.json`));
  expect(manifest).toMatchObject({ outcome: 'cancelled', counts: { total: 12 } });
  // What the kill ended has failed; only what never ran is pending.
  expect(manifest.counts.failed).toBeGreaterThanOrEqual(2);
  expect(manifest.counts.failed + manifest.counts.pending).toBe(12);
});

it('ends a job that waits in the queue of a full cluster, and frees its place', async () => {
  await stack.call('PUT', '/v1/clusters/small', { vmSizes: ['standard_d2s_v3'], nodes: { min: 0, max: 1 } });
  const pool = { cluster: 'small' };
  await stack.submit('holder', shellJob('sleep 600', { input: { kind: 'repeat', count: 1 }, pool }));
  await waitFor('the holder to run', async () => (await stack.job('holder')).counts.running === 1);
  await stack.submit('queued', shellJob('true', { input: { kind: 'repeat', count: 1 }, pool }));
  const waiting = await waitFor('the second job to wait', async () => (await stack.job('queued')).waiting);
  expect(waiting).toMatchObject({ code: 'ClusterFull', message: expect.stringContaining('small') });
  await stack.call('POST', '/v1/jobs/queued:cancel');
  expect(await stack.finished('queued', LIMIT_MS)).toMatchObject({ state: 'cancelled' });
  await waitFor(
    'its claim to be gone',
    async () => (await stack.call('GET', '/v1/clusters/small')).body.queued.length === 0,
  );
  await stack.call('POST', '/v1/jobs/holder:cancel');
  expect(await stack.finished('holder', LIMIT_MS)).toMatchObject({ state: 'cancelled' });
});

it('ends a job at its own time limit as a failure, and cleans up after it', async () => {
  const job = await stack.run('limited', shellJob('sleep 600', { execution: { timeout: 'PT3S' } }));
  expect(job).toMatchObject({ state: 'failed', error: { code: 'JobTimeout' } });
  await stack.expectNothingLeft(job);
});

it('says that a job which ended cannot be cancelled', async () => {
  await stack.run('over', shellJob('true'));
  const answer = await stack.call('POST', '/v1/jobs/over:cancel');
  expect(answer).toMatchObject({ status: 409, body: { code: expect.any(String) } });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
