/** The job of a run: made by the same records as the API's, waited for, cancelled. */
import { cancellationSignal } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  defineSearchAttributeKey,
  TerminatedFailure,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import type { JobInput, JobKey, JobSpec, Place, PlaceKey, RunEnd, Schedule, ScheduleRun } from '@windrow/contract';
import {
  experimentPlace,
  expandJob,
  FailureType,
  jobFacts,
  jobWorkflowId,
  runJob,
  runPlace,
  ScheduleTimes,
  SearchAttribute,
  shortSummary,
  startJobOnce,
  TaskQueue,
  WorkflowType,
  workspacePlace,
} from '@windrow/contract';
import { fingerprint, JobRecords, newPlace } from '@windrow/storage';
import { createEnding } from './deletion-ending';
import type { ActivityDeps } from './deps';
import { beating } from './poll';
import { createScheduleRuns } from './schedule-runs';
import type { RunRef } from './schedule-runs';

export function createScheduledJobActivities(deps: ActivityDeps) {
  const { temporal } = deps;
  const { resources, blobs } = deps.storage;
  const { findSchedule, findRun, beginScheduledRun, endScheduledRun } = createScheduleRuns(deps);
  const records = new JobRecords(blobs);
  const ending = createEnding(deps);

  /** Specification, name, start: each may be there already. @throws ApplicationFailure InvalidJob when no job can be made */
  async function createScheduledJob(ref: RunRef): Promise<{ job: string }> {
    const run = await recordOf(ref);
    const key = runJob(ref, run);
    if (run.created) return { job: run.job };
    const known = await records.find(key);
    const spec = known ? await records.readSpec(key.workspace, run.uid) : await newSpec(ref, run);
    const record = known ?? { uid: run.uid, specHash: fingerprint(spec), createdTime: run.startedTime };
    if (record.uid !== run.uid || record.deleting || !spec) throw nameTaken(key);
    if (!known) {
      await records.writeSpec(key.workspace, run.uid, spec);
      if (!(await records.claim(key, record)) && (await records.find(key))?.uid !== run.uid) {
        await records.deleteSpec(key.workspace, run.uid);
        throw nameTaken(key);
      }
    }
    await startJob({ ...key, uid: run.uid, createdTime: record.createdTime }, spec);
    await resources.change<ScheduleRun>(runPlace(ref, ref.run), (now) => ({ ...now, created: true, state: 'running' }));
    return { job: run.job };
  }

  async function newSpec(ref: RunRef, run: ScheduleRun): Promise<JobSpec> {
    const schedule = await findSchedule(ref);
    if (!schedule) throw invalid(`There is no schedule '${ref.schedule}' any more.`);
    await open(workspacePlace(ref.workspace), false);
    await open(experimentPlace(runJob(ref, run)), true);
    const expanded = expandJob(schedule.body.job, scopeOf(ref.schedule, schedule, run));
    if ('job' in expanded) return expanded.job;
    const [{ path, message } = { path: '$', message: '' }] = expanded.complaints;
    throw invalid(`$.job${path.slice(1)} of schedule '${ref.schedule}': ${message}`);
  }

  /** Whether something may be put into it; an experiment comes into being with its first job. */
  async function open(key: PlaceKey, create: boolean): Promise<void> {
    const found =
      (await resources.get<Place>(key)) ??
      (create ? ((await resources.create(key, newPlace({}))) ?? (await resources.get<Place>(key))) : undefined);
    if (found?.value.provisioningState === 'succeeded') return;
    throw invalid(
      `The ${key.kind} '${key.name}' ${found ? 'is being deleted' : 'does not exist'}: no job can be made in it.`,
    );
  }

  async function startJob(input: JobInput, spec: JobSpec): Promise<void> {
    const workflowId = jobWorkflowId(input);
    const { displayName, cluster, summary } = jobFacts(spec);
    const keyword = (name: keyof typeof SearchAttribute, value: string) => ({
      key: defineSearchAttributeKey(SearchAttribute[name], 'KEYWORD'),
      value,
    });
    await startJobOnce(
      input.uid,
      async (workflowIdReusePolicy) => {
        try {
          await temporal().workflow.start(WorkflowType.job, {
            workflowId,
            taskQueue: TaskQueue.control,
            args: [input],
            workflowIdReusePolicy,
            staticSummary: shortSummary(displayName ? `${displayName}: ${summary}` : summary),
            typedSearchAttributes: [
              keyword('workspace', input.workspace),
              keyword('experiment', input.experiment),
              keyword('job', input.job),
              keyword('state', 'queued'),
              ...(cluster ? [keyword('cluster', cluster)] : []),
            ],
            memo: { uid: input.uid },
          });
          return 'started';
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
          throw error;
        }
      },
      async () => {
        const found = await temporal().workflow.getHandle(workflowId).describe();
        return { running: found.status.name === 'RUNNING', uid: found.memo?.['uid'] as string | undefined };
      },
    );
  }

  /** Returns when the job has ended, with how it did. */
  async function awaitScheduledJob(ref: RunRef): Promise<RunEnd> {
    const run = await recordOf(ref);
    const { job } = run;
    const gone = { code: 'JobDeleted', message: `Job '${job}' was deleted.` };
    return beating(async () => {
      const handle = temporal().workflow.getHandle(jobWorkflowId(runJob(ref, run)));
      try {
        if ((await handle.describe()).memo?.['uid'] !== run.uid) return { state: 'cancelled', job, error: gone };
        await temporal().withAbortSignal(cancellationSignal(), () => handle.result());
        return { state: 'succeeded', job };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { state: 'cancelled', job, error: gone };
        if (error instanceof WorkflowFailedError) return { job, ...endOf(error.cause) };
        if (cancellationSignal().aborted) throw new CancelledFailure('The run was cancelled.');
        throw error;
      }
    });
  }

  /** Asks the job to end; the run goes on waiting for it. */
  async function cancelScheduledJob(ref: RunRef): Promise<void> {
    const run = await recordOf(ref);
    await ending.cancelJob({ ...runJob(ref, run), uid: run.uid, createdTime: run.startedTime });
  }

  async function recordOf(ref: RunRef): Promise<ScheduleRun> {
    const run = await findRun(ref);
    if (!run) throw invalid(`There is no run '${ref.run}' of schedule '${ref.schedule}' any more.`);
    return run;
  }

  return { beginScheduledRun, createScheduledJob, awaitScheduledJob, cancelScheduledJob, endScheduledRun };
}

