/** The way of one run of a job: plan, acquire, submit and watch, retry, gather, release; and whether another follows. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
} from '@temporalio/workflow';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { EndedJob, EndState, JobInput, JobPlan, JobResult, RedriveChoice } from '@windrow/contract';
import { FailureType, jobEnded, waveOf } from '@windrow/contract';
import { announce } from './announce';
import { wasCancelled } from './cancelled';
import { JobControls } from './controls';
import { JobAdmission } from './job-admission';
import { gather } from './gather';
import { jobError } from './job-error';
import { handleOwner, handleSignals } from './job-messages';
import { JobRecord } from './job-record';
import { JobLease } from './lease';
import type { SlotNeed } from './lease';
import { bulk } from './proxies';
import { nextRun, waitForRedrive } from './redrive';
import { releaseJob } from './release';
import { runTasks, startOf } from './run-tasks';
import { timeLimitPassed } from './time-limit';

export async function jobWorkflow(input: JobInput): Promise<JobResult> {
  return new JobRun(input).run();
}

/** State of one run; the methods below are the phases, in order. */
export class JobRun {
  readonly record: JobRecord;
  readonly controls = new JobControls();
  /** Batch waves that were begun, and have to be cleaned away. */
  readonly waves: string[] = [];
  /** A wave is under way: what is to stop, stops by way of it. */
  waveRuns = false;
  /** Set before it is asked for, so that release gives back what may have been granted meanwhile. */
  lease: JobLease | undefined;
  readonly admission: JobAdmission;
  plan: JobPlan | undefined;
  manifestWritten = false;
  /** The phases are over; nothing can be changed any more. */
  ending = false;
  private lastNeed: SlotNeed | undefined;
  /** Every task of the job has been started; what is left is work of ours. */
  private allStarted = false;
  /** Set when something outside the phases ends the job: its time limit, or a broken pool. */
  private fatal: ApplicationFailure | undefined;
  private readonly phases = new CancellationScope();

  constructor(readonly input: JobInput) {
    this.record = new JobRecord(input);
    this.admission = new JobAdmission(input, this);
    if (input.redrive?.changes) this.controls.change(input.redrive.changes);
    handleOwner(this);
    handleSignals(this);
  }

