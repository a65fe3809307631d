import {
  Client,
  type Connection,
  WithStartWorkflowOperation,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import {
  ApplicationFailure,
  type DataConverter,
  defineSearchAttributeKey,
  type SearchAttributePair,
  WorkflowExecutionAlreadyStartedError,
  type Workflow,
  WorkflowNotFoundError,
} from '@temporalio/common';
import {
  AdmissionUpdate,
  admissionWorkflowId,
  type AdmitRequest,
  type ClusterInput,
  clusterWorkflowId,
  type DeletionInput,
  deletionWorkflowId,
  type InvalidJobDetail,
  type JobInput,
  type JobKey,
  type JobFacts,
  jobWorkflowId,
  type PlanResult,
  type Reuse,
  SearchAttribute,
  shortSummary,
  startJobOnce,
  TaskQueue,
  UpdateLanes,
  type WebhookInput,
  webhookWorkflowId,
  WorkflowType,
} from '@windrow/contract';
import { DependencyUnavailableError } from '../common/errors';
import type { ScheduleGateway } from './schedule-gateway';
import { TemporalSchedules } from './temporal-schedules';
import { reaching } from './temporal-errors';
import {
  type ClusterMemo,
  PlanRefusedError,
  PlanTimeoutError,
  QueueFullError,
  type UpdateName,
  UpdateRefusedError,
  WorkflowGateway,
  WorkflowMissingError,
  type WorkflowFacts,
  type WorkflowStatus,
} from './workflow-gateway';

const CALL_TIMEOUT_MS = 10_000;

const STATUS: Record<string, WorkflowStatus> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
};

export interface TemporalOptions {
  connection: Connection;
  namespace: string;
  dataConverter?: DataConverter;
  /** Tells workflows where they come from. */
  origin?: WorkflowClientInterceptor;
  uiUrl?: string;
}

/** Temporal through its own client. */
export class TemporalGateway extends WorkflowGateway {
  readonly schedules: ScheduleGateway;
  private readonly client: Client;

  constructor(private readonly options: TemporalOptions) {
    super();
    const { connection, namespace, dataConverter = {}, origin } = options;
    const interceptors = { workflow: [new UpdateLanes().interceptor(), ...(origin ? [origin] : [])] };
    this.client = new Client({ connection, namespace, dataConverter, interceptors });
    this.schedules = new TemporalSchedules(this.client, (call) => this.calling(call));
  }

  async startJob(input: JobInput, { displayName, cluster, summary }: JobFacts): Promise<'started' | 'exists'> {
    const workflowId = jobWorkflowId(input);
    const start = (workflowIdReusePolicy: Reuse) =>
      this.start(WorkflowType.job, workflowId, input, {
        workflowIdReusePolicy,
        staticSummary: shortSummary(displayName ? `${displayName}: ${summary}` : summary),
        typedSearchAttributes: jobAttributes(input, cluster),
        memo: { uid: input.uid },
      });
    if (input.redrive) return start('ALLOW_DUPLICATE');
    return startJobOnce(input.uid, start, async () => {
      const known = await this.describe(workflowId);
      return known && { running: known.status === 'running', uid: known.memo.uid };
    });
  }

  async startCluster(input: ClusterInput, memo: ClusterMemo): Promise<'started' | 'exists'> {
    return this.start(WorkflowType.cluster, clusterWorkflowId(input), input, {
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: shortSummary(input.displayName ?? `cluster ${input.cluster}`),
      typedSearchAttributes: [keyword('workspace', input.workspace), keyword('cluster', input.cluster)],
      memo: { ...memo },
    });
  }

  async startDeletion(input: DeletionInput): Promise<void> {
    const attributes = [keyword('workspace', input.workspace)];
    if ('experiment' in input) attributes.push(keyword('experiment', input.experiment));
    if (input.kind === 'job') attributes.push(keyword('job', input.job));
    // Whether it is started or runs already is all one.
    await this.start(WorkflowType.deletion, deletionWorkflowId(input), input, {
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `delete ${input.kind}`,
      typedSearchAttributes: attributes,
    });
  }

  async startWebhook(input: WebhookInput): Promise<void> {
    await this.start(WorkflowType.webhook, webhookWorkflowId(input), input, {
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: shortSummary(`${input.event.type} to webhook ${input.webhook}`),
      typedSearchAttributes: [keyword('workspace', input.workspace)],
    });
  }

