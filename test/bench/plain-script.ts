/** The fan-out as somebody would write it without Windrow, with the client that npm gives for Azure Batch. */
import { BatchServiceClient, BatchSharedKeyCredentials } from '@azure/batch';
import type { BatchServiceModels } from '@azure/batch';
import type { BatchAccess } from '@windrow/local-stack';
import { poll } from './timing';

const TASKS_PER_CALL = 100;
const PARALLEL_CALLS = 4;
const LIMIT_MS = 3_600_000;

export interface PlainRun {
  id: string;
  pollMs: number;
  vmSize: string;
  nodes: number;
  tasks: number;
  commandLine: string;
  environment: Record<string, string>;
}

export function plainClient({ account, key, endpoint }: BatchAccess): BatchServiceClient {
  return new BatchServiceClient(new BatchSharedKeyCredentials(account, key), endpoint);
}

/** Pool, nodes, job, tasks, end of the tasks. */
export async function runPlain(client: BatchServiceClient, run: PlainRun): Promise<void> {
  await client.pool.add({
    id: run.id,
    vmSize: run.vmSize,
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
      nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    },
    targetDedicatedNodes: run.nodes,
    taskSlotsPerNode: 1,
  });
  await poll('the nodes', run.pollMs, LIMIT_MS, async () => {
    const counts = await client.account.listPoolNodeCounts({
      accountListPoolNodeCountsOptions: { filter: `poolId eq '${run.id}'` },
    });
    return counts[0]?.dedicated?.idle === run.nodes ? true : undefined;
  });
  await client.job.add({ id: run.id, poolInfo: { poolId: run.id } });
  await addTasks(client, run);
  await poll('the tasks', run.pollMs, LIMIT_MS, async () => {
    const { taskCounts } = await client.job.getTaskCounts(run.id);
    if (taskCounts.failed > 0) throw new Error(`${taskCounts.failed} tasks of ${run.id} failed.`);
    return taskCounts.succeeded === run.tasks ? true : undefined;
  });
}

async function addTasks(client: BatchServiceClient, run: PlainRun): Promise<void> {
  const environmentSettings = Object.entries(run.environment).map(([name, value]) => ({ name, value }));
  let next = 0;
  const lane = async () => {
    while (next < run.tasks) {
      const from = next;
      next += TASKS_PER_CALL;
      const tasks: BatchServiceModels.TaskAddParameter[] = [];
      for (let index = from; index < Math.min(run.tasks, from + TASKS_PER_CALL); index++)
        tasks.push({ id: String(index).padStart(8, '0'), commandLine: run.commandLine, environmentSettings });
      const added = await client.task.addCollection(run.id, tasks);
      const refused = added.value?.find(({ status }) => status !== 'success');
      if (refused) throw new Error(`Task ${refused.taskId} was refused: ${JSON.stringify(refused.error)}`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_CALLS }, lane));
}

/** Not part of what is measured. */
export async function cleanUpPlain(client: BatchServiceClient, { id }: PlainRun): Promise<void> {
  await client.job.deleteMethod(id);
  await client.pool.deleteMethod(id);
  await poll('the pool to be gone', 200, LIMIT_MS, async () =>
    (await client.pool.exists(id)).body ? undefined : true,
  );
}
