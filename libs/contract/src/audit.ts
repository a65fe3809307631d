/** Who changed what, when, and how it ended: one line of the audit log. Never a body, a query string or a secret. */
export interface AuditRecord {
  /** Unique: a line that storage was given twice is told by it. */
  id: string;
  /** When it had ended, as ISO 8601 in UTC. */
  time: string;
  /** `api`: a request to this service; `batch`: a request of ours to the data plane of Azure Batch. */
  source: 'api' | 'batch';
  /** As `GET /v1/me` tells it; `anonymous` for whoever could not be told, {@link WORKER_PRINCIPAL} for the worker. */
  principal: string;
  method: string;
  /** The route's pattern, or the operation on Batch such as `pools.create`. */
  operation: string;
  /** Path of what was to be changed, without a query. */
  resource: string;
  workspace?: string;
  /** Absent when no answer came. */
  status?: number;
  /** Stable code of what went wrong. */
  code?: string;
  requestId?: string;
  /** Network address of the caller. */
  address?: string;
  /** Workflow for which the worker made the request. */
  workflowId?: string;
  /** Tasks that one request added. */
  tasks?: number;
  /** How often the request was sent, where that is more than once. */
  attempts?: number;
}

export const WORKER_PRINCIPAL = 'windrow:worker';

/** Workspace of the workflow of a job, a cluster or a deletion, by its id; undefined for others. */
export function workspaceOfWorkflow(workflowId: string): string | undefined {
  return /^(?:(?:job|cluster):|delete:\w+\/)([^/]+)/.exec(workflowId)?.[1];
}
