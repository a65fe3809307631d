/** What the job's owner, and its budget, want of it at this moment. Handlers change it; the phases go by it. */
import type { ExecutionChange, JobExecution, JobPlan, PauseRequest } from '@windrow/contract';
import { durationMs, PRIORITIES } from '@windrow/contract';

export class JobControls {
  paused: PauseRequest | undefined;
  /** Set once the budget is used up: the cluster's words for it. */
  spent: string | undefined;
  private planned: { execution: JobPlan['execution']; time: number } | undefined;
  private changes: ExecutionChange = {};

  /** From here on the values of the specification are known; the time limit counts from now. */
  plan(execution: JobPlan['execution']): void {
    this.planned = { execution, time: Date.now() };
  }

  /** To put back what runs goes further than to wait for it; the other way there is nothing left to wait for. */
  pause(request: PauseRequest): void {
    if (this.paused?.running !== 'requeue') this.paused = request;
  }

  resume(): void {
    this.paused = undefined;
  }

  /** May come before the plan; a later change wins where two speak of the same. */
  change(change: ExecutionChange): void {
    const toleratedFailures = { ...this.changes.toleratedFailures, ...change.toleratedFailures };
    this.changes = { ...this.changes, ...change, ...(hasAny(toleratedFailures) && { toleratedFailures }) };
  }

  /** What the owner changed; an automatic redrive goes on with it. */
  get changed(): ExecutionChange {
    return this.changes;
  }

  /** Present when no task is to start: what happens to those that run. */
  get stop(): PauseRequest['running'] | undefined {
    return this.paused?.running ?? (this.spent === undefined ? undefined : 'wait');
  }

  /** The values in force. Known once the job is planned. */
  get execution(): JobExecution {
    const { priority, timeout, maxParallelTasks, deadline, toleratedFailures } = this.plannedOrThrow().execution;
    return {
      priority,
      timeout,
      ...(maxParallelTasks !== undefined && { maxParallelTasks }),
      ...(deadline !== undefined && { deadline }),
      ...this.changes,
      toleratedFailures: { ...toleratedFailures, ...this.changes.toleratedFailures },
    };
  }

  get isPlanned(): boolean {
    return this.planned !== undefined;
  }

  /** The higher, the sooner. */
  get priority(): number {
    return PRIORITIES.indexOf(this.execution.priority);
  }

  /** Whichever of timeout and deadline is first. `at` in milliseconds. */
  get timeLimit(): { at: number; words: string } {
    const { timeout, deadline } = this.execution;
    const byTimeout = this.plannedOrThrow().time + durationMs(timeout);
    if (deadline !== undefined && Date.parse(deadline) < byTimeout) {
      return { at: Date.parse(deadline), words: `before execution.deadline (${deadline})` };
    }
    return { at: byTimeout, words: `within execution.timeout (${timeout})` };
  }

  /** Failures that the job may have among `tasks` tasks. */
  tolerated(tasks: number): number {
    const { count, percent } = this.execution.toleratedFailures;
    return Math.max(count, Math.floor((tasks * percent) / 100));
  }

  private plannedOrThrow(): { execution: JobPlan['execution']; time: number } {
    if (!this.planned) throw new Error('the job is not planned yet');
    return this.planned;
  }
}

function hasAny(value: object): boolean {
  return Object.keys(value).length > 0;
}
