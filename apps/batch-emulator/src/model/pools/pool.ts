import type { DeallocationOption, PoolSpec, ResizeError } from '../../wire/types';
import { EventLog } from '../../util/event-log';
import type { Micros } from '../../util/time';
import type { Timer } from '../../util/timer-heap';
import { AutoScaleState } from './autoscale-state';
import { FreeSlots } from '../nodes/free-slots';
import type { ComputeNode } from '../nodes/node';
import { JobQueue } from '../jobs/job-queue';
import type { Reservation } from '../scheduling/reservations';
import type { Task } from '../tasks/task';
import type { Meter } from './usage';

export type AllocationState = 'steady' | 'resizing' | 'stopping';

export class Pool {
  state: 'active' | 'deleting' = 'active';
  stateTime: Micros;
  modified: Micros;
  allocationState: AllocationState = 'resizing';
  allocationTime: Micros;
  targetDedicated = 0;
  targetLowPriority = 0;
  resizeTimeout = 'PT15M';
  deallocation: DeallocationOption = 'requeue';
  resizeErrors: ResizeError[] = [];
  /** Pending steps of the resize under way. */
  resizeTimers: Timer[] = [];
  /** The next look at whether retained data has served its time. */
  retention: Timer | undefined;
  readonly nodes = new Map<string, ComputeNode>();
  free: FreeSlots;
  readonly queue = new JobQueue();
  /** Never reused within a pool, so that addresses and ids of nodes are not either. */
  nextNodeIndex = 0;
  /** Made by the service for a job or a job schedule. */
  autoPool = false;
  readonly events = new EventLog();
  /** In the spelling it was given in. */
  vmSizeSent: string;
  readonly meter: Meter;
  readonly autoScale = new AutoScaleState();
  /** The one task that nodes are kept free for. */
  reservation: Reservation | undefined;
  /** Job managers that are to run again, before everything else. */
  readonly restarting = new Set<Task>();
  /** A scheduling pass is due. */
  kicked = false;

  constructor(
    public spec: PoolSpec,
    readonly created: Micros,
  ) {
    this.vmSizeSent = spec.vmSize;
    this.meter = { time: created, dedicatedCores: 0, lowPriorityCores: 0, dedicatedCoreTime: 0 };
    this.stateTime = created;
    this.modified = created;
    this.allocationTime = created;
    this.free = new FreeSlots(this.slotsPerNode);
  }

  get id(): string {
    return this.spec.id;
  }

  get slotsPerNode(): number {
    return this.spec.taskSlotsPerNode ?? 1;
  }

  /** Simulated nodes run no process: chosen by VM size or by metadata. */
  get simulated(): boolean {
    return (
      this.spec.vmSize.toLowerCase().startsWith('simulated_') ||
      (this.spec.metadata ?? []).some((item) => item.name === 'emulator-nodes' && item.value === 'simulated')
    );
  }

  /** After a change of the number of slots, which only an empty pool may have. */
  reindex(): void {
    if (this.nodes.size === 0) this.free = new FreeSlots(this.slotsPerNode);
  }

  countNodes(dedicated: boolean): number {
    let count = 0;
    for (const node of this.nodes.values()) if (node.dedicated === dedicated) count++;
    return count;
  }
}
