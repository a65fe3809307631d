/** The sweeper: what has no living owner goes, what it did not create stays, and so does what a customer keeps. */
import { OWNER, ResourceTag } from '@windrow/contract';
import { shellJob, TestStack, waitFor } from '../support';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ env: { WINDROW_SWEEP_INTERVAL_SECONDS: '3600', WINDROW_SWEEP_GRACE_SECONDS: '1' } });
});

afterAll(() => stack.stop());

/** The grace is over for everything made before the last second. */
const sweep = () => stack.sweep();

const LONG = shellJob('sleep 600', { input: { kind: 'repeat', count: 2 } });
const ids = async (): Promise<string[]> => [...(await stack.batchJobIds()), ...(await stack.poolIds())];

it('deletes Batch job and pool of a job whose workflows were terminated, and leaves those of a living one', async () => {
  const orphan = await stack.submit('orphan', LONG);
  const living = await stack.submit('living', LONG);
  await waitFor('both to run', async () => (await stack.taskProcesses()).length >= 4);
  const owner = `${orphan.workspace}/${orphan.experiment}/orphan`;
  await stack.temporal.workflow.getHandle(`job:${owner}`).terminate('by hand');
  await stack.temporal.workflow.getHandle(`cluster:${orphan.workspace}/~${orphan.uid}`).terminate('by hand');
  const swept = new Set<string>();
  await waitFor('rounds that find both old enough', async () => {
    const { batchJobs, pools } = await sweep();
    for (const id of [...batchJobs.ids, ...pools.ids]) swept.add(id);
    return swept.size >= 2;
  });
  expect([...swept].sort()).toEqual([`windrow-${orphan.uid}-1`, `windrow-job-${orphan.uid}`].sort());
  await waitFor('them to be gone', async () => !(await ids()).some((id) => id.includes(orphan.uid)));
  expect((await ids()).filter((id) => id.includes(living.uid))).toHaveLength(2);
  await waitFor('the processes of the orphan to be gone', async () => (await stack.taskProcesses()).length === 2);
  await stack.call('POST', '/v1/jobs/living:cancel');
  await stack.expectNothingLeft(await stack.finished('living'));
});

it('never touches what another installation, or somebody else, made under a name like ours', async () => {
  const tagged = (deployment: string) => [
    { name: ResourceTag.owner, value: OWNER },
    { name: ResourceTag.deployment, value: deployment },
    { name: ResourceTag.workflowId, value: 'job:a/b/nobody' },
  ];
  await stack.batch.jobs.create({ id: 'windrow-foreign', poolInfo: { poolId: 'p' }, metadata: tagged('another') });
  await stack.batch.jobs.create({ id: 'windrow-untagged', poolInfo: { poolId: 'p' } });
  const report = await sweep();
  expect(report).toMatchObject({ batchJobs: { deleted: 0, ids: [] }, pools: { deleted: 0, ids: [] } });
  expect(await stack.batchJobIds()).toEqual(expect.arrayContaining(['windrow-foreign', 'windrow-untagged']));
});

it('leaves what a customer keeps', async () => {
  const job = await stack.run('kept', shellJob('true', { cleanup: { batchJob: 'keep', pool: 'keep' } }));
  const report = await sweep();
  expect(report).toMatchObject({ batchJobs: { deleted: 0 }, pools: { deleted: 0 } });
  expect((await ids()).filter((id) => id.includes(job.uid))).toHaveLength(2);
});
