/** Sizing, watching, diagnosing and deleting the pool of a cluster. */
import type { BatchPool, BatchPoolNodeCounts, StartTask } from '@windrow/batch';
import type { PoolTemplate } from '@windrow/contract';
import { BatchConflictError, BatchNotFoundError, BatchQuotaError, ensurePool, ensurePoolDeleted } from '@windrow/batch';
import { resolveProgram } from '../inputs';
import type { ActivityDeps } from './deps';
import { pollUntil } from './poll';
import { poolBody, splitNodes, startTaskOf } from './pool-spec';
import type { PoolStatus, SizeAnswer, SizeInput, WatchPoolInput } from './pool-types';

const POOL_FIELDS =
  'id,state,lastModified,vmSize,allocationState,allocationStateTransitionTime,currentDedicatedNodes,currentLowPriorityNodes,targetDedicatedNodes,targetLowPriorityNodes,resizeErrors';
/** A pool that has all its nodes is looked at this much less often. */
const SETTLED_FACTOR = 5;
/** While nodes come up their number changes all the time; the cluster hears of it this often. Milliseconds. */
const USABLE_REPORT_MS = 5000;

export function createPoolActivities({ storage, batch, timing, deployment }: ActivityDeps) {
  /** Creates the pool or resizes it, whichever is needed; nothing when it has that size already. */
  async function sizePool(size: SizeInput): Promise<SizeAnswer> {
    const { poolId, template } = size;
    const startTask = size.target > 0 ? await freshStartTask(template) : undefined;
    try {
      const body = poolBody(size.input, template, { ...size, id: poolId, deployment, ...(startTask && { startTask }) });
      const { created } = await ensurePool(batch, body);
      if (!created) await resize(size, startTask && { startTask });
    } catch (error) {
      if (error instanceof BatchQuotaError) return { refused: { code: error.code, message: error.message } };
      throw error;
    }
    // Requests set this time, transitions of the allocation state do not: it is that of our resize, however fast
    // the pool has become steady since.
    const { lastModified } = await batch.pools.get(poolId, { select: POOL_FIELDS });
    return { resizedAt: lastModified };
  }

  async function freshStartTask(template: PoolTemplate): Promise<StartTask | undefined> {
    const program = await resolveProgram(template.setupTask?.program ?? [], storage.blobs, '$.pool.setupTask.program');
    return startTaskOf(storage.links, template, program);
  }

  async function resize({ poolId, template, target, vmSize }: SizeInput, renewed: object | undefined): Promise<void> {
    const targets = splitNodes(target, template.nodes.spotPercent);
    const wantedSize = template.vmSizes[vmSize]!;
    const isWanted = (found: BatchPool) =>
      found.vmSize.toLowerCase() === wantedSize.toLowerCase() &&
      found.targetDedicatedNodes === targets.targetDedicatedNodes &&
      found.targetLowPriorityNodes === targets.targetLowPriorityNodes;
    let pool = await batch.pools.get(poolId, { select: POOL_FIELDS });
    if (pool.allocationState !== 'steady') {
      // Our own request of a moment ago, when this activity is tried again.
      if (isWanted(pool)) return;
      await settle(poolId);
      pool = await batch.pools.get(poolId, { select: POOL_FIELDS });
    }
    const empty = (pool.currentDedicatedNodes ?? 0) + (pool.currentLowPriorityNodes ?? 0) === 0;
    const otherSize = pool.vmSize.toLowerCase() !== wantedSize.toLowerCase();
    // A pool may change its VM size only while it is empty (Batch REST, Pool - Patch, since 2024-07-01).
    if (otherSize && empty) await batch.pools.patch(poolId, { vmSize: wantedSize });
    if (renewed) await batch.pools.patch(poolId, renewed);
    if (isWanted(pool) && (pool.resizeErrors?.length ?? 0) === 0) return;
    await batch.pools.resize(poolId, { ...targets, nodeDeallocationOption: 'taskcompletion' });
  }

  /** A resize in progress is stopped: what was reached stays, and the new target counts from there. */
  async function settle(poolId: string): Promise<void> {
    try {
      await batch.pools.stopResize(poolId);
    } catch (error) {
      if (!(error instanceof BatchConflictError)) throw error;
    }
    await pollUntil(timing, async () => {
      const pool = await batch.pools.get(poolId, { select: POOL_FIELDS });
      return pool.allocationState === 'steady' ? true : undefined;
    });
  }

  /** Returns when something changed that the cluster has to know. */
  async function watchPool({ poolId, known, target, resizedAt }: WatchPoolInput): Promise<PoolStatus> {
    const started = Date.now();
    const settled = known.allocationState === 'steady' && known.usable >= target;
    return pollUntil(
      settled ? { pollMinMs: timing.pollMaxMs, pollMaxMs: SETTLED_FACTOR * timing.pollMaxMs } : timing,
      async () => {
        const [pool, counts] = await Promise.all([
          batch.pools.get(poolId, { select: POOL_FIELDS }),
          batch.pools.nodeCounts(poolId),
        ]);
        const status = statusOf(pool, counts, resizedAt);
        return isNews(known, status, target, Date.now() - started) ? status : undefined;
      },
      () => known.usable,
    );
  }

  /** Why nodes do not start: their own errors, and what the start task wrote. */
  async function diagnosePool({ poolId }: { poolId: string }): Promise<{ code: string; message: string }> {
    for await (const node of batch.nodes.list(poolId, {
      filter: `state eq 'starttaskfailed' or state eq 'unusable'`,
    })) {
      const failure = node.startTaskInfo?.failureInfo;
      const [error] = node.errors ?? [];
      const stderr = await readStartTaskStderr(poolId, node.id);
      const code = failure?.code ?? error?.code ?? node.state;
      const parts = [
        `No node of pool ${poolId} became usable.`,
        failure && `The setup task failed: ${failure.message ?? failure.code}`,
        node.startTaskInfo?.exitCode !== undefined && `exit code ${node.startTaskInfo.exitCode}`,
        error && `${error.code}: ${error.message}`,
        stderr && `stderr ends: ${stderr.trim()}`,
      ];
      return { code, message: parts.filter(Boolean).join(' ') };
    }
    return { code: 'NodesUnusable', message: `No node of pool ${poolId} became usable, and none says why.` };
  }

  async function readStartTaskStderr(poolId: string, nodeId: string): Promise<string> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of await batch.nodes.readFile(poolId, nodeId, 'startup/stderr.txt')) {
        chunks.push(Buffer.from(chunk as Uint8Array));
      }
      return Buffer.concat(chunks).toString('utf8').slice(-1000);
    } catch (error) {
      if (error instanceof BatchNotFoundError || error instanceof BatchConflictError) return '';
      throw error;
    }
  }

  /** Returns when the pool is gone. */
  async function deletePool({ poolId }: { poolId: string }): Promise<void> {
    await ensurePoolDeleted(batch, poolId);
    await pollUntil(timing, async () => ((await batch.pools.exists(poolId)) ? undefined : true));
  }

  return { sizePool, watchPool, diagnosePool, deletePool };
}

