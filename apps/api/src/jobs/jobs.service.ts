import { Injectable } from '@nestjs/common';
import { isTerminal, type JobKey, type JobRow, type JobSpec, type JobState, jobWorkflowId } from '@windrow/contract';
import { Catalogue } from '@windrow/storage';
import { ConflictError } from '../common/errors';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { WorkflowGateway } from '../workflows/workflow-gateway';
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
}

function notActive({ job, state }: JobRow): ConflictError {
  return new ConflictError('JobNotActive', `Job '${job}' has ended: ${state}.`, { state });
}
