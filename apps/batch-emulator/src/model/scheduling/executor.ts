import { parseDuration } from '../../util/duration';
import type { FailureInfo } from '../../wire/types';
import { lineUp } from './admission';
import { membersOf, type Attempt } from '../tasks/attempt';
import { announceFreed, closeAttempt, openAttempt } from '../tasks/attempt-slots';
import { endedByTimeLimit, endedByUser, failureExitCode, preparationFailed } from '../failures';
import { GangRun } from '../tasks/gang-run';
import { JobPreparation } from '../jobs/job-preparation';
import type { ComputeNode } from '../nodes/node';
import { limitOnNode } from '../nodes/node-timer';
import type { OnEnd, Outcome, Run, TaskRunRequest } from '../runner';
import type { Task } from '../tasks/task';
import { nodeAt, poolOf, type World } from '../world';

/** Runs tasks on nodes and decides what follows from how they end. */
export class Executor {
  readonly preparation: JobPreparation;

  constructor(private readonly world: World) {
    this.preparation = new JobPreparation(world, (attempt, ok) => this.prepared(attempt, ok));
  }

  /** Puts an active task on nodes with room for it: one, or as many as it has instances. */
  assign(task: Task, nodes: readonly ComputeNode[], slots: number): void {
    const attempt = openAttempt(this.world, task, nodes, slots);
    if (!attempt) return;
    if (this.preparation.isReady(attempt)) return this.start(attempt);
    const now = this.world.clock.now();
    task.job.tasks.transition(task, 'preparing', now, () => {
      task.forgetOutcome();
      task.placement = attempt.node.placement;
    });
    this.world.journal.taskChanged(task);
    this.preparation.begin(attempt);
  }

  /** "Task - Terminate": completed at once; the process may take a moment to die. */
  terminate(task: Task, failure: FailureInfo = endedByUser): void {
    this.abandon(task);
    this.complete(task, { failure });
    // Nodes may have been kept free for it.
    this.world.signals.poolReady(task.job.poolId);
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
    for (const member of membersOf(attempt)) member.abandoned = true;
    attempt.limit?.cancel();
    task.attempt = undefined;
    if (attempt.run) return attempt.run.kill();
    this.preparation.withdraw(attempt);
    this.world.clock.after(0, () => this.ended(attempt, {}));
  }

  /** What is to be done with every task running on the node, for example before it leaves. */
  evict(node: ComputeNode, action: (task: Task) => void): void {
    for (const attempt of [...node.attempts]) if (!attempt.abandoned) action(attempt.task);
  }

  /** "JobPreparationTask": a task whose node could not be prepared waits for another one. */
  private prepared(attempt: Attempt, ok: boolean): void {
    if (attempt.abandoned || attempt.run) return;
    if (!ok) {
      this.world.events.taskScheduleFailed(attempt.task, preparationFailed);
      return this.recover(attempt.task);
    }
    if (this.preparation.isReady(attempt)) this.start(attempt);
  }

  private start(attempt: Attempt): void {
    const { task, node } = attempt;
    const now = this.world.clock.now();
    task.job.tasks.transition(task, 'running', now, () => {
      task.forgetOutcome();
      task.startTime = now;
      task.placement = node.placement;
    });
    this.world.journal.taskChanged(task);
    this.world.events.taskStarted(task);
    this.limit(attempt);
    attempt.run = this.run(attempt, (outcome) => this.ended(attempt, outcome));
  }

  private run(attempt: Attempt, onEnd: OnEnd): Run {
    const { task, node } = attempt;
    const request: TaskRunRequest = { task, node, isFinal: (exitCode) => !this.mayRetry(task, exitCode) };
    if (!task.rules.multiInstanceSettings) return this.world.runnerOf(node.pool).runTask(request, onEnd);
    request.membership = { nodes: membersOf(attempt).map((member) => member.node), index: 0 };
    return new GangRun(this.world, attempt, request, onEnd);
  }

  private limit(attempt: Attempt): void {
    const millis = parseDuration(attempt.task.constraints.maxWallClockTime) ?? Number.POSITIVE_INFINITY;
    attempt.limit = limitOnNode(this.world, attempt.node, millis, () => {
      attempt.timedOut = true;
      attempt.run?.kill(true);
    });
  }

  private ended(attempt: Attempt, outcome: Outcome): void {
    const { task } = attempt;
    attempt.limit?.cancel();
    closeAttempt(attempt);
    if (!attempt.abandoned) {
      task.attempt = undefined;
      this.settle(attempt, outcome);
    }
    for (const { node } of membersOf(attempt)) announceFreed(this.world, node);
    this.world.signals.attemptEnded(task.job);
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
    return exitCode !== 0 && !task.job.isEnding && (limit < 0 || task.retryCount < limit);
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
    job.subtasks.delete(task.id);
    job.tasks.transition(task, 'active', now, () => {
      task.forgetOutcome();
      change(now);
    });
    this.world.journal.taskChanged(task);
    if (task.isManager) poolOf(this.world, job.poolId)?.restarting.add(task);
    lineUp(this.world, task);
  }

  private complete(task: Task, outcome: Outcome): void {
    const now = this.world.clock.now();
    task.job.tasks.transition(task, 'completed', now, () => {
      task.exitCode = outcome.exitCode;
      task.failure = outcome.failure;
      task.endTime = now;
    });
    nodeAt(this.world, task.placement)?.noteTask(task);
    this.world.journal.taskChanged(task);
    this.world.events.taskCompleted(task);
    this.world.signals.taskCompleted(task);
  }
}