/** Whether the cluster has to hear of the change from `known` to `now`, `elapsed` milliseconds into the watch. */
function isNews(known: PoolStatus, now: PoolStatus, target: number, elapsed: number): boolean {
  if (known.allocationState !== now.allocationState || known.failed !== now.failed) return true;
  if (JSON.stringify(known.errors) !== JSON.stringify(now.errors)) return true;
  if (known.usable === now.usable) return false;
  return known.usable === 0 || now.usable === 0 || now.usable >= target || elapsed >= USABLE_REPORT_MS;
}

/** Resize errors count only while the pool is steady and only when newer than our own last resize. */
export function statusOf(
  pool: BatchPool,
  counts: BatchPoolNodeCounts | undefined,
  resizedAt: string | undefined,
): PoolStatus {
  const steadySince = pool.allocationStateTransitionTime ?? '';
  const fresh =
    pool.allocationState === 'steady' && (resizedAt === undefined || Date.parse(steadySince) >= Date.parse(resizedAt));
  const both = [counts?.dedicated, counts?.lowPriority];
  const sum = (...states: (keyof NonNullable<BatchPoolNodeCounts['dedicated']>)[]) =>
    both.reduce((total, group) => total + states.reduce((part, state) => part + (group?.[state] ?? 0), 0), 0);
  return {
    allocationState: pool.allocationState ?? 'steady',
    current: (pool.currentDedicatedNodes ?? 0) + (pool.currentLowPriorityNodes ?? 0),
    usable: sum('idle', 'running'),
    failed: sum('startTaskFailed', 'unusable'),
    errors: fresh
      ? (pool.resizeErrors ?? []).map(({ code, message }) => ({ code: code ?? 'Unknown', message: message ?? '' }))
      : [],
  };
}
