import type { ExecutionSpec, ImageSpec, JobSpec, PoolSpec, PoolTemplate, TaskSpec } from './spec';
import { isClusterReference } from './spec';

export const DEFAULT_TASK_TIMEOUT = 'P1D';
export const DEFAULT_JOB_TIMEOUT = 'P7D';
export const DEFAULT_FAN_IN = 100;
/** How long after its end a job can be redriven. */
export const DEFAULT_RETENTION = 'P30D';
/** Wait before a further attempt, of a retry rule that says nothing of it. */
export const DEFAULT_BACKOFF = { initial: 'PT30S', coefficient: 2, max: 'PT10M' };
/** Largest item that travels in `WINDROW_ITEM`; larger ones are staged in Blob. Bytes of JSON text. */
export const MAX_INLINE_ITEM_BYTES = 4096;
/** Largest `task.resultFile` that is carried into the results. Bytes. */
export const MAX_RESULT_BYTES = 4096;
/** Items of one job. */
export const MAX_ITEMS = 100_000_000;
/** Files of a program that become resource files of each task. More belong into an archive. */
export const MAX_PROGRAM_FILES = 50;
/** Inputs one task may download; bounds the size of an add-task request. */
export const MAX_DOWNLOADS_PER_TASK = 1000;
/** REST bodies above this are refused with 413. Bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Canonical's Ubuntu image as listed by Batch's supported images. */
export const DEFAULT_IMAGE: ImageSpec = {
  publisher: 'canonical',
  offer: '0001-com-ubuntu-server-jammy',
  sku: '22_04-lts',
  version: 'latest',
  nodeAgentSkuId: 'batch.node.ubuntu 22.04',
};

/** An image with Docker for pools that fetch container images (Azure Batch documentation, "Container workloads"). */
export const DEFAULT_CONTAINER_IMAGE: ImageSpec = {
  publisher: 'microsoft-dsvm',
  offer: 'ubuntu-hpc',
  sku: '2204',
  version: 'latest',
  nodeAgentSkuId: 'batch.node.ubuntu 22.04',
};

/** How long a cluster without jobs keeps its nodes above the minimum. */
export const DEFAULT_IDLE_TIMEOUT = 'PT5M';
/** Between two evaluations of an autoscale formula; the service's own default. */
export const DEFAULT_AUTOSCALE_INTERVAL = 'PT15M';

export type CompleteTask = TaskSpec & Required<Pick<TaskSpec, 'requiredSlots' | 'timeout' | 'retries' | 'outputs'>>;

export function completeTask(task: TaskSpec): CompleteTask {
  return { requiredSlots: 1, timeout: DEFAULT_TASK_TIMEOUT, retries: 0, outputs: [{ pattern: 'out/**' }], ...task };
}

/** Slots that one task takes in all: each instance takes them on a node of its own. */
export function taskSlots({ requiredSlots = 1, instances = 1 }: Pick<TaskSpec, 'requiredSlots' | 'instances'>): number {
  return requiredSlots * instances;
}

export function completeExecution(execution: ExecutionSpec = {}) {
  return {
    ...execution,
    priority: execution.priority ?? 'normal',
    timeout: execution.timeout ?? DEFAULT_JOB_TIMEOUT,
    toleratedFailures: { count: 0, percent: 0, ...execution.toleratedFailures },
    retryRules: execution.retryRules ?? [],
  };
}

export function completeCleanup(spec: JobSpec) {
  const defaults = { batchJob: 'delete', pool: 'delete', staged: 'delete', retention: DEFAULT_RETENTION } as const;
  return { ...defaults, ...spec.cleanup };
}

export function slotsPerNode(template: PoolTemplate): number {
  return template.slotsPerNode ?? 1;
}

/** The image that nodes of a pool run. */
export function imageOf(template: PoolTemplate): ImageSpec {
  return template.image ?? (template.containerImages?.length ? DEFAULT_CONTAINER_IMAGE : DEFAULT_IMAGE);
}

/** A job's pool with what its tasks need of it: the image of their container, nodes that can talk to each other. */
export function completePool({ pool, task }: JobSpec): PoolSpec {
  if (isClusterReference(pool)) return pool;
  const images = new Set([...(pool.containerImages ?? []), ...(task.container ? [task.container.image] : [])]);
  return {
    ...pool,
    ...(images.size > 0 && { containerImages: [...images] }),
    ...(task.instances !== undefined && { interNodeCommunication: true }),
  };
}