function scopeOf(name: string, { body }: Schedule, { scheduledTime, trigger }: ScheduleRun) {
  const time = new Date(scheduledTime);
  if (trigger.kind === 'time') return { name, time, window: new ScheduleTimes(body.spec).windowOf(time) };
  const { container } = trigger;
  return {
    name,
    time,
    trigger: trigger.kind === 'blob' ? { container, blob: trigger.blob } : { container, group: trigger.group },
  };
}

function endOf(cause: Error | undefined): Pick<RunEnd, 'state' | 'error'> {
  if (cause instanceof CancelledFailure) return { state: 'cancelled' };
  if (cause instanceof TerminatedFailure) {
    const message = "The job's workflow was ended from outside.";
    return { state: 'failed', error: { code: FailureType.terminated, message } };
  }
  const code = cause instanceof ApplicationFailure ? (cause.type ?? 'JobFailed') : 'JobFailed';
  return { state: 'failed', error: { code, message: cause?.message ?? 'The job failed.' } };
}

function nameTaken({ job, experiment }: JobKey): ApplicationFailure {
  return invalid(
    `Experiment '${experiment}' has a job '${job}' that this schedule did not make, or one that is being deleted. Delete it, and run the time again by a backfill.`,
  );
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FailureType.invalidJob);
}
