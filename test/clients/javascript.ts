import { BatchServiceClient, BatchSharedKeyCredentials } from '@azure/batch';
import { IMAGE } from '../batch-conformance/fixtures';
import { until, type Target } from '../batch-conformance/target';
import type { Facts } from './facts';

/** The story told with @azure/batch from npm. */
export async function tellInJavaScript({ account, key, url }: Target, prefix: string): Promise<Facts> {
  const client = new BatchServiceClient(new BatchSharedKeyCredentials(account, key), url);
  const [poolId, jobId, scheduleId] = [`${prefix}-pool`, `${prefix}-job`, `${prefix}-schedule`];

  const steady = async (count: number): Promise<number> => {
    await until(async () => {
      const pool = await client.pool.get(poolId);
      return pool.allocationState === 'steady' && pool.currentDedicatedNodes === count;
    }, `${count} nodes`);
    return count;
  };
  const counts = async () => (await client.job.getTaskCounts(jobId)).taskCounts;

  await client.pool.add({
    id: poolId,
    vmSize: 'Standard_D2_v3',
    taskSlotsPerNode: 4,
    targetDedicatedNodes: 2,
    virtualMachineConfiguration: IMAGE,
  });
  const nodes = await steady(2);

  await client.job.add({ id: jobId, poolInfo: { poolId } });
  const tasks = Array.from({ length: 300 }, (_, index) => ({
    id: `task-${index + 1}`,
    commandLine: `/bin/sh -c 'echo hello from $AZ_BATCH_TASK_ID; exit ${(index + 1) % 100 === 0 ? 3 : 0}'`,
  }));
  let added = 0;
  for (let start = 0; start < tasks.length; start += 100) {
    const { value = [] } = await client.task.addCollection(jobId, tasks.slice(start, start + 100));
    added += value.filter(({ status }) => status === 'success').length;
  }
  const { succeeded, failed } = await until(async () => {
    const now = await counts();
    return now.completed === 300 && now;
  }, '300 tasks');
  const failures = await client.task.list(jobId, {
    taskListOptions: { filter: 'executionInfo/exitCode eq 3', select: 'id' },
  });
  let page = await client.task.list(jobId, { taskListOptions: { maxResults: 100 } });
  let listed = page.length;
  while (page.odatanextLink) {
    page = await client.task.listNext(page.odatanextLink);
    listed += page.length;
  }
  const stdout = await text((await client.file.getFromTask(jobId, 'task-7', 'stdout.txt')).readableStreamBody);

  await client.pool.resize(poolId, { targetDedicatedNodes: 4 });
  const resized = await steady(4);

  await client.jobSchedule.add({
    id: scheduleId,
    schedule: { recurrenceInterval: 'PT1H' },
    jobSpecification: { poolInfo: { poolId } },
  });
  const { executionInfo } = await client.jobSchedule.get(scheduleId);
  const jobsOfSchedule = (await client.job.listFromJobSchedule(scheduleId)).length;
  await client.jobSchedule.deleteMethod(scheduleId);

  const formula = '$TargetDedicatedNodes = min(1, $TaskSlotsPerNode);';
  await client.pool.enableAutoScale(poolId, { autoScaleFormula: formula, autoScaleEvaluationInterval: 'PT6M' });
  const run = await client.pool.evaluateAutoScale(poolId, '$TargetDedicatedNodes = 3;');
  const scaled = await steady(1);

  await client.job.deleteMethod(jobId);
  await client.pool.deleteMethod(poolId);
  await until(async () => !(await client.pool.exists(poolId)).body, 'the pool to be gone');
  return {
    nodes,
    added,
    succeeded,
    failed,
    failedIds: failures.map(({ id }) => id ?? '').sort(),
    listed,
    stdout,
    resized,
    scheduled: executionInfo?.recentJob?.id?.slice(prefix.length) ?? '',
    jobsOfSchedule,
    evaluated: run.results?.includes('$TargetDedicatedNodes=3') ?? false,
    scaled,
    gone: true,
  };
}

async function text(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  let all = '';
  for await (const chunk of stream ?? []) all += String(chunk);
  return all;
}
