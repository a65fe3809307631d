/** A job whose workflow was ended from outside, as it should have ended: its outcomes written down, its row put right. */
import { log } from '@temporalio/activity';
import type { JobRow, Leftover, PlanSummary } from '@windrow/contract';
import { FailureType, isTerminal, jobPaths, workspaceContainer } from '@windrow/contract';
import type { ActivityDeps } from './deps';
import { createGatherActivities } from './gather';
import type { GatherOutcome } from './gather';
import { settleRemains } from './remains';

/** Temporal's word for how a workflow ended, and when; `UNKNOWN`: Temporal has forgotten it. */
export interface WorkflowEnd {
  status: string;
  time?: string;
}

/** Whether there was a row to put right: the workflow may have written its last one after all. */
export async function endLate(deps: ActivityDeps, leftover: Leftover, end: WorkflowEnd): Promise<boolean> {
  const { catalogue } = deps.storage;
  const row = await catalogue.getJob(leftover, leftover.uid, leftover.createdTime);
  if (!row || isTerminal(row.state)) return false;
  const gathered = await gatherLate(deps, leftover);
  return (await catalogue.changeJob(leftover, (now) => endedRow(now, end, gathered))) === 'changed';
}

/** Undefined where nothing was planned, so that nothing ran. */
async function gatherLate(deps: ActivityDeps, leftover: Leftover): Promise<GatherOutcome | undefined> {
  const { workspace, experiment, job, uid, createdTime } = leftover;
  const input = { workspace, experiment, job, uid, createdTime };
  // First, while Batch has them: what ran on is killed, and what had ended goes into the ledger.
  for await (const left of settleRemains(deps, input)) log.info('recorded what was left', { batchJob: left.job.id });
  const { blobs } = deps.storage;
  const plan = await blobs.readJsonIfPresent<PlanSummary>(workspaceContainer(workspace), jobPaths(uid).plan);
  if (!plan) return undefined;
  log.info('gathering for a job whose workflow is gone', { uid });
  const { gatherResults } = createGatherActivities(deps);
  return gatherResults({ input, tasks: plan.tasks, outcome: 'failed', concat: undefined });
}

/** Undefined when the row tells the end already. */
function endedRow(row: JobRow, { status, time }: WorkflowEnd, gathered?: GatherOutcome): JobRow | undefined {
  if (isTerminal(row.state)) return undefined;
  const now = new Date().toISOString();
  const { waiting: _waiting, progress: _progress, live: _live, ...rest } = row;
  const { counts = row.counts, failures = row.failures } = gathered ?? {};
  return {
    ...rest,
    state: 'failed',
    phase: 'failed',
    endTime: time ?? now,
    updatedTime: now,
    counts: { ...counts, active: 0, running: 0 },
    failures,
    timings: row.timings.map((timing) => ({ ...timing, endTime: timing.endTime ?? time ?? now })),
    error: {
      code: FailureType.terminated,
      message: `The workflow of the job was ended from outside (${status.toLowerCase()}). What had ended by then is kept, and listed in the manifest: redrive the job, which runs the rest.`,
    },
  };
}
