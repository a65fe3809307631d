import { failureExitCode } from '../failures';
import type { Job } from './job';
import type { JobNode } from './job-node';
import { MAX_RELEASE_TIME } from './job-task-defaults';
import { AWAY, type ComputeNode } from '../nodes/node';
import { startSideRun } from '../tasks/side-run';
import { poolOf, type World } from '../world';

/**
 * "JobReleaseTask": runs at the end of the job on every node where its preparation or, without one, a task of it ran.
 * How it ends changes nothing for the job.
 */
export class JobRelease {
  constructor(private readonly world: World) {}

  /** Starts what has not run yet; true when there was something to start, and the job has to wait for it. */
  start(job: Job): boolean {
    if (!job.spec.jobReleaseTask) return false;
    let started = false;
    for (const entry of job.nodes.values()) {
      if (entry.release) continue;
      const node = this.nodeOf(entry);
      if (!node) continue;
      this.run(job, node, entry);
      started = true;
    }
    return started;
  }

  /** What ran was on the disk that the node has now. */
  private nodeOf(entry: JobNode): ComputeNode | undefined {
    const { poolId, nodeId } = entry.placement;
    const node = poolOf(this.world, poolId)?.nodes.get(nodeId);
    return node && !AWAY.has(node.state) && node.disk === entry.disk ? node : undefined;
  }

  private run(job: Job, node: ComputeNode, entry: JobNode): void {
    const spec = job.spec.jobReleaseTask;
    if (!spec) return;
    const info: NonNullable<JobNode['release']> = {
      state: 'running',
      startTime: this.world.clock.now(),
      retryCount: 0,
    };
    entry.release = info;
    this.world.journal.jobNode(job, entry);
    const command = { job, node, taskId: spec.id ?? '', spec, attempt: 0 };
    startSideRun(this.world, command, spec.maxWallClockTime ?? MAX_RELEASE_TIME, ({ exitCode, failure }) => {
      info.state = 'completed';
      info.endTime = this.world.clock.now();
      if (exitCode !== undefined) info.exitCode = exitCode;
      const reason = failure ?? (exitCode === 0 ? undefined : failureExitCode);
      if (reason) info.failure = reason;
      this.world.journal.jobNode(job, entry);
    });
  }
}
