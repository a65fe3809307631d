/** The deletion of a workspace and of an experiment, on a real Temporal with the activities of each test. */
import { deletionWorkflowId, FailureType, TaskQueue, WorkflowType } from '@windrow/contract';
import type { DeletionInput, DeletionProgress } from '@windrow/contract';
import { failing, firstFailing } from './steps';
import { TemporalLab } from './temporal-lab';
import type { Steps } from './temporal-lab';

let lab: TemporalLab;
beforeAll(async () => {
  lab = await TemporalLab.start();
});
afterAll(() => lab.stop());

const none = { removed: 0, more: false };

async function start(input: DeletionInput, steps: Steps) {
  const workflowId = deletionWorkflowId(input);
  const calls = lab.script(workflowId, steps);
  const options = { workflowId, taskQueue: TaskQueue.control, args: [input] };
  const handle = await lab.client.workflow.start(WorkflowType.deletion, options);
  return { calls, handle, result: handle.result() as Promise<DeletionProgress> };
}

it('a workspace loses its jobs before its clusters, and goes last itself', async () => {
  const rounds = [['a', 'b'], ['late'], []];
  const { calls, result } = await start(
    { kind: 'workspace', workspace: 'whole' },
    {
      listExperiments: () => ({ experiments: rounds.shift() }),
      deleteJobs: ({ experiment }: { experiment: string }) => ({ removed: experiment === 'a' ? 7 : 1, more: false }),
      deleteClusters: () => ({ removed: 2 }),
      deleteApplications: firstFailing(1, FailureType.unavailable, () => ({ removed: 1 })),
    },
  );
  expect(await result).toEqual({ jobs: 9, experiments: 3, clusters: 2 });
  expect(calls.map(({ name, input }) => [name, input.experiment ?? ''].join(' ').trim())).toEqual([
    ...['deleteSchedules', 'listExperiments', 'cancelJobs a', 'cancelJobs b'],
    ...['deleteJobs a', 'deleteExperiment a', 'deleteJobs b', 'deleteExperiment b'],
    ...['listExperiments', 'cancelJobs late', 'deleteJobs late', 'deleteExperiment late', 'listExperiments'],
    ...['deleteClusters', 'deleteApplications', 'deleteApplications', 'deleteWorkspace'],
  ]);
});

it('a hundred thousand jobs and bad weather take several short runs', async () => {
  let left = 100;
  const { calls, handle, result } = await start(
    { kind: 'experiment', workspace: 'many', experiment: 'e' },
    {
      deleteJobs: firstFailing(1, FailureType.unavailable, () => ({ removed: 1000, more: --left > 0 })),
      deleteExperiment: firstFailing(1, FailureType.unavailable, () => undefined),
    },
  );
  expect(await result).toEqual({ jobs: 100_000, experiments: 1, clusters: 0 });
  const { historyLength, runId } = await lab.client.workflow.getHandle(handle.workflowId).describe();
  expect(runId).not.toBe(handle.firstExecutionRunId);
  expect(historyLength).toBeLessThan(500);
  expect(calls.filter(({ name }) => name === 'deleteExperiment').map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(calls.filter(({ name }) => name === 'markDeletionFailed')).toEqual([]);
});

it('a deletion that is refused for good says so, and asking again begins anew', async () => {
  const input = { kind: 'experiment', workspace: 'refused', experiment: 'e' } as const;
  const first = await start(input, { deleteJobs: failing(FailureType.refused) });
  await expect(first.result).rejects.toMatchObject({ cause: { cause: { type: FailureType.refused } } });
  expect(first.calls.at(-1)).toMatchObject({
    name: 'markDeletionFailed',
    input: { place: { kind: 'experiment', scope: ['refused'], name: 'e' } },
  });
  const again = await start(input, { deleteJobs: () => none });
  expect(await again.result).toMatchObject({ experiments: 1 });
});

it('an application that Batch lets nobody delete can be deleted again', async () => {
  const input = { kind: 'application', workspace: 'w', application: 'solver' } as const;
  const first = await start(input, { deleteApplication: failing(FailureType.refused) });
  await expect(first.result).rejects.toMatchObject({ cause: { cause: { type: FailureType.refused } } });
  const place = { kind: 'application', scope: ['w'], name: 'solver' };
  expect(first.calls.at(-1)).toMatchObject({ name: 'markDeletionFailed', input: { place } });
  const again = await start(input, { deleteApplication: firstFailing(1, FailureType.unavailable, () => undefined) });
  await again.result;
  expect(again.calls.slice(-2).map(({ name, input: { application } }) => [name, application])).toEqual([
    ['deleteApplication', 'solver'],
    ['deleteApplication', 'solver'],
  ]);
});
