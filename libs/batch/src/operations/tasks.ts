import { fetchPage, listAll, listQuery } from '../transport/paging';
import type { Transport } from '../transport/transport';
import type { ListOptions } from '../types/common';
import type { BatchTask, BatchTaskCreateOptions } from '../types/task';
import { addCollection } from './add-collection';
import type { AddResult } from './add-collection';
import { jobPath } from './jobs';

export interface TaskPage {
  value: BatchTask[];
  nextLink?: string;
}

export interface TaskOperations {
  /** Adds any number of tasks, see {@link addCollection}. */
  addCollection(jobId: string, tasks: BatchTaskCreateOptions[]): Promise<AddResult>;
  get(jobId: string, taskId: string): Promise<BatchTask>;
  list(jobId: string, options?: ListOptions): AsyncIterable<BatchTask>;
  /** One page; give its `nextLink` for the next, with which the other options are not looked at. */
  listPage(jobId: string, options?: ListOptions & { nextLink?: string }): Promise<TaskPage>;
  /** @throws BatchConflictError code `TaskCompleted` */
  terminate(jobId: string, taskId: string): Promise<void>;
  delete(jobId: string, taskId: string): Promise<void>;
}

export function taskPath(jobId: string, taskId: string): string {
  return `${jobPath(jobId)}/tasks/${encodeURIComponent(taskId)}`;
}

export function taskOperations(transport: Transport): TaskOperations {
  return {
    addCollection: (jobId, tasks) => addCollection(transport, jobId, tasks),
    get: (jobId, taskId) =>
      transport.json({ operation: 'tasks.get', method: 'GET', path: taskPath(jobId, taskId), expect: [200] }),
    list: (jobId, options = {}) =>
      listAll(transport, {
        operation: 'tasks.list',
        path: `${jobPath(jobId)}/tasks`,
        query: listQuery(options),
      }),
    listPage: (jobId, { nextLink, ...options } = {}) => {
      const path = `${jobPath(jobId)}/tasks`;
      return fetchPage(transport, { operation: 'tasks.list', path, query: listQuery(options) }, nextLink);
    },
    terminate: async (jobId, taskId) => {
      const path = `${taskPath(jobId, taskId)}/terminate`;
      await transport.send({ operation: 'tasks.terminate', method: 'POST', path, expect: [204] });
    },
    delete: async (jobId, taskId) => {
      const path = taskPath(jobId, taskId);
      await transport.send({ operation: 'tasks.delete', method: 'DELETE', path, expect: [200] });
    },
  };
}
