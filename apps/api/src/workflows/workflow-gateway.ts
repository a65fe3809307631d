import type {
  AdmitRequest,
  ClusterInput,
  ClusterUpdate,
  DeletionInput,
  JobFacts,
  JobInput,
  JobUpdate,
  PlanResult,
  PoolTemplate,
  WebhookInput,
} from '@windrow/contract';

import type { ScheduleGateway } from './schedule-gateway';

export type WorkflowStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated';

export interface WorkflowFacts {
  status: WorkflowStatus;
  startTime: string;
  closeTime?: string;
  /** What was noted at the start; empty for workflows of another make. */
  memo: ClusterMemo;
}

/** Noted beside a workflow; of a job's only the uid. A cluster's lives exactly as long as the cluster does. */
export interface ClusterMemo {
  uid?: string;
  createdTime?: string;
  displayName?: string;
  labels?: Record<string, string>;
  template?: PoolTemplate;
  /** Fingerprint of the body the cluster was created with. */
  specHash?: string;
}

export type UpdateName = 'limit' | keyof typeof ClusterUpdate | keyof typeof JobUpdate;

/**
 * Everything the API asks of Temporal.
 * Each method throws DependencyUnavailableError when Temporal does not answer in time.
 */
export abstract class WorkflowGateway {
  abstract readonly schedules: ScheduleGateway;
  /** Starts a job's workflow: the first run once for each uid, while none of its name runs; a redrive while none runs. */
  abstract startJob(input: JobInput, facts: JobFacts): Promise<'started' | 'exists'>;
  /** Starts a cluster's workflow; a name is free again once the cluster before has ended. */
  abstract startCluster(input: ClusterInput, memo: ClusterMemo): Promise<'started' | 'exists'>;
  /** Starts a deletion, or joins the one that runs. */
  abstract startDeletion(input: DeletionInput): Promise<void>;
  /** Starts the delivery of an event to a webhook; once for each event. */
  abstract startWebhook(input: WebhookInput): Promise<void>;
  /** Undefined when there is no such workflow. */
  abstract describe(workflowId: string): Promise<WorkflowFacts | undefined>;
  /** Asks a workflow to end; `closed` when none runs. */
  abstract cancel(workflowId: string): Promise<'requested' | 'closed'>;
  /**
   * Sends an update and waits until the workflow has taken it and, for a while, until it is done.
   * @throws UpdateRefusedError, WorkflowMissingError
   */
  abstract update(workflowId: string, name: UpdateName, arg?: object): Promise<void>;
  /**
   * Takes a place for a job among those of its workspace, by the workspace's admission, which is started where there is
   * none. @throws QueueFullError
   */
  abstract admit(workspace: string, request: AdmitRequest): Promise<void>;
  /** Jobs of a workspace that have not ended: those that wait to run, and all others. */
  abstract countJobs(workspace: string): Promise<{ running: number; queued: number }>;
  /** Plans without running. @throws PlanRefusedError, PlanTimeoutError */
  abstract plan(input: JobInput, timeoutMs: number): Promise<PlanResult>;
  /** Whether Temporal answers. */
  abstract check(timeoutMs: number): Promise<void>;
  /** Page of Temporal's own web interface, where one is configured. */
  abstract pageOf(workflowId: string): string | undefined;
}

/** Thrown when a workflow, or its validator, says no. */
export class UpdateRefusedError extends Error {}

/** Thrown when the workflow to be updated does not run. */
export class WorkflowMissingError extends Error {}

/** Thrown when a dry run finds the job impossible; `code` and `path` point at the reason. */
export class PlanRefusedError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly path: string | undefined,
  ) {
    super(message);
  }
}

/** Thrown when a dry run takes too long; its workflow is cancelled. */
export class PlanTimeoutError extends Error {}

/** Thrown when a workspace takes no further jobs for the moment. */
export class QueueFullError extends Error {}
