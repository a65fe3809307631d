/** The way of one job: plan, acquire, submit and watch, retry, gather, release. */
import { CancellationScope, condition, isCancellation, log, setHandler, sleep } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { JobInput, JobPlan, JobResult } from '@windrow/contract';
import { durationMs, FailureType, waveOf } from '@windrow/contract';
import { Grants } from './grants';
import { acquireLease, claimFor, holdLease } from './lease';
import type { Lease } from './lease';
import { jobError } from './job-error';
import { JobRecord } from './job-record';
import { gather } from './gather';
import { clusterStatusSignal, leaseGrantedSignal, progressSignal, waitingSignal } from './messages';
import { bulk } from './proxies';
import { releaseJob } from './release';
import { runTasks } from './run-tasks';

export async function jobWorkflow(input: JobInput): Promise<JobResult> {
  return new JobRun(input).run();
}

/** State of one run; the methods below are the phases, in order. */
export class JobRun {
  readonly record: JobRecord;
  /** Batch waves that were begun, and have to be cleaned away. */
  readonly waves: string[] = [];
  /** Set before it is asked for, so that release gives back what may have been granted meanwhile. */
  lease: Lease | undefined;
  plan: JobPlan | undefined;
  manifestWritten = false;
  /** Set when something outside the phases ends the job: its time limit, or a broken pool. */
  private fatal: ApplicationFailure | undefined;
  private readonly phases = new CancellationScope();
  private readonly grants = new Grants(this, this.phases);

  constructor(readonly input: JobInput) {
    this.record = new JobRecord(input);
    setHandler(leaseGrantedSignal, (answer) => this.grants.take(answer), {
      description: 'The cluster grants slots: those asked for, or later more or fewer of them.',
    });
    setHandler(progressSignal, (progress) => this.record.progressed(progress), {
      description: 'The watch reports counts.',
    });
    setHandler(waitingSignal, (waiting) => this.record.waitFor('step', waiting), {
      description: 'A step waits, and why.',
    });
    setHandler(
      clusterStatusSignal,
      async (status) => {
        if (status.broken) this.end(FailureType.poolBroken, status.broken.message);
        else await this.record.clusterSays(status);
      },
      { description: 'The cluster tells of its nodes, and why it waits.' },
    );
  }

  async run(): Promise<JobResult> {
    let outcome: 'succeeded' | 'failed' | 'cancelled' = 'succeeded';
    let cause: unknown;
    try {
      await this.phases.run(() => this.runPhases());
    } catch (error) {
      cause = this.fatal ?? error;
      outcome = this.fatal === undefined && isCancellation(error) ? 'cancelled' : 'failed';
      if (outcome === 'failed') this.record.row.error = jobError(cause);
      else this.record.row.error = { code: 'Cancelled', message: 'The job was cancelled.' };
      log.info(`job ${outcome}`, { ...this.record.row.error });
    }
    // Ends what runs beside the phases: the time limit and the renewal of the lease.
    this.phases.cancel();
    await CancellationScope.nonCancellable(async () => {
      await releaseJob(this, outcome);
      await this.record.finish(outcome);
    });
    if (outcome === 'cancelled') throw cause;
    const { counts, error } = this.record.row;
    // The workflow ends as its job did, so that Temporal's own lists and schedules see a failure as one.
    if (error)
      throw ApplicationFailure.create({
        message: error.message,
        type: error.code,
        nonRetryable: true,
        details: [counts],
      });
    return { state: 'succeeded', counts };
  }

  private async runPhases(): Promise<void> {
    await this.record.enter('planning');
    const plan = await bulk.planJob.executeWithOptions({ summary: 'read the input and write the plan' }, [this.input]);
    this.plan = plan;
    this.record.planned(plan);
    this.startTimeLimit(durationMs(plan.execution.timeout));
    if (plan.tasks > 0) {
      await this.record.enter('provisioning');
      this.lease = claimFor(this.input, plan);
      await acquireLease(this.lease, this.record, {
        granted: () => this.grants.latest,
        wait: () => condition(() => this.grants.latest !== undefined),
        lost: (reason) => this.end(FailureType.clusterRefused, reason),
      });
      void this.grants.catchUp();
      holdLease(this.lease, this.phases, (reason) => this.end(FailureType.clusterRefused, reason));
      this.record.follow(waveOf(1));
      await this.record.enter('running');
      await runTasks(this, plan);
    }
    await gather(this, plan);
  }

  private startTimeLimit(ms: number): void {
    const limit = new Date(Date.now() + ms).toISOString();
    void this.phases
      .run(async () => {
        await sleep(ms, { summary: `the job's time limit, ${limit}` });
        this.end(
          FailureType.jobTimeout,
          `The job did not end within execution.timeout (${this.plan?.execution.timeout}).`,
        );
      })
      .catch(() => undefined);
  }

  /** Ends the phases with a failure of the job, not a cancellation by the user. */
  private end(type: FailureType, message: string): void {
    this.fatal ??= ApplicationFailure.nonRetryable(message, type);
    this.phases.cancel();
  }
}
