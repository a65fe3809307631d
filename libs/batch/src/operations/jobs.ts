import { listAll, listQuery } from '../transport/paging';
import type { Transport } from '../transport/transport';
import type { ListOptions } from '../types/common';
import type { BatchJob, BatchJobCreateOptions, BatchJobUpdateOptions, BatchTaskCountsResult } from '../types/job';

export interface JobOperations {
  /** @throws BatchConflictError code `JobExists`; BatchQuotaError */
  create(job: BatchJobCreateOptions): Promise<void>;
  get(id: string): Promise<BatchJob>;
  list(options?: ListOptions): AsyncIterable<BatchJob>;
  patch(id: string, body: BatchJobUpdateOptions): Promise<void>;
  /** @throws BatchConflictError code `JobCompleted`, `JobBeingTerminated`, `JobBeingDeleted` */
  terminate(id: string, reason?: string): Promise<void>;
  /** No further task starts; what runs is waited for, put back, or ended. @throws BatchConflictError as `terminate` */
  disable(id: string, disableTasks: 'wait' | 'requeue' | 'terminate'): Promise<void>;
  /** @throws BatchConflictError as `terminate`, and while the job is still `disabling` */
  enable(id: string): Promise<void>;
  /** Deletes the job with its tasks and their files; returns once that has begun. */
  delete(id: string): Promise<void>;
  /** Tasks by state, eventually consistent. */
  taskCounts(id: string): Promise<BatchTaskCountsResult>;
}

export function jobPath(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`;
}

export function jobOperations(transport: Transport): JobOperations {
  return {
    create: async (job) => {
      const body = JSON.stringify(job);
      const target = jobPath(job.id);
      await transport.send({ operation: 'jobs.create', method: 'POST', path: '/jobs', target, body, expect: [201] });
    },
    get: (id) => transport.json({ operation: 'jobs.get', method: 'GET', path: jobPath(id), expect: [200] }),
    list: (options = {}) => listAll(transport, { operation: 'jobs.list', path: '/jobs', query: listQuery(options) }),
    patch: async (id, changes) => {
      const body = JSON.stringify(changes);
      await transport.send({ operation: 'jobs.patch', method: 'PATCH', path: jobPath(id), body, expect: [200] });
    },
    terminate: async (id, reason) => {
      await transport.send({
        operation: 'jobs.terminate',
        method: 'POST',
        path: `${jobPath(id)}/terminate`,
        expect: [202],
        ...(reason !== undefined && { body: JSON.stringify({ terminateReason: reason }) }),
      });
    },
    disable: async (id, disableTasks) => {
      const body = JSON.stringify({ disableTasks });
      const path = `${jobPath(id)}/disable`;
      await transport.send({ operation: 'jobs.disable', method: 'POST', path, body, expect: [202] });
    },
    enable: async (id) => {
      const path = `${jobPath(id)}/enable`;
      await transport.send({ operation: 'jobs.enable', method: 'POST', path, expect: [202] });
    },
    delete: async (id) => {
      await transport.send({ operation: 'jobs.delete', method: 'DELETE', path: jobPath(id), expect: [202] });
    },
    taskCounts: (id) =>
      transport.json({
        operation: 'jobs.taskCounts',
        method: 'GET',
        path: `${jobPath(id)}/taskcounts`,
        expect: [200],
      }),
  };
}
