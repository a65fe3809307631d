/** One job in the lab: started, told things, and asked how it ended. */
import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ClusterStatusMessage, JobInput, JobRow, LeaseAnswer, RedriveRef } from '@windrow/contract';
import { JobSignal, JobUpdate, jobWorkflowId, TaskQueue, WorkflowType } from '@windrow/contract';
import { waitFor } from '../support';
import { rowsOf, stepsOf } from './steps';
import type { Call, Steps, TemporalLab } from './temporal-lab';

let number = 0;

export class LabJob {
  private constructor(
    readonly handle: WorkflowHandle,
    readonly calls: Call[],
  ) {}

  static async start(lab: TemporalLab, steps: Steps, redrive?: RedriveRef): Promise<LabJob> {
    const job = `job-${++number}`;
    const createdTime = new Date().toISOString();
    const input: JobInput = {
      workspace: 'w',
      experiment: 'e',
      job,
      uid: `uid${number}`,
      createdTime,
      ...(redrive && { redrive }),
    };
    const workflowId = jobWorkflowId(input);
    const calls = lab.script(workflowId, steps);
    const handle = await lab.client.workflow.start(WorkflowType.job, {
      workflowId,
      taskQueue: TaskQueue.control,
      args: [input],
    });
    return new LabJob(handle, calls);
  }

  /** Waits for the `times`-th call of an activity. */
  async reached(name: Call['name'], times = 1): Promise<Call> {
    return waitFor(`call ${times} of ${name}; there were ${stepsOf(this.calls).join(', ')}`, () =>
      this.callsOf(name).at(times - 1),
    );
  }

  callsOf(name: Call['name']): Call[] {
    return this.calls.filter((call) => call.name === name);
  }

  get steps(): string[] {
    return stepsOf(this.calls);
  }

  /** The row as last written. */
  get row(): JobRow {
    return rowsOf(this.calls).at(-1)!;
  }

  async shows(what: string, test: (row: JobRow) => boolean): Promise<void> {
    await waitFor(what, () => rowsOf(this.calls).length > 0 && test(this.row));
  }

  grant(answer: object): Promise<void> {
    return this.handle.signal(JobSignal.leaseGranted, answer as LeaseAnswer);
  }

  clusterSays(status: Partial<ClusterStatusMessage>): Promise<void> {
    return this.handle.signal(JobSignal.clusterStatus, { nodes: { target: 1, current: 1, usable: 1 }, ...status });
  }

  async pause(running: 'wait' | 'requeue' = 'wait'): Promise<void> {
    await this.handle.executeUpdate(JobUpdate.pause, { args: [{ running }] });
  }

  async resume(): Promise<void> {
    await this.handle.executeUpdate(JobUpdate.resume);
  }

  async change(change: object): Promise<void> {
    await this.handle.executeUpdate(JobUpdate.change, { args: [change] });
  }

  /** `succeeded`, `cancelled`, or the failure's type: what the workflow itself ended as. */
  async end(): Promise<string> {
    try {
      await this.handle.result();
      return 'succeeded';
    } catch (error) {
      const cause = error instanceof WorkflowFailedError ? error.cause : error;
      if (cause instanceof CancelledFailure) return 'cancelled';
      if (cause instanceof ApplicationFailure) return cause.type ?? '';
      throw error;
    }
  }
}
