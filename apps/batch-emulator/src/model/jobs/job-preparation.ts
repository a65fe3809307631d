import { membersOf, type Attempt } from '../tasks/attempt';
import { withConstraintDefaults } from './common-defaults';
import { failureExitCode } from '../failures';
import type { Job } from './job';
import { isPrepared, jobNodeOf, succeeded, type JobNode } from './job-node';
import type { ComputeNode } from '../nodes/node';
import type { Outcome } from '../runner';
import { startSideRun } from '../tasks/side-run';
import type { World } from '../world';

/** "JobPreparationTask": runs on a node before the first task of the job does. */
export class JobPreparation {
  constructor(
    private readonly world: World,
    /** Told for every attempt that waited, on each of its nodes. */
    private readonly onPrepared: (attempt: Attempt, ok: boolean) => void,
  ) {}

  /** Whether the attempt may start at once; what does not have to be waited for is started here. */
  isReady(attempt: Attempt): boolean {
    const { job } = attempt.task;
    if (!job.spec.jobPreparationTask && !job.spec.jobReleaseTask) return true;
    const nodes = membersOf(attempt).map((member) => member.node);
    for (const node of nodes) this.note(job, node);
    if (job.spec.jobPreparationTask?.waitForSuccess !== false) return nodes.every((node) => isPrepared(job, node));
    for (const node of nodes) if (!isPrepared(job, node)) this.prepare(job, node);
    return true;
  }

  /** Prepares the nodes of the attempt that are not; one that is being prepared already is joined. */
  begin(attempt: Attempt): void {
    const { job } = attempt.task;
    for (const { node } of membersOf(attempt)) {
      if (!isPrepared(job, node)) this.prepare(job, node).waiting.add(attempt);
    }
  }

  /** The attempt waits no more; what is then left without anybody who waits ends. */
  withdraw(attempt: Attempt): void {
    for (const { node } of membersOf(attempt)) {
      const entry = attempt.task.job.nodes.get(node.id);
      if (entry?.waiting.delete(attempt) && entry.waiting.size === 0) entry.preparing?.kill();
    }
  }

  /** The job ends: preparations under way end with it. */
  stop(job: Job): void {
    for (const entry of job.nodes.values()) entry.preparing?.kill();
  }

  private note(job: Job, node: ComputeNode): void {
    const known = job.nodes.get(node.id)?.disk;
    const entry = jobNodeOf(job, node);
    // Without a preparation it is the task that leaves something behind for the release.
    if (!job.spec.jobPreparationTask) entry.disk = node.disk;
    if (known !== entry.disk) this.world.journal.jobNode(job, entry);
  }

  private prepare(job: Job, node: ComputeNode): JobNode {
    const entry = jobNodeOf(job, node);
    const underWay = entry.preparation?.state === 'running' && entry.life === node.life;
    if (!underWay) this.run(job, node, entry, 0);
    return entry;
  }

  private run(job: Job, node: ComputeNode, entry: JobNode, attempt: number): void {
    const spec = job.spec.jobPreparationTask;
    if (!spec) return;
    const now = this.world.clock.now();
    entry.life = node.life;
    entry.disk = node.disk;
    entry.preparation = {
      state: 'running',
      startTime: now,
      retryCount: attempt,
      ...(attempt > 0 && { lastRetryTime: now }),
    };
    this.world.journal.jobNode(job, entry);
    const command = { job, node, taskId: spec.id ?? '', spec, attempt };
    const { maxWallClockTime } = withConstraintDefaults(spec.constraints, 0);
    const run = startSideRun(this.world, command, maxWallClockTime, (outcome) => {
      // The node may have lost this run to a reboot and be at its next one.
      if (entry.preparing === run) this.ended(job, node, entry, attempt, outcome);
    });
    entry.preparing = run;
  }

  private ended(job: Job, node: ComputeNode, entry: JobNode, attempt: number, outcome: Outcome): void {
    const spec = job.spec.jobPreparationTask;
    const info = entry.preparation;
    entry.preparing = undefined;
    if (!spec || !info) return;
    const retries = spec.constraints?.maxTaskRetryCount ?? 0;
    const mayRetry = !job.isEnding && node.life === entry.life && (retries < 0 || attempt < retries);
    if (outcome.failure === undefined && outcome.exitCode !== 0 && mayRetry) {
      return this.run(job, node, entry, attempt + 1);
    }
    info.state = 'completed';
    info.endTime = this.world.clock.now();
    const failure = outcome.failure ?? (outcome.exitCode === 0 ? undefined : failureExitCode);
    if (outcome.exitCode !== undefined) info.exitCode = outcome.exitCode;
    if (failure) info.failure = failure;
    // One that was ended from outside says nothing about the node: the next task has it run again.
    if (failure?.code === 'TaskEnded' && outcome.exitCode === undefined) entry.life = -1;
    this.world.journal.jobNode(job, entry);
    const waiting = [...entry.waiting];
    entry.waiting.clear();
    for (const waiter of waiting) this.onPrepared(waiter, succeeded(info));
  }
}
