import {
  filterOf,
  maxResultsOf,
  predicateOf,
  invalidSkipToken,
  numberOfToken,
  skipTokenOf,
  type Page,
} from '../http/paging';
import type { RequestContext } from '../http/context';
import { scanOf, taskProperties } from '../filter';
import type { Job } from '../model/jobs/job';
import type { Task } from '../model/tasks/task';
import { TASK_STATES, type TaskScan } from '../model/tasks/task-table';

/**
 * One page of a job's tasks. A filter on state or on the time of the last transition walks the index from there instead
 * of all tasks, so that watching a job costs as much as has changed, however many tasks are finished.
 */
export function pageOfTasks(request: RequestContext, job: Job): Page<Task> {
  const size = maxResultsOf(request);
  const filter = filterOf(request);
  const matches = predicateOf(request, filter, taskProperties);
  const scan = scanOf(filter);
  const indexed = scan.states !== undefined || scan.since !== undefined;
  const token = skipTokenOf(request);
  const source = indexed ? byTransition(job, scan, token) : bySequence(job, token);
  const items: Task[] = [];
  for (const [task, position] of source) {
    if (!matches(task)) continue;
    if (items.length === size) return { items, next: indexed ? tokenAfter(items) : position };
    items.push(task);
  }
  return { items };
}

/** In the order of adding; the token is the sequence number to go on with. */
function* bySequence(job: Job, token: string | undefined): Generator<[Task, string]> {
  for (const task of job.tasks.fromSequence(token === undefined ? 0 : numberOfToken(token))) {
    yield [task, String(task.sequence)];
  }
}

/** State by state in the order of the transitions; the token names the last task of the page before. */
function* byTransition(job: Job, scan: TaskScan, token: string | undefined): Generator<[Task, string]> {
  const last = token === undefined ? undefined : parseToken(token);
  const states = scan.states ?? TASK_STATES;
  const startIndex = last ? states.indexOf(last.state) : 0;
  // A token of another filter: there is no place in this list that it names.
  if (startIndex < 0) throw invalidSkipToken(token ?? '');
  for (let index = startIndex; index < states.length; index++) {
    const state = states[index];
    if (!state) continue;
    const tasks =
      last && index === startIndex
        ? job.tasks.fromTime(state, last.time, last.id)
        : job.tasks.fromTime(state, scan.since ?? 0);
    for (const task of tasks) yield [task, ''];
  }
}

function tokenAfter(items: readonly Task[]): string {
  const last = items.at(-1);
  return last ? `${last.state} ${last.stateTime} ${last.id}` : '';
}

function parseToken(token: string): { state: Task['state']; time: number; id: string } {
  const [state, time, id] = token.split(' ');
  const known = TASK_STATES.find((candidate) => candidate === state);
  if (!known || time === undefined || id === undefined) throw invalidSkipToken(token);
  return { state: known, time: numberOfToken(time), id };
}
