/** Adds a range of tasks to a wave's Batch job. Every step may run twice: names are deterministic. */
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { AddResult } from '@windrow/batch';
import { BatchConflictError, BatchQuotaError, ensureJob, ensureJobSealed } from '@windrow/batch';
import type { JobSpec } from '@windrow/contract';
import {
  batchJobId,
  completeCleanup,
  completeExecution,
  FailureType,
  jobPaths,
  JobSignal,
  jobWorkflowId,
  OWNER,
  reduceLevelOf,
  ResourceTag,
  TASKS_STAGE,
  workspaceContainer,
} from '@windrow/contract';
import { AttemptBodies } from './attempt-bodies';
import { createTaskBuilder } from './batch-task';
import type { WaveContext } from './batch-task';
import { Dependencies, IndexRuns } from './dependencies';
import type { ActivityDeps } from './deps';
import { RedrivenValues } from '../inputs';
import { readPlan, readRedrive, readSpec, templateOf } from './job-files';
import { beating, pollUntil } from './poll';
import { BACKSTOP_MS, JOB_ENDED, jobBounds } from './steer';
import { readMembers, readTasks } from './task-source';
import type { TaskToRun } from './task-source';
import type { SubmitInput } from './wave-types';

/** The service's limit for one request (Batch REST, Task - Add Collection); cancellation is looked for between two. */
const TASKS_PER_REQUEST = 100;
const QUOTA_POLL_MS = 15_000;
const QUOTA_MESSAGE =
  'The Batch account has used up its quota of active jobs. Windrow adds this one as soon as another ends.';

export function createSubmitActivities({ storage, batch, secrets, temporal, deployment }: ActivityDeps) {
  /** Heartbeat details: position in the source up to which tasks were added. */
  async function submitTasks(submit: SubmitInput): Promise<void> {
    const jobId = batchJobId(submit.input.uid, submit.wave);
    const cursor = { next: (activityInfo().heartbeatDetails as number | undefined) ?? submit.source.from };
    try {
      await beating(
        () => addTasks(submit, jobId, cursor),
        () => cursor.next,
      );
      if (submit.seal) await ensureJobSealed(batch, jobId);
    } catch (error) {
      if (!(error instanceof BatchConflictError) || !JOB_ENDED.includes(error.code)) throw error;
      await acceptEnd(jobId);
    }
  }

  async function addTasks(submit: SubmitInput, jobId: string, cursor: { next: number }): Promise<void> {
    const { input, source } = submit;
    const { blobs, links } = storage;
    const [spec, plan] = await Promise.all([readSpec(blobs, input), readPlan(blobs, input)]);
    await createBatchJob(submit, batchJob(jobId, submit, spec, deployment));
    const context = contextOf(submit, spec, templateOf(spec, plan, source.stage));
    if (source.stage === TASKS_STAGE) context.secrets = await secrets.read(spec.task.secrets ?? {});
    const build = await createTaskBuilder(links, context);
    const container = workspaceContainer(input.workspace);
    const dependencies = new Dependencies(source.stage === TASKS_STAGE ? spec.task.dependsOn : []);
    const members = dependencies.any ? await readMembers(blobs, container, source) : IndexRuns.all();
    const redrive = source.stage === TASKS_STAGE ? await readRedrive(blobs, input) : {};
    const values = new RedrivenValues(spec, redrive, blobs, container);
    const { retryRules } = completeExecution(spec.execution);
    const attempts = new AttemptBodies(build, retryRules, dependencies, members);
    const body = async (task: TaskToRun) => attempts.body({ ...task, planned: await values.of(task.planned) });
    for await (const { tasks, next } of readTasks(blobs, container, input.uid, source, cursor.next)) {
      for (let at = 0; at < tasks.length; at += TASKS_PER_REQUEST) {
        cancellationSignal().throwIfAborted();
        const bodies = await Promise.all(tasks.slice(at, at + TASKS_PER_REQUEST).map(body));
        refuse(jobId, (await batch.tasks.addCollection(jobId, bodies)).refused);
      }
      cursor.next = next;
    }
  }

  /** The Batch job ended: with its last task, when an earlier attempt had added and sealed all, or by somebody's hand. */
  async function acceptEnd(jobId: string): Promise<void> {
    const reason = (await batch.jobs.get(jobId)).executionInfo?.terminateReason;
    if (reason === 'AllTasksComplete') return;
    throw ApplicationFailure.nonRetryable(
      `Batch job ${jobId} was ended by somebody else (${reason ?? 'no reason given'}) while tasks were added to it. Submit the job again.`,
      FailureType.refused,
    );
  }

  /** A used-up job quota is waited for, and the job says so; it is no failure. */
  async function createBatchJob({ input }: SubmitInput, job: ReturnType<typeof batchJob>): Promise<void> {
    const handle = temporal().workflow.getHandle(jobWorkflowId(input));
    let waiting = false;
    await pollUntil({ pollMinMs: QUOTA_POLL_MS, pollMaxMs: QUOTA_POLL_MS }, async () => {
      try {
        await ensureJob(batch, job);
      } catch (error) {
        if (!(error instanceof BatchQuotaError)) throw error;
        if (!waiting)
          await handle.signal(JobSignal.waiting, {
            code: error.code,
            message: QUOTA_MESSAGE,
            since: new Date().toISOString(),
          });
        waiting = true;
        return undefined;
      }
      if (waiting) await handle.signal(JobSignal.waiting);
      return true;
    });
  }

  return { submitTasks };
}

function refuse(jobId: string, [first]: AddResult['refused']): void {
  if (!first) return;
  const { taskId, code, message } = first;
  throw ApplicationFailure.nonRetryable(
    `Azure Batch refused task ${taskId} of ${jobId}: ${code}: ${message}`,
    FailureType.invalidJob,
    { code: 'TaskRefused', path: '$.task', batch: { code, message } },
  );
}

function batchJob(id: string, submit: SubmitInput, spec: JobSpec, deployment: string) {
  const { input, limits } = submit;
  return {
    id,
    displayName: `${input.job} ${submit.wave}`,
    poolInfo: { poolId: submit.poolId },
    ...jobBounds(limits),
    ...(submit.source.stage === TASKS_STAGE &&
      (spec.task.dependsOn ?? []).length > 0 && { usesTaskDependencies: true }),
    metadata: [
      { name: ResourceTag.owner, value: OWNER },
      { name: ResourceTag.workspace, value: input.workspace },
      { name: ResourceTag.experiment, value: input.experiment },
      { name: ResourceTag.jobUid, value: input.uid },
      { name: ResourceTag.workflowId, value: jobWorkflowId(input) },
      { name: ResourceTag.deployment, value: deployment },
      { name: ResourceTag.expires, value: new Date(Date.parse(limits.endsBefore) + BACKSTOP_MS).toISOString() },
      ...(completeCleanup(spec).batchJob === 'keep' ? [{ name: ResourceTag.keep, value: 'true' }] : []),
    ],
  };
}

function contextOf(submit: SubmitInput, spec: JobSpec, template: WaveContext['template']): WaveContext {
  const { input, wave, attempt, source } = submit;
  const paths = jobPaths(input.uid);
  const level = reduceLevelOf(wave);
  const last = level !== undefined && source.kind === 'plan' && source.from === 0 && source.to === 1;
  return {
    workspace: input.workspace,
    uid: input.uid,
    jobName: input.job,
    wave,
    attempt,
    template,
    flatten: last,
    outputPrefix: (index) => {
      if (level === undefined) return paths.taskOutputs(index);
      return last ? paths.artefacts.slice(0, -1) : paths.reduceOutputs(level, index);
    },
  };
}
