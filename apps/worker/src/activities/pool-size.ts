/** Creates the pool of a cluster, and gives it its size or its formula. Every step may run twice. */
import type { BatchPool, MountConfiguration, StartTask } from '@windrow/batch';
import type { ClusterInput, PoolTemplate, ProgramPackage } from '@windrow/contract';
import { BatchConflictError, BatchQuotaError, ensurePool } from '@windrow/batch';
import { ratesOf } from '@windrow/contract';
import { resolveProgram } from '../inputs';
import type { ActivityDeps } from './deps';
import { nodeShare } from './node-share';
import { mountConfigurations } from './mounts';
import { packageReferences, resolvePackages } from './packages';
import { pollUntil } from './poll';
import { formulaOf, poolBody, startTaskOf, wireTargets } from './pool-spec';
import type { NodePrice, NodeTargets, SizeAnswer, SizeInput } from './pool-types';

const SETUP_PROGRAM = '$.pool.setupTask.program';
const SIZE_FIELDS =
  'id,state,lastModified,vmSize,allocationState,currentDedicatedNodes,currentLowPriorityNodes,targetDedicatedNodes,targetLowPriorityNodes,resizeErrors,enableAutoScale,autoScaleFormula,autoScaleEvaluationInterval';

export function createPoolSizeActivities(deps: ActivityDeps) {
  const { storage, batch, secrets, timing, deployment, prices } = deps;

  /** Creates the pool, resizes it or gives it its formula, whichever is needed; nothing when it is so already. */
  async function sizePool(wanted: SizeInput): Promise<SizeAnswer> {
    const share = await nodeShare(deps, wanted);
    const size = { ...wanted, targets: share?.targets ?? wanted.targets };
    const answer = await giveSize(size);
    if (!share) return answer;
    const { held, refused } = share;
    return { ...answer, held, ...(refused && { refused: answer.refused ?? refused, given: share.targets }) };
  }

  async function giveSize(size: SizeInput): Promise<SizeAnswer> {
    const { poolId, template, targets } = size;
    const empty = targets !== 'formula' && targets.dedicated + targets.spot === 0;
    const packages = empty ? [] : await packagesOf(size.input, template);
    const startTask = empty ? undefined : await freshStartTask(template, packages);
    const mounts = empty ? undefined : await mountConfigurations(size.input, template, { ...storage, secrets });
    try {
      const pool = { ...size, id: poolId, deployment, mounts, packages, ...(startTask && { startTask }) };
      const { created } = await ensurePool(batch, poolBody(size.input, template, pool));
      if (!created) await change(size, startTask && renewedSetUp(startTask, packages), mounts);
    } catch (error) {
      if (error instanceof BatchQuotaError) return { refused: { code: error.code, message: error.message } };
      throw error;
    }
    // Requests set this time, transitions of the allocation state do not: it is that of our resize, however fast
    // the pool has become steady since.
    const { lastModified } = await batch.pools.get(poolId, { select: SIZE_FIELDS });
    const price = priceOf(template.vmSizes[size.vmSize]!);
    return { resizedAt: lastModified, ...(price && { price }) };
  }

  function priceOf(vmSize: string): NodePrice | undefined {
    const rates = ratesOf(prices, vmSize);
    return rates && prices && { ...rates, currency: prices.currency };
  }

  function packagesOf({ workspace }: ClusterInput, { setupTask }: PoolTemplate): Promise<ProgramPackage[]> {
    return resolvePackages(workspace, setupTask?.program, storage.resources, SETUP_PROGRAM);
  }

  async function freshStartTask(template: PoolTemplate, packages: ProgramPackage[]): Promise<StartTask | undefined> {
    const program = await resolveProgram(template.setupTask?.program ?? [], storage.blobs, SETUP_PROGRAM);
    return startTaskOf(storage.links, template, program, packages);
  }

  async function change(
    size: SizeInput,
    renewed: object | undefined,
    mountConfiguration: MountConfiguration[] | undefined,
  ): Promise<void> {
    const { poolId, template, vmSize, targets, kick } = size;
    const wantedSize = template.vmSizes[vmSize]!;
    const isWanted = (found: BatchPool) => sameSize(found, wantedSize) && hasScale(found, template, targets);
    let pool = await batch.pools.get(poolId, { select: SIZE_FIELDS });
    if (pool.allocationState !== 'steady') {
      // Our own request of a moment ago, when this activity is tried again.
      if (isWanted(pool) && !kick) return;
      await settle(poolId);
      pool = await batch.pools.get(poolId, { select: SIZE_FIELDS });
    }
    const empty = (pool.currentDedicatedNodes ?? 0) + (pool.currentLowPriorityNodes ?? 0) === 0;
    // A pool may change its VM size only while it is empty (Batch REST, Pool - Patch, since 2024-07-01).
    if (!sameSize(pool, wantedSize) && empty) await batch.pools.patch(poolId, { vmSize: wantedSize });
    // As with the mounts, whose links would else grow old.
    if (mountConfiguration && empty) await batch.pools.patch(poolId, { mountConfiguration });
    if (renewed) await batch.pools.patch(poolId, renewed);
    if (isWanted(pool) && !kick && (pool.resizeErrors?.length ?? 0) === 0) return;
    if (targets === 'formula') {
      await batch.pools.enableAutoScale(poolId, formulaOf(template));
      return;
    }
    // A pool with a formula takes no size; this one is to be given up, or to be sized by us.
    if (pool.enableAutoScale) await batch.pools.disableAutoScale(poolId);
    await batch.pools.resize(poolId, { ...wireTargets(targets), nodeDeallocationOption: 'taskcompletion' });
  }

  /** A resize in progress is stopped: what was reached stays, and the new target counts from there. */
  async function settle(poolId: string): Promise<void> {
    try {
      await batch.pools.stopResize(poolId);
    } catch (error) {
      if (!(error instanceof BatchConflictError)) throw error;
    }
    await pollUntil(timing, async () => {
      const pool = await batch.pools.get(poolId, { select: SIZE_FIELDS });
      return pool.allocationState === 'steady' ? true : undefined;
    });
  }

  return { sizePool };
}

/** A command knows its packages by their versions, so that the two change together: for nodes that join from now on. */
function renewedSetUp(startTask: StartTask, packages: ProgramPackage[]): object {
  const references = packageReferences(packages);
  return { startTask, ...(references && { applicationPackageReferences: references }) };
}

function sameSize(found: BatchPool, vmSize: string): boolean {
  return found.vmSize.toLowerCase() === vmSize.toLowerCase();
}

function hasScale(found: BatchPool, template: PoolTemplate, targets: NodeTargets | 'formula'): boolean {
  if (targets === 'formula')
    return found.enableAutoScale === true && found.autoScaleFormula === template.autoscaleFormula;
  return (
    !found.enableAutoScale &&
    found.targetDedicatedNodes === targets.dedicated &&
    found.targetLowPriorityNodes === targets.spot
  );
}
