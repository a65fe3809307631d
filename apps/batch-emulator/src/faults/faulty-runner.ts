import { targetOfNode } from '../model/fault-target';
import type { ComputeNode } from '../model/nodes/node';
import type { JobCommand, OnEnd, Outcome, Run, Runner, TaskRunRequest } from '../model/runner';
import { failureInfoOf } from '../nodes/run-failure';
import type { Clock } from '../util/clock';
import type { Timer } from '../util/timer-heap';
import type { StartTaskSpec } from '../wire/types';
import type { FaultRules } from './fault-rules';
import type { FaultRule } from './kinds';

const DEFAULT_DELAY_MS = 60_000;
const DEFAULT_EXIT_CODE = 1;
const KILLED: Outcome = { exitCode: -9 };

/** A runner whose tasks fail and dawdle as ordered; everything else passes through. */
export class FaultyRunner implements Runner {
  constructor(
    private readonly inner: Runner,
    private readonly faults: FaultRules,
    private readonly clock: Clock,
  ) {}

  runTask(request: TaskRunRequest, onEnd: OnEnd): Run {
    const { faults } = this;
    if (!faults.has('slowTask') && !faults.has('taskFailure')) return this.inner.runTask(request, onEnd);
    const { task, node } = request;
    const target = { ...targetOfNode(node), jobId: task.job.id, taskId: task.id };
    const slow = faults.take('slowTask', target);
    const failure = faults.take('taskFailure', target);
    const begin = (end: OnEnd): Run => (failure ? this.fail(failure, request, end) : this.inner.runTask(request, end));
    return slow ? new LateRun(this.clock, slow.ms ?? DEFAULT_DELAY_MS, begin, onEnd) : begin(onEnd);
  }

  runCommand(command: JobCommand, onEnd: OnEnd): Run {
    return this.inner.runCommand(command, onEnd);
  }

  installPackages(node: ComputeNode, onEnd: OnEnd): Run {
    return this.inner.installPackages(node, onEnd);
  }

  runStartTask(node: ComputeNode, spec: StartTaskSpec, onEnd: OnEnd): Run {
    return this.inner.runStartTask(node, spec, onEnd);
  }

  discard(node: ComputeNode, jobId?: string, taskId?: string): void {
    this.inner.discard(node, jobId, taskId);
  }

  /** Without its command, except where it is the upload behind it that fails. */
  private fail({ code, exitCode = DEFAULT_EXIT_CODE }: FaultRule, request: TaskRunRequest, onEnd: OnEnd): Run {
    if (code === undefined) return new LateRun(this.clock, 0, ended({ exitCode }), onEnd);
    const failure = failureInfoOf(code);
    if (!code.startsWith('FileUpload')) return new LateRun(this.clock, 0, ended({ failure }), onEnd);
    const withoutUploads = { ...request, isFinal: () => false };
    return this.inner.runTask(withoutUploads, (outcome) => {
      const uploads = outcome.exitCode !== undefined && request.isFinal(outcome.exitCode);
      onEnd(uploads ? { ...outcome, failure } : outcome);
    });
  }
}

const ended =
  (outcome: Outcome) =>
  (onEnd: OnEnd): undefined =>
    onEnd(outcome) as undefined;

/** A run that begins after a while of emulated time; until then a kill ends it at once. */
class LateRun implements Run {
  private inner: Run | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    delayMs: number,
    begin: (onEnd: OnEnd) => Run | undefined,
    private readonly onEnd: OnEnd,
  ) {
    this.timer = clock.after(delayMs, () => {
      this.timer = undefined;
      this.inner = begin(onEnd);
    });
  }

  kill(keepOutputs?: boolean): void {
    this.inner?.kill(keepOutputs);
    if (!this.timer) return;
    this.timer.cancel();
    this.timer = undefined;
    this.clock.after(0, () => this.onEnd(KILLED));
  }
}
