import type { Call } from '../http/route';
import type { RequestContext } from '../http/context';
import { expandStats } from '../http/expand';
import { filterOf, listBody, byNumber, pageAfter, pageOf, predicateOf, selectOf } from '../http/paging';
import { created, document, empty, entity, written, type BatchResponse } from '../http/response';
import { batchError } from '../errors';
import { jobNodeProperties, jobProperties } from '../filter';
import type { Model } from '../model';
import type { Job } from '../model/jobs/job';
import type { DisableOption } from '../model/jobs/job-service';
import type { JsonObject } from '../util/json';
import type { JobSpec } from '../wire/types';
import { renderJobNode } from '../wire/render-job-node';
import { renderJob, renderTaskCounts } from '../wire/render-job';
import { renderJobStats } from '../wire/render-stats';

/** What PUT and PATCH of a job may change; everything else in the body is read-only and ignored. */
const CHANGEABLE = [
  'priority',
  'allowTaskPreemption',
  'maxParallelTasks',
  'constraints',
  'poolInfo',
  'onAllTasksComplete',
  'metadata',
] as const satisfies readonly (keyof JobSpec)[];

const DEFAULT_REASON = 'UserTerminate';

/** "Job" operations of the Azure Batch REST reference. */
export class JobHandlers {
  constructor(private readonly model: Model) {}

  readonly modified = (call: Call): number => this.job(call).modified;

  /** The service answers with the URL of `job-1`, whatever the job is called. */
  readonly add = ({ request, body }: Call): BatchResponse => {
    const job = this.model.jobs.create(body as JobSpec);
    return created(`${request.baseUrl}/jobs/job-1`, job.modified);
  };

  readonly list = ({ request }: Call): BatchResponse => {
    const matches = predicateOf(request, filterOf(request), jobProperties);
    const page = pageAfter(
      request,
      [...this.model.world.jobs.values()].filter(matches),
      byNumber((job) => job.created),
    );
    const expand = this.expand(request);
    return document(
      'jobs',
      listBody(request, page, (job) => expand(job, renderJob(job, request.baseUrl))),
    );
  };

  readonly get = (call: Call): BatchResponse => {
    const job = this.job(call);
    const body = this.expand(call.request)(job, renderJob(job, call.request.baseUrl));
    return entity('jobs/@Element', selectOf(call.request)(body), job.modified);
  };

  /** PATCH keeps what is left out, inside constraints it is filled in anew. */
  readonly patch = (call: Call): BatchResponse => {
    const job = this.job(call);
    const { networkConfiguration } = call.body as Partial<JobSpec>;
    const changes = { ...changesOf(call.body), ...(networkConfiguration && { networkConfiguration }) };
    this.model.jobs.change(job, { ...job.spec, ...changes });
    return written(200, call.request, job.modified);
  };

  /** PUT resets what is left out. */
  readonly update = (call: Call): BatchResponse => {
    const job = this.job(call);
    const kept: Partial<JobSpec> = { ...job.spec };
    for (const name of CHANGEABLE) if (name !== 'onAllTasksComplete') delete kept[name];
    this.model.jobs.change(job, { ...kept, ...changesOf(call.body) } as JobSpec);
    return written(200, call.request, job.modified);
  };

  readonly disable = (call: Call): BatchResponse => {
    const job = this.job(call);
    this.model.jobs.disable(job, (call.body as { disableTasks: DisableOption }).disableTasks);
    return written(202, call.request, job.modified);
  };

  readonly enable = (call: Call): BatchResponse => {
    const job = this.job(call);
    this.model.jobs.enable(job);
    return written(202, call.request, job.modified);
  };

  readonly terminate = (call: Call): BatchResponse => {
    const job = this.job(call);
    const { terminateReason } = (call.body ?? {}) as { terminateReason?: string };
    this.model.jobs.terminate(job, terminateReason ?? DEFAULT_REASON, isForced(call));
    return written(202, call.request, job.modified);
  };

  readonly delete = (call: Call): BatchResponse => {
    this.model.jobs.delete(this.job(call), isForced(call));
    return empty(202);
  };

  /** "Job - List Preparation And Release Task Status": also nodes that are gone by now. */
  readonly nodeTasks = (call: Call): BatchResponse => {
    const { request } = call;
    const job = this.job(call);
    if (!job.spec.jobPreparationTask && !job.spec.jobReleaseTask) {
      throw batchError('JobPreparationTaskOrReleaseTaskNotSpecified');
    }
    const matches = predicateOf(request, filterOf(request), jobNodeProperties);
    const nodes = [...job.nodes.values()].filter((node) => (node.preparation ?? node.release) && matches(node));
    return document(
      'jobpreparationandreleasetaskstatuslist',
      listBody(request, pageOf(request, nodes), (node) => renderJobNode(job, node, request.baseUrl)),
    );
  };

  readonly taskCounts = (call: Call): BatchResponse =>
    document('taskcountsresult/@Element', renderTaskCounts(this.job(call)));

  private expand(request: RequestContext): (job: Job, body: JsonObject) => JsonObject {
    return expandStats(request, (job: Job) => renderJobStats(job, request.baseUrl, this.model.world.clock.now()));
  }

  private job({ params }: Call): Job {
    return this.model.jobs.get(params['jobId'] ?? '');
  }
}

/** `force`, from 2024-07-01 on: not to wait for nodes. */
const isForced = ({ request }: Call): boolean => request.query.get('force')?.toLowerCase() === 'true';

function changesOf(body: unknown): Partial<JobSpec> {
  const given = body as Partial<JobSpec>;
  return Object.fromEntries(CHANGEABLE.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
}