  async describe(workflowId: string): Promise<WorkflowFacts | undefined> {
    return this.calling(async () => {
      try {
        const found = await this.client.workflow.getHandle(workflowId).describe();
        return {
          status: STATUS[found.status.name] ?? 'running',
          startTime: found.startTime.toISOString(),
          ...(found.closeTime ? { closeTime: found.closeTime.toISOString() } : {}),
          memo: found.memo ?? {},
        };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    });
  }

  async cancel(workflowId: string): Promise<'requested' | 'closed'> {
    // Temporal takes requests for closed workflows as well, so asking is the only way to know.
    if ((await this.describe(workflowId))?.status !== 'running') return 'closed';
    return this.calling(async () => {
      try {
        await this.client.workflow.getHandle(workflowId).cancel();
        return 'requested';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'closed';
        throw error;
      }
    });
  }

  async update(workflowId: string, name: UpdateName, arg?: object): Promise<void> {
    const handle = this.client.workflow.getHandle(workflowId);
    // The SDK's types know updates with arguments and without, not both.
    const options = { args: (arg === undefined ? [] : [arg]) as [object], waitForStage: 'ACCEPTED' as const };
    try {
      const update = await this.calling(() => handle.startUpdate<unknown, [object]>(name, options));
      await this.calling(() => update.result()).catch(unlessRefused);
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw new UpdateRefusedError(messageOf(error), { cause: error });
      if (error instanceof WorkflowNotFoundError) throw new WorkflowMissingError(workflowId, { cause: error });
      throw workerMissing(error);
    }
  }

  async admit(workspace: string, request: AdmitRequest): Promise<void> {
    const startWorkflowOperation = new WithStartWorkflowOperation(WorkflowType.admission, {
      workflowId: admissionWorkflowId(workspace),
      taskQueue: TaskQueue.control,
      args: [{ workspace }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `admission of workspace ${workspace}`,
    });
    const options = { args: [request] as [AdmitRequest], startWorkflowOperation };
    try {
      await this.calling(() =>
        this.client.workflow.executeUpdateWithStart<Workflow, unknown, [AdmitRequest]>(AdmissionUpdate.admit, options),
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw new QueueFullError(messageOf(error), { cause: error });
      throw workerMissing(error);
    }
  }

  async countJobs(workspace: string): Promise<{ running: number; queued: number }> {
    const query = `${SearchAttribute.workspace} = '${workspace}' AND WorkflowType = '${WorkflowType.job}' AND ExecutionStatus = 'Running'`;
    return this.calling(async () => {
      const [all, queued] = await Promise.all([
        this.client.workflow.count(query),
        this.client.workflow.count(`${query} AND ${SearchAttribute.state} = 'queued'`),
      ]);
      return { running: all.count - queued.count, queued: queued.count };
    });
  }

  async plan(input: JobInput, timeoutMs: number): Promise<PlanResult> {
    const workflowId = planWorkflowId(input);
    await this.start(WorkflowType.plan, workflowId, input, {
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: 'Dry run',
      typedSearchAttributes: [keyword('workspace', input.workspace), keyword('experiment', input.experiment)],
    });
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const result: unknown = await reaching(() =>
        this.client.withAbortSignal(limit, () => this.client.workflow.getHandle(workflowId).result()),
      );
      return result as PlanResult;
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw planRefusal(error);
      if (!limit.aborted) throw error;
      await this.cancel(workflowId);
      throw new PlanTimeoutError(`The dry run took longer than ${timeoutMs / 1000} s.`, { cause: error });
    }
  }

  async check(timeoutMs: number): Promise<void> {
    const { connection, namespace } = this.options;
    await reaching(() =>
      connection.withDeadline(Date.now() + timeoutMs, () =>
        connection.workflowService.describeNamespace({ namespace }),
      ),
    );
  }

  pageOf(workflowId: string): string | undefined {
    const { uiUrl, namespace } = this.options;
    if (!uiUrl) return undefined;
    return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  }

  private async start(
    type: string,
    workflowId: string,
    input: object,
    options: StartOptions,
  ): Promise<'started' | 'exists'> {
    return this.calling(async () => {
      try {
        await this.client.workflow.start(type, { workflowId, taskQueue: TaskQueue.control, args: [input], ...options });
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
        throw error;
      }
    });
  }

  private calling<T>(call: () => Promise<T>): Promise<T> {
    return reaching(() => this.client.withDeadline(Date.now() + CALL_TIMEOUT_MS, call));
  }
}

interface StartOptions {
  workflowIdReusePolicy: Reuse;
  staticSummary: string;
  typedSearchAttributes: SearchAttributePair[];
  memo?: Record<string, unknown>;
}

function planWorkflowId({ workspace, uid }: JobKey & { uid: string }): string {
  return `plan:${workspace}/${uid}`;
}

function jobAttributes({ workspace, experiment, job }: JobKey, cluster: string | undefined): SearchAttributePair[] {
  return [
    keyword('workspace', workspace),
    keyword('experiment', experiment),
    keyword('job', job),
    keyword('state', 'queued'),
    ...(cluster ? [keyword('cluster', cluster)] : []),
  ];
}

function keyword(name: keyof typeof SearchAttribute, value: string): SearchAttributePair {
  return { key: defineSearchAttributeKey(SearchAttribute[name], 'KEYWORD'), value };
}

function messageOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** An accepted update is durable: whether it takes longer, or ends its workflow, it will have happened. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof WorkflowUpdateFailedError)) return;
  const { cause } = error;
  if (cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow') return;
  throw error;
}

/** Temporal answered that it waits: no worker took the update. */
function workerMissing(error: unknown): unknown {
  const waited =
    error instanceof DependencyUnavailableError && error.cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
  if (!waited) return error;
  return new DependencyUnavailableError('worker', { cause: error, detail: 'No worker took the request in time.' });
}

function planRefusal(error: WorkflowFailedError): unknown {
  const { cause } = error;
  if (!(cause instanceof Error)) return error;
  const failure = innermost(cause);
  const detail = failure?.details?.[0] as InvalidJobDetail | undefined;
  if (!failure) return error;
  return new PlanRefusedError(failure.message, detail?.code ?? failure.type ?? 'PlanFailed', detail?.path);
}

/** An activity's failure lies beneath the one that names the activity. */
function innermost(error: Error): ApplicationFailure | undefined {
  const below = error.cause instanceof Error ? innermost(error.cause) : undefined;
  return below ?? (error instanceof ApplicationFailure ? error : undefined);
}
