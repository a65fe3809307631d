import { Injectable } from '@nestjs/common';
import type { ScheduleBody, ScheduleKey } from '@windrow/contract';
import { type FieldError, InvalidRequestError, UnprocessableError } from '../common/errors';
import { validateAs } from '../common/validation/validate';
import { JobSpecDto } from '../jobs/dto/job-spec.dto';
import { JobChecks } from '../jobs/job-checks';
import { Containers } from '../places/containers';
import { belowJob, bodyErrors, sampleJob, timeErrors } from './schedule-rules';

/** Refuses a schedule none of whose jobs could work. */
@Injectable()
export class ScheduleChecks {
  constructor(
    private readonly jobs: JobChecks,
    private readonly containers: Containers,
  ) {}

  /** @throws InvalidRequestError; UnprocessableError for what it names and is not there, or never comes */
  async check({ workspace, schedule }: ScheduleKey, body: ScheduleBody): Promise<void> {
    const errors = bodyErrors(body);
    if (errors.length > 0) throw new InvalidRequestError(errors);
    const times = timeErrors(body);
    if (times.length > 0) throw new UnprocessableError(times);
    const sample = sampleJob(schedule, body);
    if ('errors' in sample) throw new InvalidRequestError(sample.errors);
    const shape = validateAs(JobSpecDto, sample.job);
    if (shape.length > 0) throw new InvalidRequestError(shape.map(ofJob));
    try {
      this.jobs.checkBody(sample.job);
      await this.jobs.checkReferences(workspace, sample.job);
    } catch (error) {
      if (error instanceof InvalidRequestError) throw new InvalidRequestError(error.errors.map(ofJob));
      if (!(error instanceof UnprocessableError)) throw error;
      // A blob that is named by a time need not be there yet.
      const lasting = error.errors.filter(({ code }) => code !== 'BlobNotFound');
      if (lasting.length > 0) throw new UnprocessableError(lasting.map(ofJob));
    }
    await this.checkContainer(workspace, body);
  }

  private async checkContainer(workspace: string, { spec }: ScheduleBody): Promise<void> {
    const container = spec.blobArrival?.container;
    if (container === undefined) return;
    if (await this.containers.isThere(container, workspace)) return;
    const message = `names no container of the storage account: '${container}'`;
    throw new UnprocessableError([{ path: '$.spec.blobArrival.container', code: 'ContainerNotFound', message }]);
  }
}

function ofJob(error: FieldError): FieldError {
  return { ...error, path: belowJob(error.path) };
}
