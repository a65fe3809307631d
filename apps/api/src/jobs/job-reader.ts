import { Injectable } from '@nestjs/common';
import {
  FailureType,
  isClusterReference,
  isTerminal,
  type JobKey,
  type JobRow,
  type JobSpec,
  jobWorkflowId,
} from '@windrow/contract';
import { Catalogue, JobRecords, type NameRecord } from '@windrow/storage';
import { ConflictError, NotFoundError } from '../common/errors';
import { WorkflowGateway, type WorkflowFacts } from '../workflows/workflow-gateway';

/** A running job writes its row at least this often; an older row may belong to a workflow that was terminated. */
const STALE_MS = 5 * 60_000;

/** Finds jobs: the name record tells the uid, the catalogue the rest, and Temporal what the catalogue lacks. */
@Injectable()
export class JobReader {
  constructor(
    private readonly records: JobRecords,
    private readonly catalogue: Catalogue,
    private readonly workflows: WorkflowGateway,
  ) {}

  /** @throws NotFoundError JobNotFound */
  async get(key: JobKey): Promise<JobRow> {
    const row = await this.find(key);
    if (row) return row;
    throw new NotFoundError('JobNotFound', `There is no job '${key.job}' in experiment '${key.experiment}'.`);
  }

  async find(key: JobKey): Promise<JobRow | undefined> {
    const record = await this.records.find(key);
    const row = record && (await this.row(key, record));
    return row && record.deleting ? { ...row, deleting: true } : row;
  }

  /** Of a job that is to do something. @throws NotFoundError JobNotFound; ConflictError JobDeleting */
  async getActive(key: JobKey): Promise<JobRow> {
    const row = await this.get(key);
    if (row.deleting) throw deletingJob(key);
    return row;
  }

  /** Undefined when the job was never started, which is when its creator died halfway. */
  async row(key: JobKey, record: NameRecord): Promise<JobRow | undefined> {
    const row = await this.catalogue.getJob(key, record.uid, record.createdTime);
    if (row && !isStale(row)) return row;
    const found = await this.workflows.describe(jobWorkflowId(key));
    // That of a job of the same name which was deleted tells nothing of this one.
    const workflow = (found?.memo.uid ?? record.uid) === record.uid ? found : undefined;
    if (row) return workflow ? withWorkflow(row, workflow) : row;
    if (!workflow) return undefined;
    return withWorkflow(newRow(key, record, await this.records.readSpec(key.workspace, record.uid)), workflow);
  }

  async catalogued(key: JobKey, record: NameRecord): Promise<JobRow | undefined> {
    return this.catalogue.getJob(key, record.uid, record.createdTime);
  }
}

export function deletingJob({ job }: Pick<JobKey, 'job'>): ConflictError {
  return new ConflictError('JobDeleting', `Job '${job}' is being deleted; its name is free after that.`);
}

function isStale(row: JobRow): boolean {
  return !isTerminal(row.state) && Date.now() - Date.parse(row.updatedTime) > STALE_MS;
}

/** A job as it stands between its start and the first row the worker writes. */
export function newRow(key: JobKey, { uid, createdTime }: NameRecord, spec?: JobSpec): JobRow {
  return {
    workspace: key.workspace,
    experiment: key.experiment,
    job: key.job,
    uid,
    ...(spec?.displayName ? { displayName: spec.displayName } : {}),
    labels: spec?.labels ?? {},
    state: 'queued',
    phase: 'queued',
    ...(spec && isClusterReference(spec.pool) ? { cluster: spec.pool.cluster } : {}),
    createdTime,
    updatedTime: createdTime,
    counts: { total: 0, pending: 0, active: 0, running: 0, succeeded: 0, failed: 0 },
    failures: [],
    timings: [],
  };
}

/** A job as it stands between the start of a redrive and the first row that the worker writes of it. */
export function reopenedRow(row: JobRow, redrives: number): JobRow {
  const reopened: JobRow = {
    ...row,
    state: 'queued',
    phase: 'queued',
    redrives,
    updatedTime: new Date().toISOString(),
    timings: [],
  };
  for (const field of [
    'startTime',
    'endTime',
    'waiting',
    'progress',
    'live',
    'nodes',
    'error',
    'redriveRefused',
  ] as const) {
    delete reopened[field];
  }
  return reopened;
}

/** A closed workflow writes no more rows, so a row that still shows work is corrected by what Temporal knows. */
function withWorkflow(row: JobRow, { status, closeTime }: WorkflowFacts): JobRow {
  if (status === 'running' || isTerminal(row.state)) return row;
  const ended = { ...row, ...(closeTime ? { endTime: closeTime } : {}) };
  if (status === 'completed') return { ...ended, state: 'succeeded' };
  if (status === 'cancelled') return { ...ended, state: 'cancelled' };
  const how = status === 'terminated' ? 'was ended from outside' : 'failed';
  const code = status === 'terminated' ? FailureType.terminated : 'WorkflowEnded';
  return {
    ...ended,
    state: 'failed',
    error: row.error ?? { code, message: `The job's workflow ${how}. Redrive the job, which runs what is not done.` },
  };
}
