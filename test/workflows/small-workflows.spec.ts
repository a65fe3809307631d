import { ApplicationFailure } from '@temporalio/common';
import { FailureType, TaskQueue, WorkflowType } from '@windrow/contract';
import type { SweeperReport } from '@windrow/contract';
import { failing, firstFailing } from './steps';
import { TemporalLab } from './temporal-lab';
import type { Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

let number = 0;

async function start(type: string, input: object, steps: Steps) {
  const workflowId = `small-${++number}`;
  const calls = lab.script(workflowId, steps);
  return {
    calls,
    result: lab.client.workflow.execute(type, { workflowId, taskQueue: TaskQueue.control, args: [input] }),
  };
}

const job = { workspace: 'w', experiment: 'e', job: 'j', uid: 'u', createdTime: '2026-01-01T00:00:00Z' };

describe('the dry run', () => {
  it('answers the plan', async () => {
    const { result } = await start(WorkflowType.plan, job, { planDryRun: () => ({ tasks: 7 }) });
    expect(await result).toEqual({ tasks: 7 });
  });

  it('is not tried again: somebody waits for its answer', async () => {
    const { calls, result } = await start(WorkflowType.plan, job, { planDryRun: failing(FailureType.unavailable) });
    const cause = { cause: expect.objectContaining({ type: FailureType.unavailable }) };
    await expect(result).rejects.toMatchObject({ cause });
    expect(calls).toHaveLength(1);
  });
});

describe('a round of the sweeper', () => {
  const none = { deleted: 0, ids: [] };
  const report: SweeperReport = {
    examined: 3,
    batchJobs: { deleted: 1, ids: ['x'] },
    pools: none,
    staged: { ...none, blobs: 0 },
    corrected: none,
  };

  it('hands on its grace and reports what it deleted', async () => {
    const { calls, result } = await start(WorkflowType.sweeper, { graceMs: 5 }, { sweep: () => report });
    expect(await result).toEqual(report);
    expect(calls[0]!.input).toEqual({ graceMs: 5 });
  });

  it('goes on when Azure is unavailable, and fails when it is refused', async () => {
    const weather = { sweep: firstFailing(1, FailureType.unavailable, () => report) };
    expect(await (await start(WorkflowType.sweeper, { graceMs: 5 }, weather)).result).toEqual(report);
    const { result } = await start(WorkflowType.sweeper, { graceMs: 5 }, { sweep: failing(FailureType.refused) });
    await expect(result).rejects.toMatchObject({ cause: { cause: expect.any(ApplicationFailure) } });
  });
});
