import type { Call } from '../http/route';
import type { RequestContext } from '../http/context';
import { expandStats } from '../http/expand';
import { filterOf, listBody, byNumber, pageAfter, predicateOf, selectOf } from '../http/paging';
import { created, document, empty, entity, onlyValidators, written, type BatchResponse } from '../http/response';
import { jobProperties, scheduleProperties } from '../filter';
import type { Model } from '../model';
import type { Job } from '../model/jobs/job';
import type { JobSchedule } from '../model/jobs/job-schedule';
import { omit, type JsonObject } from '../util/json';
import type { JobScheduleSpec } from '../wire/types';
import { renderJob } from '../wire/render-job';
import { renderSchedule, scheduleUrl } from '../wire/render-schedule';
import { renderJobStats, renderScheduleStats } from '../wire/render-stats';

/** "Job Schedule" operations of the Azure Batch REST reference. */
export class ScheduleHandlers {
  constructor(private readonly model: Model) {}

  readonly modified = (call: Call): number => this.schedule(call).modified;

  readonly add = ({ request, body }: Call): BatchResponse => {
    const schedule = this.model.schedules.create(body as JobScheduleSpec);
    return created(scheduleUrl(request.baseUrl, schedule.id), schedule.modified);
  };

  readonly list = ({ request }: Call): BatchResponse => {
    const matches = predicateOf(request, filterOf(request), scheduleProperties);
    const page = pageAfter(
      request,
      [...this.model.world.schedules.values()].filter(matches),
      byNumber((schedule) => schedule.created),
    );
    const expand = this.expand(request);
    return document(
      'jobschedules',
      listBody(request, page, (schedule) => expand(schedule, renderSchedule(schedule, request.baseUrl))),
    );
  };

  readonly get = (call: Call): BatchResponse => {
    const schedule = this.schedule(call);
    const { request } = call;
    const body = this.expand(request)(schedule, renderSchedule(schedule, request.baseUrl));
    return entity('jobschedules/@Element', selectOf(request)(body), schedule.modified);
  };

  readonly exists = (call: Call): BatchResponse => onlyValidators(200, this.schedule(call).modified);

  readonly patch = (call: Call): BatchResponse => {
    const schedule = this.schedule(call);
    this.model.schedules.change(schedule, { ...schedule.spec, ...changesOf(call.body) });
    return written(200, call.request, schedule.modified);
  };

  /** PUT resets what is left out. */
  readonly update = (call: Call): BatchResponse => {
    const schedule = this.schedule(call);
    const kept = omit(schedule.spec, 'metadata');
    this.model.schedules.change(schedule, { ...kept, schedule: {}, ...changesOf(call.body) });
    return written(200, call.request, schedule.modified);
  };

  readonly disable = (call: Call): BatchResponse => {
    const schedule = this.schedule(call);
    this.model.schedules.disable(schedule);
    return written(204, call.request, schedule.modified);
  };

  readonly enable = (call: Call): BatchResponse => {
    const schedule = this.schedule(call);
    this.model.schedules.enable(schedule);
    return written(204, call.request, schedule.modified);
  };

  readonly terminate = (call: Call): BatchResponse => {
    const schedule = this.schedule(call);
    this.model.schedules.terminate(schedule);
    return written(202, call.request, schedule.modified);
  };

  readonly delete = (call: Call): BatchResponse => {
    this.model.schedules.delete(this.schedule(call));
    return empty(202);
  };

  /** "Job - List From Job Schedule". */
  readonly jobs = (call: Call): BatchResponse => {
    const { request } = call;
    const matches = predicateOf(request, filterOf(request), jobProperties);
    const page = pageAfter(
      request,
      this.model.schedules.jobsOf(this.schedule(call)).filter(matches),
      byNumber((job) => job.created),
    );
    const { clock } = this.model.world;
    const expand = expandStats(request, (job: Job) => renderJobStats(job, request.baseUrl, clock.now()));
    return document(
      'jobs',
      listBody(request, page, (job) => expand(job, renderJob(job, request.baseUrl))),
    );
  };

  private expand(request: RequestContext): (schedule: JobSchedule, body: JsonObject) => JsonObject {
    const { schedules, world } = this.model;
    return expandStats(request, (schedule: JobSchedule) =>
      renderScheduleStats(schedule, schedules.jobsOf(schedule), request.baseUrl, world.clock.now()),
    );
  }

  private schedule({ params }: Call): JobSchedule {
    return this.model.schedules.get(params['jobScheduleId'] ?? '');
  }
}

function changesOf(body: unknown): Partial<JobScheduleSpec> {
  const { schedule, jobSpecification, metadata } = body as Partial<JobScheduleSpec>;
  return {
    ...(schedule && { schedule }),
    ...(jobSpecification && { jobSpecification }),
    ...(metadata && { metadata }),
  };
}
