/** A run of a schedule, on a real Temporal with the activities of each test. */
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { FailureType, TaskQueue, WorkflowType } from '@windrow/contract';
import { waitFor } from '../support';
import { failing, firstFailing, untilCancelled } from './steps';
import { TemporalLab } from './temporal-lab';
import type { Call, Steps } from './temporal-lab';

const INPUT = { workspace: 'w', schedule: 's', uid: 'u' };
const BEGUN: Steps = {
  beginScheduledRun: () => ({ run: 'r' }),
  createScheduledJob: () => ({ job: 'j' }),
  awaitScheduledJob: () => ({ state: 'succeeded', job: 'j' }),
};

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

let second = 10;

async function start(steps: Steps, ...run: string[]) {
  const workflowId = `run:w/s-2027-01-15T02:00:${++second}Z`;
  const calls = lab.script(workflowId, { ...BEGUN, ...steps });
  const options = { workflowId, taskQueue: TaskQueue.control, args: [INPUT, ...run] };
  const handle = await lab.client.workflow.start(WorkflowType.scheduledRun, options);
  return { calls, handle, result: handle.result() };
}
const names = (calls: Call[]) => calls.map(({ name }) => name);
const endOf = (calls: Call[]) => calls.find(({ name }) => name === 'endScheduledRun')?.input.end;

it('makes the job of the time in its id, waits for it, and notes its end', async () => {
  const { calls, result, handle } = await start({});
  expect(await result).toEqual({ state: 'succeeded', job: 'j' });
  expect(names(calls)).toEqual(['beginScheduledRun', 'createScheduledJob', 'awaitScheduledJob', 'endScheduledRun']);
  expect(calls[0]!.input).toEqual({ ...INPUT, time: handle.workflowId.slice(-20) });
  expect(calls[3]!.input).toEqual({ ...INPUT, run: 'r', end: { state: 'succeeded', job: 'j' } });
});

it('of something that arrived goes by its name', async () => {
  const { calls, result } = await start({}, 'arrived');
  await result;
  expect(calls[0]!.input).toEqual({ ...INPUT, run: 'arrived' });
});

it('makes nothing of a time that has run', async () => {
  const { calls, result } = await start({ beginScheduledRun: () => ({ end: { state: 'failed' } }) });
  expect(await result).toEqual({ state: 'failed' });
  expect(names(calls)).toEqual(['beginScheduledRun']);
});

it('goes on in bad weather, and makes the job by the same record', async () => {
  const bad = firstFailing(1, FailureType.unavailable, () => ({ job: 'j' }));
  const { calls, result } = await start({ createScheduledJob: bad });
  expect(await result).toMatchObject({ state: 'succeeded' });
  const made = calls.filter(({ name }) => name === 'createScheduledJob');
  expect(made.map(({ attempt, input }) => [attempt, input.run])).toEqual([
    [1, 'r'],
    [2, 'r'],
  ]);
});

it('fails as its job does, in words that name the job', async () => {
  const end = { state: 'failed', job: 'j', error: { code: 'ToleranceExceeded', message: 'too many' } };
  const { calls, result } = await start({ awaitScheduledJob: () => end });
  await expect(result).rejects.toMatchObject({ cause: { type: 'ToleranceExceeded', message: "Job 'j': too many" } });
  expect(endOf(calls)).toEqual(end);
});

it('fails when no job can be made, and says why', async () => {
  const { calls, result } = await start({ createScheduledJob: failing(FailureType.invalidJob, 'no such name') });
  await expect(result).rejects.toBeInstanceOf(WorkflowFailedError);
  expect(endOf(calls)).toEqual({ state: 'failed', error: { code: FailureType.invalidJob, message: 'no such name' } });
});

it('cancels its job when it is cancelled, and waits for the end of it', async () => {
  let waits = 0;
  const ended = { state: 'cancelled', job: 'j' };
  const { calls, handle, result } = await start({
    awaitScheduledJob: () => (++waits === 1 ? untilCancelled() : ended),
  });
  await waitFor('the wait', () => names(calls).includes('awaitScheduledJob'));
  await handle.cancel();
  await expect(result).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
  expect(names(calls).slice(2)).toEqual([
    ...['awaitScheduledJob', 'cancelScheduledJob', 'awaitScheduledJob', 'endScheduledRun'],
  ]);
  expect(endOf(calls)).toEqual(ended);
});
