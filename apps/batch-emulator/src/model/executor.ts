import { parseDuration } from '../util/duration';
import type { FailureInfo } from '../wire/types';
import type { Attempt } from './attempt';
import { endedByTimeLimit, endedByUser, failureExitCode } from './failures';
import type { ComputeNode } from './node';
import { refreshNode } from './node-state';
import type { Outcome } from './runner';
import type { Task } from './task';
import type { World } from './world';

/** Runs tasks on nodes and decides what follows from how they end. */
export class Executor {
  constructor(private readonly world: World) {}

  /** Puts an active task on a node with room for it. */
  assign(task: Task, node: ComputeNode): void {
    const attempt: Attempt = {
      task,
      node,
      slots: task.slots,
      run: undefined,
      limit: undefined,
      timedOut: false,
      abandoned: false,
    };
    const now = this.world.clock.now();
    task.job.tasks.transition(task, 'running', now, () => {
      task.forgetOutcome();
      task.startTime = now;
      task.placement = node.placement;
    });
    task.attempt = attempt;
    task.job.attempts++;
    node.attempts.add(attempt);
    node.slotsUsed += attempt.slots;
    node.totalTasksRun++;
    refreshNode(this.world, node);
    this.world.journal.taskChanged(task);
    this.world.events.taskStarted(task);
    this.limit(attempt);
    const request = { task, node, isFinal: (exitCode: number) => !this.mayRetry(task, exitCode) };
    attempt.run = this.world.runnerOf(node.pool).runTask(request, (outcome) => this.ended(attempt, outcome));
  }

  /** "Task - Terminate": completed at once; the process may take a moment to die. */
  terminate(task: Task, failure: FailureInfo = endedByUser): void {
    this.abandon(task);
    this.complete(task, { failure });
  }

  /** Back to active by the user's doing (resize, disable): counted as a requeue. */
  requeue(task: Task): void {
    this.backToActive(task, (now) => {
      task.requeueCount++;
      task.lastRequeueTime = now;
    });
  }

  /** Back to active because the node was lost: counted nowhere. */
  recover(task: Task): void {
    this.backToActive(task, () => undefined);
  }

  /** Lets the process go on to its death without the task. */
  abandon(task: Task): void {
    const { attempt } = task;
    if (!attempt) return;
    attempt.abandoned = true;
    attempt.limit?.cancel();
    task.attempt = undefined;
    attempt.run?.kill();
  }

  /** What is to be done with every task running on the node, for example before it leaves. */
  evict(node: ComputeNode, action: (task: Task) => void): void {
    for (const attempt of [...node.attempts]) if (!attempt.abandoned) action(attempt.task);
  }

  private limit(attempt: Attempt): void {
    const millis = parseDuration(attempt.task.constraints.maxWallClockTime) ?? Number.POSITIVE_INFINITY;
    if (millis === Number.POSITIVE_INFINITY) return;
    attempt.limit = this.world.clock.after(millis, () => {
      attempt.timedOut = true;
      attempt.run?.kill(true);
    });
  }

  private ended(attempt: Attempt, outcome: Outcome): void {
    const { task, node } = attempt;
    attempt.limit?.cancel();
    node.attempts.delete(attempt);
    node.slotsUsed -= attempt.slots;
    task.job.attempts--;
    if (!attempt.abandoned) {
      task.attempt = undefined;
      this.settle(attempt, outcome);
    }
    refreshNode(this.world, node);
    this.world.signals.attemptEnded(task.job);
    if (node.leaving) this.world.signals.nodesChanged(node.pool);
    this.world.signals.poolReady(node.pool.id);
  }

  private settle(attempt: Attempt, outcome: Outcome): void {
    const { task } = attempt;
    if (attempt.timedOut) return this.complete(task, { ...outcome, failure: endedByTimeLimit });
    const { exitCode, failure } = outcome;
    if (failure === undefined && exitCode !== undefined && this.mayRetry(task, exitCode)) return this.retry(task);
    this.complete(task, failure === undefined && exitCode !== 0 ? { ...outcome, failure: failureExitCode } : outcome);
  }

  /** Only a non-zero exit code of the command is retried; -1 means without limit. */
  private mayRetry(task: Task, exitCode: number): boolean {
    const limit = task.constraints.maxTaskRetryCount;
    return exitCode !== 0 && task.job.state === 'active' && (limit < 0 || task.retryCount < limit);
  }

  private retry(task: Task): void {
    this.backToActive(task, (now) => {
      task.retryCount++;
      task.lastRetryTime = now;
    });
  }

  private backToActive(task: Task, change: (now: number) => void): void {
    this.abandon(task);
    const { job } = task;
    const now = this.world.clock.now();
    job.tasks.transition(task, 'active', now, () => {
      task.forgetOutcome();
      change(now);
    });
    job.ready.add(task);
    this.world.journal.taskChanged(task);
    this.world.signals.poolReady(job.poolId);
  }

  private complete(task: Task, outcome: Outcome): void {
    const { job } = task;
    const now = this.world.clock.now();
    const { placement } = task;
    job.tasks.transition(task, 'completed', now, () => {
      task.exitCode = outcome.exitCode;
      task.failure = outcome.failure;
      task.endTime = now;
    });
    if (placement) this.noteOnNode(task);
    this.world.journal.taskChanged(task);
    this.world.events.taskCompleted(task);
    this.world.signals.taskCompleted(task);
  }

  private noteOnNode(task: Task): void {
    const pool = this.world.pools.get(task.placement?.poolId.toLowerCase() ?? '');
    const node = pool?.nodes.get(task.placement?.nodeId ?? '');
    if (!node) return;
    if (task.succeeded) node.totalTasksSucceeded++;
    node.noteTask(task);
  }
}
