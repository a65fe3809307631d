import { Injectable } from '@nestjs/common';
import {
  type ExecutionChange,
  isTerminal,
  type JobKey,
  type JobRow,
  type JobSpec,
  type JobState,
  type JobUpdate,
  jobWorkflowId,
  type PauseRequest,
} from '@windrow/contract';
import { Catalogue } from '@windrow/storage';
import { ConflictError, InvalidRequestError } from '../common/errors';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { UpdateRefusedError, WorkflowGateway, WorkflowMissingError } from '../workflows/workflow-gateway';
import { changeErrors } from './execution-rules';
import { type Created, JobCreator } from './job-creator';
import { JobReader } from './job-reader';

export interface JobListQuery {
  state?: JobState;
  pageSize?: number;
  pageToken?: string;
}

@Injectable()
export class JobsService {
  constructor(
    private readonly creator: JobCreator,
    private readonly reader: JobReader,
    private readonly catalogue: Catalogue,
    private readonly workflows: WorkflowGateway,
  ) {}

  createNamed(key: JobKey, spec: JobSpec): Promise<Created> {
    return this.creator.createNamed(key, spec);
  }

  createUnnamed(scope: Omit<JobKey, 'job'>, spec: JobSpec, idempotencyKey?: string): Promise<Created> {
    return this.creator.createUnnamed(scope, spec, idempotencyKey);
  }

  get(key: JobKey): Promise<JobRow> {
    return this.reader.get(key);
  }

  async list(scope: Omit<JobKey, 'job'>, query: JobListQuery): Promise<{ rows: JobRow[]; nextPageToken?: string }> {
    const { pageSize = DEFAULT_PAGE_SIZE, ...rest } = query;
    return this.catalogue.listJobs({ ...scope, ...rest, pageSize });
  }

  /** Asks a job to end; asking again is no mistake. @throws ConflictError JobNotActive when it has ended otherwise */
  async cancel(key: JobKey): Promise<JobRow> {
    const row = await this.reader.get(key);
    if (row.state === 'cancelled') return row;
    if (isTerminal(row.state)) throw notActive(row);
    if ((await this.workflows.cancel(jobWorkflowId(key))) === 'requested') return row;
    // It ended between the two calls, and its last row may be a moment away.
    const later = await this.reader.get(key);
    if (later.state === 'cancelled') return later;
    throw notActive(later);
  }

  /** Asking again is no mistake. @throws ConflictError JobNotActive when the job has ended */
  async pause(key: JobKey, request: PauseRequest): Promise<JobRow> {
    return this.update(key, 'pause', request);
  }

  /** A job that is not paused goes on as it does. @throws ConflictError JobNotActive when it has ended */
  async resume(key: JobKey): Promise<JobRow> {
    return this.update(key, 'resume');
  }

  /** @throws InvalidRequestError; ConflictError JobNotActive when the job has ended */
  async change(key: JobKey, change: ExecutionChange): Promise<JobRow> {
    const errors = changeErrors(change);
    if (errors.length > 0) throw new InvalidRequestError(errors);
    return this.update(key, 'change', change);
  }

  private async update(key: JobKey, name: keyof typeof JobUpdate, arg?: object): Promise<JobRow> {
    const row = await this.reader.get(key);
    if (isTerminal(row.state)) throw notActive(row);
    try {
      await this.workflows.update(jobWorkflowId(key), name, arg);
    } catch (error) {
      if (error instanceof UpdateRefusedError) throw new ConflictError('JobNotActive', error.message);
      if (error instanceof WorkflowMissingError) throw notActive(await this.reader.get(key));
      throw error;
    }
    return this.reader.get(key);
  }
}

function notActive({ job, state }: JobRow): ConflictError {
  return new ConflictError('JobNotActive', `Job '${job}' has ended: ${state}.`, { state });
}