  async run(): Promise<JobResult> {
    let outcome: EndState = 'succeeded';
    let cause: unknown;
    try {
      await this.phases.run(() => this.runPhases());
      log.info('job succeeded');
    } catch (thrown) {
      cause = this.fatal ?? thrown;
      outcome = this.fatal === undefined && wasCancelled(thrown) ? 'cancelled' : 'failed';
      const error = outcome === 'failed' ? jobError(cause) : { code: 'Cancelled', message: 'The job was cancelled.' };
      this.record.row.error = error;
      log.info(`job ${outcome}`, { ...error });
    }
    const refused = outcome === 'failed' ? this.refusal() : undefined;
    if (refused) this.record.redriveRefused(refused);
    this.ending = true;
    // Ends what runs beside the phases: the time limit and the renewal of the lease.
    this.phases.cancel();
    await CancellationScope.nonCancellable(() => releaseJob(this, refused?.state ?? outcome));
    const next = outcome === 'failed' ? await CancellationScope.nonCancellable(() => nextRun(this)) : undefined;
    if (next) {
      try {
        await waitForRedrive(this, next);
        await condition(allHandlersFinished);
        return await continueAsNew<typeof jobWorkflow>(next.input());
      } catch (error) {
        if (!isCancellation(error)) throw error;
        cause = error;
        outcome = 'cancelled';
        this.record.row.error = {
          code: 'Cancelled',
          message: 'The job was cancelled while it waited for its redrive.',
        };
        this.ending = true;
      }
    }
    await CancellationScope.nonCancellable(async () => {
      const listened = await this.record.finish(refused?.state ?? outcome);
      // A redrive that did not begin is no further end of the job.
      if (listened && !refused) await announce(jobEnded(this.record.row, outcome));
      await this.lease?.settle();
      await condition(allHandlersFinished);
    });
    if (outcome === 'cancelled') throw isCancellation(cause) ? cause : new CancelledFailure('The job was cancelled.');
    const { counts, redriveRefused } = this.record.row;
    const error = refused ? redriveRefused : this.record.row.error;
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

  /** What the job goes back to when its redrive cannot begin; undefined otherwise. */
  private refusal(): EndedJob | undefined {
    return this.plan ? undefined : this.input.redrive?.ended;
  }

  private async runPhases(): Promise<void> {
    await this.record.enter('planning');
    const { plan, choice } = await this.planRun();
    const start = startOf(plan, choice);
    this.plan = plan;
    this.controls.plan(plan.execution);
    this.record.planned(plan, start);
    this.record.executes(this.controls.execution);
    this.startTimeLimit();
    let blocked = 0;
    if (plan.limited) await this.admission.enter();
    // None: the input was empty, or it is the gather alone that is redriven.
    if (start.tasks > 0) {
      await this.gate();
      await this.record.enter('provisioning');
      await this.ready({ tasks: start.tasks, slotsPerTask: plan.requiredSlots });
      this.record.follow(waveOf(start.wave));
      await this.record.enter('running');
      ({ blocked } = await runTasks(this, plan, start));
    }
    await gather(this, plan, { blocked, skipped: start.skipped });
  }

  private async planRun(): Promise<{ plan: JobPlan; choice?: RedriveChoice }> {
    const { input } = this;
    if (input.redrive) {
      const summary = `which tasks redrive ${input.redrive.number} runs`;
      return bulk.planRedrive.executeWithOptions({ summary }, [input]);
    }
    return { plan: await bulk.planJob.executeWithOptions({ summary: 'read the input and write the plan' }, [input]) };
  }

  /** Between two steps: waits for as long as the job is paused, and holds no slots meanwhile. */
  async gate(): Promise<void> {
    while (this.controls.paused) {
      await this.lease?.park();
      await condition(() => this.controls.paused === undefined);
    }
  }

  /** Before tasks are started: the job is not paused, and has slots; as many as `need` can use, where it is given. */
  async ready(need: SlotNeed = this.lastNeed!): Promise<void> {
    // A redrive of the gather alone comes to its lease here, too, if it needs one.
    const lease = (this.lease ??= this.newLease(this.plan!));
    let asked = need === this.lastNeed;
    this.lastNeed = need;
    do {
      await this.gate();
      if (!asked || lease.parked) await lease.acquire(need, { idle: true });
      asked = true;
    } while (this.controls.paused);
  }

  private newLease(plan: JobPlan): JobLease {
    return new JobLease(this.input, plan, {
      controls: this.controls,
      record: this.record,
      scope: this.phases,
      lost: (reason) => this.end(FailureType.clusterRefused, reason),
    });
  }

  private startTimeLimit(): void {
    void this.phases
      .run(async () => {
        const words = await timeLimitPassed(this.controls);
        this.end(FailureType.jobTimeout, `The job did not end ${words}.`);
      })
      .catch(() => undefined);
  }

  /** Ends the phases with a failure of the job, not a cancellation by the user. */
  end(type: FailureType, message: string): void {
    this.fatal ??= ApplicationFailure.nonRetryable(message, type);
    this.phases.cancel();
  }

  /** The budget is used up: no task starts any more. A wave lets end what runs; elsewhere nothing does. */
  spend(words: string): void {
    this.controls.spent ??= words;
    if (this.waveRuns || this.allStarted || this.ending) return;
    this.fatal ??= this.budgetFailure();
    this.phases.cancel();
  }

  startsNoMore(): void {
    this.allStarted = true;
  }

  budgetFailure(): ApplicationFailure {
    return ApplicationFailure.nonRetryable(
      `${this.controls.spent} No further task was started, and those that ran have ended. Raise execution.budget and submit the job again, or redrive what did not run.`,
      FailureType.budgetExceeded,
    );
  }
}
