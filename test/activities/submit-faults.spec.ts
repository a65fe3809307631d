/** Activities that add and give back. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { batchJobId, FailureType, jobPaths, workspaceContainer } from '@windrow/contract';
import { ActivityLab, TASKS, upTo } from './activity-lab';

let lab: ActivityLab;
beforeAll(async () => {
  lab = await ActivityLab.start();
});
afterAll(() => lab.stop());
afterEach(() => lab.clearFaults());

describe('adding tasks', () => {
  it('goes on after it was throttled', async () => {
    const input = await lab.planned();
    await lab.order({ operation: 'TaskAddCollection', status: 429, retryAfter: 0, times: 2 });
    await lab.submit(input);
    expect(await lab.added(input)).toEqual(upTo(0, TASKS));
  });

  it.each(['JobAdd', 'TaskAddCollection'])(
    'takes what exists for done when the answer to %s is lost',
    async (operation) => {
      const input = await lab.planned();
      await lab.order({ kind: 'loseResponse', operation, times: 1 });
      await lab.submit(input);
      expect(await lab.added(input)).toEqual(upTo(0, TASKS));
    },
  );

  it('may be done twice', async () => {
    const input = await lab.planned();
    await lab.submit(input);
    await lab.submit(input);
    expect(await lab.added(input)).toEqual(upTo(0, TASKS));
  });

  it('goes on at the heartbeat of a worker that died', async () => {
    const input = await lab.planned();
    await lab.submit(input, { heartbeatDetails: 200 });
    expect(await lab.added(input)).toEqual(upTo(200, TASKS));
  });

  it('to a job that somebody ended fails for good, and says who did not', async () => {
    const input = await lab.planned();
    await lab.submit(input, { heartbeatDetails: TASKS });
    await lab.batch.jobs.terminate(batchJobId(input.uid, '1'), 'ByHand');
    const refused = lab.submit(input);
    await expect(refused).rejects.toMatchObject({ type: FailureType.refused, nonRetryable: true });
    await expect(refused).rejects.toThrow('was ended by somebody else (ByHand) while tasks were added to it');
  });
});

it('giving back what is gone already is no failure, also twice', async () => {
  const input = await lab.planned();
  for (let time = 0; time < 2; time++) {
    const run = new MockActivityEnvironment();
    await run.run(lab.activities.stopBatchJobs, { input, waves: ['1', 'r1'] });
    await run.run(lab.activities.deleteBatchJobs, { input, waves: ['1', 'r1'] });
    await run.run(lab.activities.deletePool, { poolId: 'never-was' });
    await run.run(lab.activities.settleStaged, { input, redrivable: false });
  }
  expect(await lab.storage.blobs.properties(workspaceContainer('w'), jobPaths(input.uid).spec)).toBeDefined();
});
