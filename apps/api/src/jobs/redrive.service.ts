import { Injectable } from '@nestjs/common';
import {
  completeCleanup,
  type EndedJob,
  failedToGather,
  isEphemeralCluster,
  isTerminal,
  type JobInput,
  type JobKey,
  type JobRow,
  jobWorkflowId,
  type RedriveSpec,
  redriven,
} from '@windrow/contract';
import { Catalogue, JobRecords } from '@windrow/storage';
import { ConflictError, GoneError, UnprocessableError } from '../common/errors';
import { randomUid } from '../common/ids';
import { Scopes } from '../places/scopes';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { JobChecks } from './job-checks';
import { JobReader, reopenedRow } from './job-reader';
import { redriveErrors, refuseRow } from './redrive-rules';

/** A workflow closes a moment after it has written its last row. Milliseconds. */
const CLOSES_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 100;

/**
 * Begins further runs of jobs that have ended. Request, row, start of the workflow: the start is the commit point, and
 * after a crash before it the same request can be made again.
 */
@Injectable()
export class RedriveService {
  constructor(
    private readonly reader: JobReader,
    private readonly records: JobRecords,
    private readonly checks: JobChecks,
    private readonly catalogue: Catalogue,
    private readonly workflows: WorkflowGateway,
    private readonly scopes: Scopes,
  ) {}

  /** @throws NotFoundError; ConflictError `JobActive`, `NotPlanned`, ...; GoneError; UnprocessableError */
  async redrive(key: JobKey, redrive: RedriveSpec): Promise<JobRow> {
    const row = await this.reader.getActive(key);
    await this.scopes.openWorkspace(key.workspace);
    await this.scopes.openExperiment(key);
    await this.refuseActive(row);
    await this.refuse(row, redrive);
    const id = randomUid();
    await this.records.writeRedrive(key.workspace, row.uid, id, redrive);
    const reopened = reopenedRow(row, (row.redrives ?? 0) + 1);
    // Conditional: of two redrives at once one begins.
    const outcome = await this.catalogue.changeJob(row, (now) => (sameRun(row, now) ? reopened : undefined));
    if (outcome === 'overtaken' || outcome === 'unchanged') throw active(row);
    if (outcome === 'absent') await this.catalogue.putJob(reopened);
    return this.start(row, id, reopened);
  }

  private async start(row: JobRow, id: string, reopened: JobRow): Promise<JobRow> {
    const { workspace, experiment, job, uid, createdTime, counts, nodeSeconds, usage, displayName, cluster } = row;
    const before = { counts, ...(nodeSeconds !== undefined && { nodeSeconds }), ...(usage && { usage }) };
    const number = reopened.redrives!;
    const redrive = { id, number, automatic: 0, before, ...endOf(row) };
    const input: JobInput = { workspace, experiment, job, uid, createdTime, redrive };
    const started = await this.workflows.startJob(input, {
      summary: `redrive ${number} of ${counts.total - counts.succeeded} tasks${failedToGather(row) ? ', and of the gather' : ''}`,
      ...(displayName ? { displayName } : {}),
      ...(cluster && !isEphemeralCluster(cluster) ? { cluster } : {}),
    });
    if (started === 'exists') throw active(row);
    return reopened;
  }

  private async refuseActive(row: JobRow): Promise<void> {
    const workflowId = jobWorkflowId(row);
    const deadline = Date.now() + CLOSES_WITHIN_MS;
    while ((await this.workflows.describe(workflowId))?.status === 'running') {
      if (!isTerminal(row.state) || Date.now() > deadline) throw active(row);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private async refuse(row: JobRow, redrive: RedriveSpec): Promise<void> {
    const { workspace, uid, job } = row;
    const spec = await this.records.readSpec(workspace, uid);
    if (!spec || !(await this.records.isPlanned(workspace, uid))) {
      const message = `Job '${job}' ended before its tasks were planned. Correct what its error names and submit it again.`;
      throw new ConflictError('NotPlanned', message);
    }
    const errors = redriveErrors(spec, redrive);
    if (errors.length > 0) throw new UnprocessableError(errors);
    const changed = redriven(spec, redrive);
    refuseRow(row, changed, redrive);
    const needsStaged = row.counts.succeeded < row.counts.total && completeCleanup(spec).staged === 'delete';
    if (needsStaged && !(await this.records.isStaged(workspace, uid))) {
      const message = `What was staged for job '${job}' has been deleted, so its tasks cannot run again. Submit it again under another name.`;
      throw new GoneError('StagedInputsGone', message);
    }
    await this.checks.checkRedriven(workspace, changed);
  }
}

/** Nothing of a job whose workflow was ended from outside, as long as nobody has put its row right. */
function endOf({ state, error }: JobRow): { ended?: EndedJob } {
  return isTerminal(state) ? { ended: { state, ...(error && { error }) } } : {};
}

/** Nobody has begun, or ended, another run since the row was read. */
function sameRun(read: JobRow, now: JobRow): boolean {
  return (read.redrives ?? 0) === (now.redrives ?? 0) && read.updatedTime === now.updatedTime;
}

function active({ job, state }: JobRow): ConflictError {
  return new ConflictError('JobActive', `Job '${job}' runs: it can be redriven when it has ended.`, { state });
}
