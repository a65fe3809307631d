import { Injectable } from '@nestjs/common';
import {
  type ExecutionChange,
  isTerminal,
  type JobKey,
  type JobRow,
  type JobSpec,
  type JobUpdate,
  jobWorkflowId,
  type PauseRequest,
} from '@windrow/contract';
import { Catalogue, JobRecords } from '@windrow/storage';
import { ConflictError, InvalidRequestError } from '../common/errors';
import { changedNote, type NoteChange } from '../common/owner-note';
import type { TagCondition } from '../http/etags';
import { DEFAULT_PAGE_SIZE } from '../http/page-query';
import { UpdateRefusedError, WorkflowGateway, WorkflowMissingError } from '../workflows/workflow-gateway';
import { type JobListQueryDto, many } from './dto/job-list.query';
import { changeErrors } from './execution-rules';
import { type Created, JobCreator } from './job-creator';
import { JobReader, newRow } from './job-reader';
import { checkJob } from './job-tag';

export interface JobChange extends NoteChange {
  execution?: ExecutionChange;
}

@Injectable()
export class JobsService {
  constructor(
    private readonly creator: JobCreator,
    private readonly records: JobRecords,
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

  async list(scope: Omit<JobKey, 'job'>, query: JobListQueryDto): Promise<{ rows: JobRow[]; nextPageToken?: string }> {
    const { pageSize = DEFAULT_PAGE_SIZE, state, label, ...rest } = query;
    const states = many(state);
    const labels = many(label)?.map(labelOf);
    return this.catalogue.listJobs({
      ...scope,
      ...rest,
      pageSize,
      ...(states && { states }),
      ...(labels && { labels }),
    });
  }

  /**
   * Marked first, so that nothing can be done with it any more; then the workflow that does the rest is started, or
   * joined. After a crash between the two the same request goes on. Undefined: there is nothing to delete.
   * @throws PreconditionFailedError
   */
  async delete(key: JobKey, ifMatch?: TagCondition): Promise<JobRow | undefined> {
    if (ifMatch) checkJob(ifMatch, await this.reader.find(key));
    const record = await this.records.markDeleting(key);
    if (!record) return undefined;
    const { uid, createdTime } = record;
    const { workspace, experiment, job } = key;
    const ref = { workspace, experiment, job, uid, createdTime };
    await this.catalogue.markJobDeleting(ref);
    await this.workflows.startDeletion({ kind: 'job', ...ref });
    return { ...((await this.reader.row(key, record)) ?? newRow(key, record)), deleting: true };
  }

  /** Asks a job to end; asking again is no mistake. @throws ConflictError JobNotActive when it has ended otherwise */
  async cancel(key: JobKey): Promise<JobRow> {
    const row = await this.reader.getActive(key);
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

  /**
   * What it is called can be changed at any time, how it runs while it does.
   * @throws InvalidRequestError; PreconditionFailedError; ConflictError JobNotActive when the job has ended, JobDeleting
   */
  async change(key: JobKey, { execution, ...note }: JobChange, ifMatch?: TagCondition): Promise<JobRow> {
    const errors = changeErrors(execution, note);
    if (errors.length > 0) throw new InvalidRequestError(errors);
    // Before anything is changed: the labels may become too many.
    const known = await this.reader.getActive(key);
    changedNote(known, note);
    if (ifMatch) checkJob(ifMatch, known);
    if (execution) await this.update(key, 'change', execution);
    // What was just changed is another version, so that only a change of the note alone can be held to it once more.
    if (Object.keys(note).length > 0) await this.note(key, note, execution ? undefined : ifMatch);
    return this.reader.get(key);
  }

  /** The condition is looked at in the very version that is written over. */
  private async note(key: JobKey, note: NoteChange, ifMatch?: TagCondition): Promise<void> {
    const row = await this.reader.get(key);
    const change = () =>
      this.catalogue.noteJob(row, (now) => {
        if (ifMatch) checkJob(ifMatch, now);
        return changedNote(now, note);
      });
    if (await change()) return;
    await this.catalogue.introduceJob(row);
    await change();
  }

  private async update(key: JobKey, name: keyof typeof JobUpdate, arg?: object): Promise<JobRow> {
    const row = await this.reader.getActive(key);
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

/** A name may not hold the colon that ends it. */
function labelOf(text: string): { label: string; value: string } {
  const colon = text.indexOf(':');
  return { label: text.slice(0, colon), value: text.slice(colon + 1) };
}
