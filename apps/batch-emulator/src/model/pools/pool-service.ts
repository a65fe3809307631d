import { checkPoolPackages } from '../../account/package-references';
import { batchError, invalidProperty } from '../../errors';
import { parseDuration } from '../../util/duration';
import { omit } from '../../util/json';
import type { DeallocationOption, PoolSpec } from '../../wire/types';
import type { Allocator } from './allocator';
import { checkNotScaling, checkScaleOf, type AutoScaleSettings } from './autoscale-checks';
import type { AutoScaleRun } from './autoscale-state';
import type { Autoscaler } from './autoscaler';
import { withPoolDefaults } from '../defaults';
import { checkId, checkRange } from '../ids';
import { mountsOf } from './mounts';
import { Pool } from './pool';
import { checkPoolDescription } from './pool-checks';
import { checkPoolQuota } from '../quotas';
import { checkVmSize, maxSlotsOf } from './vm-sizes';
import type { World } from '../world';

export interface ResizeRequest {
  targetDedicatedNodes?: number;
  targetLowPriorityNodes?: number;
  resizeTimeout?: string;
  nodeDeallocationOption?: DeallocationOption;
}

const MIN_RESIZE_TIMEOUT_MS = 300_000;

/** Properties that PATCH may change only while the pool has no nodes (2024-07-01 and later). */
const ONLY_WHEN_EMPTY = [
  'displayName',
  'vmSize',
  'taskSlotsPerNode',
  'taskSchedulingPolicy',
  'networkConfiguration',
  'virtualMachineConfiguration',
  'userAccounts',
  'mountConfiguration',
  'enableInterNodeCommunication',
  'upgradePolicy',
] as const;

/** Rules of the pool operations. */
export class PoolService {
  constructor(
    private readonly world: World,
    private readonly allocator: Allocator,
    private readonly autoscaler: Autoscaler,
  ) {}

  get(id: string): Pool {
    const pool = this.world.pools.get(id.toLowerCase());
    if (!pool) throw batchError('PoolNotFound');
    return pool;
  }

  /** "Pool - Add". The first sizing is a resize. */
  create(spec: PoolSpec, autoPool = false): Pool {
    checkId(spec.id);
    checkPoolDescription(spec);
    checkSize(spec);
    checkTargets(spec);
    checkScaleOf(spec);
    mountsOf(spec.mountConfiguration);
    checkPoolPackages(this.world.account, spec.applicationPackageReferences);
    const existing = this.world.pools.get(spec.id.toLowerCase());
    if (existing) throw batchError(existing.state === 'deleting' ? 'PoolBeingDeleted' : 'PoolExists');
    checkPoolQuota(this.world);
    const pool = new Pool(withPoolDefaults(spec), this.world.clock.now());
    pool.vmSizeSent = spec.vmSize;
    pool.autoPool = autoPool;
    pool.targetDedicated = spec.targetDedicatedNodes ?? 0;
    pool.targetLowPriority = spec.targetLowPriorityNodes ?? 0;
    pool.resizeTimeout = spec.resizeTimeout ?? pool.resizeTimeout;
    this.world.pools.set(pool.id.toLowerCase(), pool);
    for (const job of this.world.jobs.values()) {
      if (job.poolId?.toLowerCase() === pool.id.toLowerCase() && job.state === 'active') pool.queue.add(job);
    }
    this.world.events.poolCreated(pool);
    this.autoscaler.begin(pool);
    this.allocator.resize(pool, pool.autoScale.option);
    this.world.journal.pool(pool);
    return pool;
  }

  /** "Pool - Patch": replaces only what is given. */
  patch(pool: Pool, changes: Partial<PoolSpec>): void {
    this.checkNotDeleting(pool);
    checkPoolDescription(changes);
    checkPoolPackages(this.world.account, changes.applicationPackageReferences);
    const limited = ONLY_WHEN_EMPTY.find((name) => changes[name] !== undefined);
    if (limited && pool.nodes.size > 0) {
      throw invalidProperty(limited, changes[limited], 'The property can only be changed while the pool has no nodes.');
    }
    checkTargets(changes);
    mountsOf(changes.mountConfiguration);
    const spec = { ...pool.spec, ...changes };
    checkSize(spec);
    pool.spec = withPoolDefaults(spec);
    pool.vmSizeSent = changes.vmSize ?? pool.vmSizeSent;
    pool.reindex();
    this.touch(pool);
  }

