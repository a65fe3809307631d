import type { Readable } from 'node:stream';
import {
  type ArmConfig,
  type BatchAccountFacts,
  type BatchClient,
  BatchConflictError,
  BatchNotFoundError,
  type BatchTask,
  readAccount,
} from '@windrow/batch';
import { batchJobId, batchTaskId, taskIndexOf, attemptOf, ResourceTag, waveOf } from '@windrow/contract';
import { asking } from './asking';
import type { SupportedImage } from './supported-images';
import {
  type AttemptKey,
  BatchReader,
  type ByteRange,
  type LiveTask,
  type NodeFile,
  type PoolFacts,
} from './batch-reader';

const TASK_FIELDS = 'id,state,executionInfo,nodeInfo';
const POOL_FIELDS = 'id,vmSize,currentDedicatedNodes,currentLowPriorityNodes,metadata';
const MAX_FILES = 5000;
/** No such pool is ever created: asking for it costs next to nothing and tells that Batch answers. */
const CHECK_POOL = 'windrow-readiness';

/** Azure Batch through `libs/batch`. */
export class BatchGateway extends BatchReader {
  constructor(
    private readonly client: BatchClient,
    private readonly endpoint: string,
    private readonly arm?: ArmConfig,
  ) {
    super();
  }

  async waves(uid: string): Promise<number[]> {
    const prefix = batchJobId(uid, '');
    return asking(async () => {
      const waves: number[] = [];
      const jobs = this.client.jobs.list({ filter: `startswith(id,'${prefix}')`, select: 'id,state' });
      for await (const { id, state } of jobs) {
        // Reductions have waves of their own, whose tasks are not the job's.
        const wave = attemptOf(id.slice(prefix.length));
        if (wave !== undefined && state !== 'deleting') waves.push(wave);
      }
      return waves.sort((a, b) => b - a);
    });
  }

  async task({ uid, wave, index }: AttemptKey): Promise<LiveTask | undefined> {
    const task = await ifThere(() => this.client.tasks.get(jobOf(uid, wave), batchTaskId(index)));
    return task && liveTask(task, wave);
  }

  async range(uid: string, wave: number, first: number, last: number): Promise<LiveTask[] | undefined> {
    const filter = `id ge '${batchTaskId(first)}' and id le '${batchTaskId(last)}'`;
    return ifThere(async () => {
      const tasks: LiveTask[] = [];
      for await (const task of this.client.tasks.list(jobOf(uid, wave), { filter, select: TASK_FIELDS })) {
        tasks.push(liveTask(task, wave));
      }
      return tasks;
    });
  }

  async page(
    uid: string,
    wave: number,
    state: 'active' | 'running',
    { size, cursor }: { size: number; cursor?: string },
  ) {
    const job = jobOf(uid, wave);
    const filter = state === 'active' ? "state eq 'active'" : "state eq 'running' or state eq 'preparing'";
    // Only the query travels in a page token: a whole link could lead our credentials elsewhere.
    const nextLink = cursor === undefined ? {} : { nextLink: `${this.endpoint}/jobs/${job}/tasks?${cursor}` };
    const page = await ifThere(() =>
      this.client.tasks.listPage(job, { filter, select: TASK_FIELDS, maxResults: size, ...nextLink }),
    );
    const next = page?.nextLink?.split('?')[1];
    return { tasks: (page?.value ?? []).map((task) => liveTask(task, wave)), ...(next ? { cursor: next } : {}) };
  }

  async files({ uid, wave, index }: AttemptKey): Promise<NodeFile[] | undefined> {
    return ifThere(async () => {
      const files: NodeFile[] = [];
      for await (const file of this.client.files.listTaskFiles(jobOf(uid, wave), batchTaskId(index), {
        recursive: true,
      })) {
        if (file.isDirectory) continue;
        const { contentLength = 0, lastModified } = file.properties ?? {};
        files.push({ path: file.name, bytes: contentLength, ...(lastModified ? { lastModified } : {}) });
        if (files.length === MAX_FILES) break;
      }
      return files;
    });
  }

