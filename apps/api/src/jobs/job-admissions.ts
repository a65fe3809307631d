import { Injectable } from '@nestjs/common';
import { type JobKey, type JobSpec, jobWorkflowId, limitsJobs, PRIORITIES, QUEUE_FULL } from '@windrow/contract';
import { TooManyRequestsError } from '../common/errors';
import { Scopes } from '../places/scopes';
import { QueueFullError, WorkflowGateway } from '../workflows/workflow-gateway';

/** A job has to end before there is room. */
const RETRY_AFTER_SECONDS = 30;

/** The place of a job that is submitted among those of its workspace, where the workspace has a quota of jobs. */
@Injectable()
export class JobAdmissions {
  constructor(
    private readonly scopes: Scopes,
    private readonly workflows: WorkflowGateway,
  ) {}

  /** One that is reserved for a job that never begins is free again after a while. @throws TooManyRequestsError QueueFull */
  async reserve(key: JobKey, uid: string, { execution }: JobSpec): Promise<void> {
    const quotas = await this.scopes.quotasOf(key.workspace);
    if (!limitsJobs(quotas)) return;
    const priority = PRIORITIES.indexOf(execution?.priority ?? 'normal');
    const request = { id: uid, holder: jobWorkflowId(key), job: key.job, priority, quotas, submission: true };
    try {
      await this.workflows.admit(key.workspace, request);
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
      throw new TooManyRequestsError(error.message, RETRY_AFTER_SECONDS, QUEUE_FULL);
    }
  }
}
