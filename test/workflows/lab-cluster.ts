/** One cluster in the lab, on a pool that is a few numbers. */
import { heartbeat, cancellationSignal } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { ClusterRow, LeaseAnswer, LeaseRequest, PoolTemplate } from '@windrow/contract';
import { ClusterUpdate, clusterWorkflowId, TaskQueue, WorkflowType } from '@windrow/contract';
import { waitFor } from '../support';
import type { Call, Steps, TemporalLab } from './temporal-lab';

const POLL_MS = 20;
let number = 0;

export const TEMPLATE: PoolTemplate = { vmSizes: ['standard_d2s_v3'], nodes: { max: 4 }, idleTimeout: 'PT10M' };

/** What the watch of a pool tells, as `PoolStatus`. */
export const NO_NODES = {
  allocationState: 'steady',
  current: 0,
  usable: 0,
  failed: 0,
  evicted: 0,
  dedicated: { target: 0, current: 0 },
  spot: { target: 0, current: 0 },
  errors: [] as { code: string; message: string }[],
};

export const nodes = (count: number) => ({
  ...NO_NODES,
  current: count,
  usable: count,
  dedicated: { target: count, current: count },
});

/** Of what `sizePool` is asked. */
export interface Asked {
  vmSize: number;
  targets: { dedicated: number; spot: number };
}

/** Gives all nodes asked for, at once, until a test has it show something else. */
export class LabPool {
  status: object = NO_NODES;
  /** What it shows for so many nodes. */
  gives: (count: number) => object = nodes;

  /** As `watchPool`: returns when there is something new. */
  readonly watch = async ({ known }: { known: object }): Promise<object> => {
    const before = JSON.stringify(known);
    while (JSON.stringify(this.status) === before) {
      cancellationSignal().throwIfAborted();
      heartbeat();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return this.status;
  };

  readonly size = ({ targets }: Asked): object => {
    this.status = this.gives(targets.dedicated + targets.spot);
    return { resizedAt: new Date().toISOString() };
  };
}

export class LabCluster {
  private constructor(
    readonly name: string,
    readonly handle: WorkflowHandle,
    readonly calls: Call[],
    readonly pool: LabPool,
  ) {}

  static async start(
    lab: TemporalLab,
    { template = {}, steps = {}, carried, ephemeral = false, pool = new LabPool() }: Options = {},
  ): Promise<LabCluster> {
    const cluster = `${ephemeral ? '~' : ''}cluster-${++number}`;
    const whole = { ...TEMPLATE, ...template };
    const createdTime = new Date().toISOString();
    const input = { workspace: 'w', cluster, uid: `u${number}`, template: whole, createdTime, ephemeral };
    const workflowId = clusterWorkflowId(input);
    const calls = lab.script(workflowId, { watchPool: pool.watch, sizePool: pool.size, ...steps });
    const handle = await lab.client.workflow.start(WorkflowType.cluster, {
      workflowId,
      taskQueue: TaskQueue.control,
      args: carried ? [input, { ...empty(whole), ...carried }] : [input],
    });
    return new LabCluster(cluster, handle, calls, pool);
  }

  acquire(job: string, more: Partial<LeaseRequest> = {}): Promise<LeaseAnswer> {
    const request = { leaseId: job, holder: `job:${job}`, job, slots: 4, minSlots: 1, priority: 1, ...more };
    return this.handle.executeUpdate<LeaseAnswer, [LeaseRequest]>(ClusterUpdate.acquire, { args: [request] });
  }

  async release(leaseId: string): Promise<void> {
    await this.handle.executeUpdate(ClusterUpdate.release, { args: [{ leaseId }] });
  }

  async resize(min: number, max: number): Promise<void> {
    await this.handle.executeUpdate(ClusterUpdate.resize, { args: [{ min, max }] });
  }

  async delete(): Promise<void> {
    await this.handle.executeUpdate(ClusterUpdate.delete);
  }

  callsOf(name: Call['name']): Call[] {
    return this.calls.filter((call) => call.name === name);
  }

  /** The row as last written. */
  get row(): ClusterRow | undefined {
    return this.callsOf('putClusterRow').at(-1)?.input as ClusterRow | undefined;
  }

  async shows(what: string, test: (row: ClusterRow) => boolean): Promise<ClusterRow> {
    return waitFor(what, () => (this.row && test(this.row) ? this.row : undefined), 30_000);
  }

  async reached(name: Call['name'], times = 1): Promise<Call> {
    return waitFor(`call ${times} of ${name}`, () => this.callsOf(name).at(times - 1), 30_000);
  }

  /** Ends it whatever uses it. */
  async end(): Promise<void> {
    await this.handle.terminate('the test is over');
  }
}

interface Options {
  template?: Partial<PoolTemplate>;
  steps?: Steps;
  /** State of a run before, as far as a test has one. */
  carried?: object;
  ephemeral?: boolean;
  pool?: LabPool;
}

function empty(template: PoolTemplate): object {
  const status = NO_NODES;
  return {
    template,
    leases: [],
    queue: [],
    standIns: 0,
    vmSize: 0,
    status,
    retries: 0,
    sizedAt: 0,
    deleting: false,
    claimed: false,
  };
}