  /** "Pool - Update Properties": replaces all of them, what is left out is removed. */
  replaceProperties(pool: Pool, properties: Partial<PoolSpec>): void {
    this.checkNotDeleting(pool);
    checkPoolDescription(properties);
    checkPoolPackages(this.world.account, properties.applicationPackageReferences);
    const kept = omit(pool.spec, 'startTask', 'metadata', 'applicationPackageReferences');
    const { applicationPackageReferences: packages = [], metadata = [], ...rest } = properties;
    pool.spec = withPoolDefaults({
      ...kept,
      ...rest,
      ...(metadata.length > 0 && { metadata }),
      ...(packages.length > 0 && { applicationPackageReferences: packages }),
      targetNodeCommunicationMode: rest.targetNodeCommunicationMode ?? 'default',
    });
    this.touch(pool);
  }

  /** "Pool - Resize": only while steady. */
  resize(pool: Pool, request: ResizeRequest): void {
    checkNotScaling(pool);
    this.checkSteady(pool);
    checkTargets(request);
    pool.targetDedicated = request.targetDedicatedNodes ?? pool.targetDedicated;
    pool.targetLowPriority = request.targetLowPriorityNodes ?? pool.targetLowPriority;
    pool.resizeTimeout = request.resizeTimeout ?? 'PT15M';
    this.allocator.resize(pool, request.nodeDeallocationOption ?? 'requeue');
    this.touch(pool);
  }

  stopResize(pool: Pool): void {
    this.checkNotDeleting(pool);
    if (pool.allocationState !== 'resizing') throw batchError('OperationInvalidForCurrentState');
    this.allocator.stop(pool);
    this.touch(pool);
  }

  /** "Pool - Remove Nodes": only while steady. */
  removeNodes(pool: Pool, nodeIds: string[], request: ResizeRequest): void {
    this.checkSteady(pool);
    checkTargets(request);
    if (nodeIds.length < 1 || nodeIds.length > 100)
      throw invalidProperty('nodeList', nodeIds, 'Between 1 and 100 nodes.');
    const nodes = [...new Set(nodeIds)].map((id) => pool.nodes.get(id.toLowerCase()));
    const present = nodes.filter((node) => node !== undefined);
    if (present.length !== nodes.length) throw batchError('NodeNotFound');
    pool.resizeTimeout = request.resizeTimeout ?? 'PT15M';
    this.allocator.removeNodes(pool, present, request.nodeDeallocationOption ?? 'requeue');
    this.touch(pool);
  }

  /** "Pool - Delete": resized to nothing first, tasks requeued; jobs stay. */
  delete(pool: Pool): void {
    this.checkNotDeleting(pool);
    pool.state = 'deleting';
    this.world.events.poolDeleteStarted(pool);
    pool.targetDedicated = 0;
    pool.targetLowPriority = 0;
    pool.stateTime = this.world.clock.now();
    this.touch(pool);
    for (const node of pool.nodes.values()) pool.free.remove(node);
    this.allocator.drainAll(pool);
  }

  enableAutoScale(pool: Pool, settings: AutoScaleSettings): void {
    this.checkNotDeleting(pool);
    this.autoscaler.enable(pool, settings);
    this.touch(pool);
  }

  disableAutoScale(pool: Pool): void {
    this.checkNotDeleting(pool);
    this.autoscaler.disable(pool);
  }

  evaluateAutoScale(pool: Pool, formula: string): AutoScaleRun {
    this.checkNotDeleting(pool);
    return this.autoscaler.evaluate(pool, formula);
  }

  private checkNotDeleting(pool: Pool): void {
    if (pool.state === 'deleting') throw batchError('PoolBeingDeleted');
  }

  private checkSteady(pool: Pool): void {
    this.checkNotDeleting(pool);
    if (pool.allocationState !== 'steady') throw batchError('PoolBeingResized');
  }

  private touch(pool: Pool): void {
    pool.modified = this.world.clock.now();
    this.world.journal.pool(pool);
  }
}

function checkSize({ vmSize, taskSlotsPerNode }: PoolSpec): void {
  checkVmSize(vmSize);
  checkRange('taskSlotsPerNode', taskSlotsPerNode, 1, maxSlotsOf(vmSize));
}

function checkTargets(request: ResizeRequest): void {
  checkRange('targetDedicatedNodes', request.targetDedicatedNodes, 0, 100_000);
  checkRange('targetLowPriorityNodes', request.targetLowPriorityNodes, 0, 100_000);
  if (request.resizeTimeout === undefined) return;
  if ((parseDuration(request.resizeTimeout) ?? 0) < MIN_RESIZE_TIMEOUT_MS) {
    throw invalidProperty('resizeTimeout', request.resizeTimeout, 'The minimum value is 5 minutes.');
  }
}
