/** kill -9 in mid-job: nothing is lost, nothing runs again without need, the ledger is exact. */
import type { JobRow, JobSpec } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
});

afterAll(() => stack.stop());

/** Each run of a task leaves a line in its node's shared folder, so that a second run cannot hide. */
const COUNTED =
  'echo ran >> "$AZ_BATCH_NODE_SHARED_DIR/runs-$WINDROW_TASK_INDEX"; sleep 0.2; mkdir out; wc -l < "$AZ_BATCH_NODE_SHARED_DIR/runs-$WINDROW_TASK_INDEX" > out/runs';
const TASKS = 60;

const halfDone = (name: string) =>
  waitFor(`some tasks of ${name} to succeed`, async () => {
    const { counts } = await stack.job(name);
    return counts.succeeded >= 5 && counts.succeeded < TASKS - 10;
  });

async function expectExact(job: JobRow): Promise<void> {
  expect(job).toMatchObject({ state: 'succeeded', counts: { total: TASKS, succeeded: TASKS, failed: 0 } });
  const indexes = (await stack.ledger(job)).map((entry) => entry.task);
  // The file may hold an attempt twice (it is written at least once); read by (task, attempt) it is exact.
  expect([...new Set(indexes)].sort((a, b) => a - b)).toEqual(Array.from({ length: TASKS }, (_, i) => i));
  const prefix = `jobs/${job.uid}/outputs/`;
  const runs = await Promise.all((await stack.listBlobs(prefix)).map((name) => stack.readBlob(name)));
  expect(runs).toHaveLength(TASKS);
  expect(runs.every((text) => text.trim() === '1')).toBe(true);
  await stack.expectNothingLeft(job);
}

const spec = () =>
  shellJob(COUNTED, {
    input: { kind: 'repeat', count: TASKS },
    pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, slotsPerNode: 4 },
  });

it('finishes a job whose worker is killed while tasks run', async () => {
  await stack.submit('worker-dies', spec());
  await halfDone('worker-dies');
  await stack.stack.processes.worker!.kill();
  await stack.stack.startWorker();
  await expectExact(await stack.finished('worker-dies'));
});

it('finishes a job whose worker is killed while it submits', async () => {
  const emulator = `${stack.stack.batch.endpoint}/emulator`;
  await stack.call('DELETE', `${emulator}/requests`);
  // Held at the door: the first attempt to add tasks cannot get through before the worker is dead.
  await stack.call('POST', `${emulator}/faults`, { operation: 'TaskAddCollection', status: 503, retryAfter: 1 });
  await stack.submit('dies-submitting', spec());
  await waitFor('a first attempt to add tasks', async () => {
    const { body } = await stack.call<Record<string, number>>('GET', `${emulator}/requests`);
    return (body.TaskAddCollection ?? 0) > 0;
  });
  await stack.stack.processes.worker!.kill();
  await stack.call('DELETE', `${emulator}/faults`);
  await stack.stack.startWorker();
  await expectExact(await stack.finished('dies-submitting'));
});

it('finishes a job whose worker is killed while it plans', async () => {
  await stack.upload('rows', 'many.jsonl', '{"n":1}\n'.repeat(2_000_000));
  const input: JobSpec['input'] = {
    kind: 'rows',
    container: 'rows',
    blobs: ['many.jsonl'],
    format: 'jsonl',
    rowsPerTask: 50_000,
  };
  await stack.submit('dies-planning', shellJob('test "$(wc -l < items.jsonl)" = 50000', { input }));
  await waitFor('the plan to begin', async () => (await stack.job('dies-planning')).progress?.unit === 'items');
  await stack.stack.processes.worker!.kill();
  await stack.stack.startWorker();
  const job = await stack.finished('dies-planning');
  expect(job).toMatchObject({ state: 'succeeded', items: 2_000_000, counts: { total: 40, succeeded: 40 } });
  await stack.expectNothingLeft(job);
});

it('finishes a job whose API is killed, and answers for it after the restart', async () => {
  await stack.submit('api-dies', spec());
  await halfDone('api-dies');
  await stack.stack.processes.api!.kill();
  await expect(stack.job('api-dies')).rejects.toThrow();
  await stack.stack.startApi();
  await expectExact(await stack.finished('api-dies'));
  const again = await stack.call('PUT', '/v1/jobs/api-dies', spec());
  expect(again.status).toBe(200);
});