  async file({ uid, wave, index }: AttemptKey, path: string): Promise<NodeFile | undefined> {
    const facts = await ifThere(() => this.client.files.taskFileProperties(jobOf(uid, wave), batchTaskId(index), path));
    if (!facts || facts.isDirectory) return undefined;
    return {
      path,
      bytes: facts.bytes,
      ...(facts.lastModified ? { lastModified: facts.lastModified.toISOString() } : {}),
    };
  }

  async read({ uid, wave, index }: AttemptKey, path: string, range: ByteRange): Promise<Readable | undefined> {
    const file = await ifThere(() => this.client.files.readTaskFile(jobOf(uid, wave), batchTaskId(index), path, range));
    return file?.stream;
  }

  async images(): Promise<SupportedImage[]> {
    return asking(async () => {
      const images: SupportedImage[] = [];
      for await (const { imageReference, nodeAgentSKUId } of this.client.supportedImages()) {
        const { publisher = '', offer = '', sku = '' } = imageReference;
        images.push({ publisher, offer, sku, nodeAgentSkuId: nodeAgentSKUId });
      }
      return images;
    });
  }

  async applicationVersions(application: string): Promise<string[] | undefined> {
    return (await ifThere(() => this.client.application(application)))?.versions;
  }

  async pools(): Promise<PoolFacts[]> {
    return asking(async () => {
      const pools: PoolFacts[] = [];
      for await (const pool of this.client.pools.list({ select: POOL_FIELDS })) {
        const workspace = pool.metadata?.find(({ name }) => name === ResourceTag.workspace)?.value;
        const { vmSize, currentDedicatedNodes: dedicated = 0, currentLowPriorityNodes: spot = 0 } = pool;
        pools.push({ vmSize, dedicated, spot, ...(workspace !== undefined && { workspace }) });
      }
      return pools;
    });
  }

  async poolsWithPackage(application: string, version?: string): Promise<string[]> {
    const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
    return asking(async () => {
      const ids: string[] = [];
      for await (const pool of this.client.pools.list({ select: 'id,applicationPackageReferences' })) {
        const uses = pool.applicationPackageReferences?.some(
          (one) =>
            same(one.applicationId, application) && (version === undefined || same(one.version ?? version, version)),
        );
        if (uses) ids.push(pool.id);
      }
      return ids;
    });
  }

  async activeJobs(): Promise<number> {
    return asking(async () => {
      let active = 0;
      for await (const { state } of this.client.jobs.list({ select: 'id,state' }))
        if (state !== 'completed') active += 1;
      return active;
    });
  }

  async account(): Promise<BatchAccountFacts | undefined> {
    const { arm } = this;
    return arm && asking(() => readAccount(arm));
  }

  async check(): Promise<void> {
    await asking(() => this.client.pools.exists(CHECK_POOL));
  }
}

function jobOf(uid: string, wave: number): string {
  return batchJobId(uid, waveOf(wave));
}

/** Files answer with a conflict when their node is gone, or is not there yet. */
async function ifThere<T>(call: () => Promise<T>): Promise<T | undefined> {
  return asking(async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof BatchNotFoundError || error instanceof BatchConflictError) return undefined;
      throw error;
    }
  });
}

function liveTask({ id, state, executionInfo, nodeInfo }: BatchTask, wave: number): LiveTask {
  const { exitCode, failureInfo, startTime, endTime, retryCount = 0, result } = executionInfo ?? {};
  const outcome = result === 'failure' ? 'failed' : 'succeeded';
  return {
    index: taskIndexOf(id),
    wave,
    state: state === 'completed' ? outcome : state === 'active' ? 'active' : 'running',
    retries: retryCount,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(failureInfo?.code ? { code: failureInfo.code } : {}),
    ...(failureInfo?.message ? { message: failureInfo.message } : {}),
    ...(startTime ? { startTime } : {}),
    ...(endTime ? { endTime } : {}),
    ...(nodeInfo?.nodeId ? { node: nodeInfo.nodeId } : {}),
  };
}
