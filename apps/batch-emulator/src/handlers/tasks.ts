import type { Call } from '../http/route';
import { expandStats } from '../http/expand';
import { listBody, selectOf } from '../http/paging';
import { created, document, empty, entity, onlyValidators, written, type BatchResponse } from '../http/response';
import { errorBody } from '../http/error-body';
import { BatchError, invalidProperty } from '../errors';
import type { Model } from '../model';
import type { Job } from '../model/jobs/job';
import type { Task } from '../model/tasks/task';
import type { SentTasks } from '../model/tasks/task-bodies';
import type { SentTask } from '../model/tasks/task-creation';
import type { RequestContext } from '../http/context';
import { parseBody, type Notice } from '../schema/validate';
import { etagOf, formatTime } from '../util/time';
import { isObject, type JsonObject } from '../util/json';
import { MAX_TASKS_PER_COLLECTION } from '../constants';
import type { TaskConstraints, TaskSpec } from '../wire/types';
import { renderTaskStats } from '../wire/render-stats';
import { renderSubtasks } from '../wire/render-subtask';
import { renderTask, taskUrl } from '../wire/render-task';
import { pageOfTasks } from './task-page';

/** "Task" operations of the Azure Batch REST reference. */
export class TaskHandlers {
  constructor(
    private readonly model: Model,
    private readonly notice: Notice,
  ) {}

  readonly modified = (call: Call): number => this.task(call).modified;

  readonly add = (call: Call): BatchResponse => {
    const task = this.model.tasks.add(this.job(call), call.body as TaskSpec);
    return created(taskUrl(call.request.baseUrl, task.job.id, task.id), task.modified);
  };

  /** "Task - Add Collection": 200 with a result per task once the envelope is valid. */
  readonly addCollection = (call: Call): BatchResponse => {
    const job = this.job(call);
    const { value } = (isObject(call.body) ? call.body : {}) as { value?: unknown };
    if (!Array.isArray(value)) throw invalidProperty('value', value, 'A list of tasks is required.');
    if (value.length === 0 || value.length > MAX_TASKS_PER_COLLECTION) {
      throw invalidProperty(
        'value',
        value.length,
        `Between 1 and ${MAX_TASKS_PER_COLLECTION} tasks can be added at once.`,
      );
    }
    this.model.jobs.checkAlive(job);
    const request = sentTasks(call, value.length);
    const results = value.map((item, index) => this.addOne(call.request, job, item, request && { request, index }));
    return document('taskaddresult', { value: results });
  };

  readonly list = (call: Call): BatchResponse => {
    const job = this.job(call);
    const { request } = call;
    const page = pageOfTasks(request, job);
    const expand = this.expand(request);
    return document(
      'tasks',
      listBody(request, page, (task) => expand(task, renderTask(task, request.baseUrl))),
    );
  };

  readonly get = (call: Call): BatchResponse => {
    const task = this.task(call);
    const body = this.expand(call.request)(task, renderTask(task, call.request.baseUrl));
    return entity('tasks/@Element', selectOf(call.request)(body), task.modified);
  };

  readonly update = (call: Call): BatchResponse => {
    const task = this.task(call);
    this.model.tasks.update(task, (call.body as { constraints?: TaskConstraints }).constraints);
    return written(200, call.request, task.modified);
  };

  readonly terminate = (call: Call): BatchResponse => {
    const task = this.task(call);
    this.model.tasks.terminate(task);
    return written(204, call.request, task.modified);
  };

  readonly reactivate = (call: Call): BatchResponse => {
    const task = this.task(call);
    this.model.tasks.reactivate(task);
    return onlyValidators(204, task.modified);
  };

  readonly delete = (call: Call): BatchResponse => {
    this.model.tasks.delete(this.task(call));
    return empty(200);
  };

  readonly subtasks = (call: Call): BatchResponse => {
    const value = renderSubtasks(this.task(call), call.request.baseUrl);
    return document('subtasks', { value: value.map(selectOf(call.request)) });
  };

  private addOne(request: RequestContext, job: Job, item: unknown, sent: SentTask | undefined): JsonObject {
    const taskId = isObject(item) && typeof item['id'] === 'string' ? item['id'] : '';
    try {
      const task = this.model.tasks.add(job, checkedSpec(item, this.notice), sent);
      return {
        status: 'success',
        taskId: task.id,
        eTag: etagOf(task.modified),
        lastModified: formatTime(task.modified),
        location: taskUrl(request.baseUrl, job.id, task.id),
      };
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      return { status: 'clienterror', taskId, error: errorBody(error, request, this.model.world.clock.now()) };
    }
  }

  private expand(request: RequestContext): (task: Task, body: JsonObject) => JsonObject {
    return expandStats(request, (task: Task) => renderTaskStats(task, request.baseUrl, this.model.world.clock.now()));
  }

  private job({ params }: Call): Job {
    return this.model.jobs.get(params['jobId'] ?? '');
  }

  private task({ params }: Call): Task {
    return this.model.tasks.get(params['jobId'] ?? '', params['taskId'] ?? '');
  }
}

const checkedSpec = (item: unknown, notice?: Notice): TaskSpec =>
  parseBody<TaskSpec>('BatchTaskCreateOptions', item, notice);

/** Requests with fewer tasks do not pack well by themselves. */
const MIN_TASKS_TO_KEEP = 32;

function sentTasks({ raw }: Call, count: number): SentTasks | undefined {
  if (!raw || count < MIN_TASKS_TO_KEEP) return undefined;
  return {
    bytes: raw,
    read: (document, index) => checkedSpec((document as { value: unknown[] }).value[index]),
  };
}
