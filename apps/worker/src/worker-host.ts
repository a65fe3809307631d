/** Three Temporal workers in one process, one a task queue, each with the concurrency of its kind of work. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { DefaultAzureCredential } from '@azure/identity';
import { createApplicationManager, createBatchClient } from '@windrow/batch';
import { AuditLog, createStorage, deploymentId } from '@windrow/storage';
import { originInterceptor, recordRequest } from '@windrow/tracing';
import { dataConverterOf } from '@windrow/codec';
import { TaskQueue, UpdateLanes } from '@windrow/contract';
import { createActivities } from './activities';
import { FailureInterceptor } from './activities/failure-interceptor';
import { HeartbeatInterceptor } from './activities/heartbeat-interceptor';
import { AUDIT_GATHER_MS, type AuditLost, auditBatch } from './batch-audit';
import type { WorkerConfig } from './config';
import { patiently } from './patience';
import { SecretReader } from './secrets';
import { registerSearchAttributes } from './search-attributes';
import { scheduleSweeper } from './sweeper-schedule';
import { activityOrigin, currentRequestId, runSink } from './tracing';
import { WebhookSender } from './webhooks';
import { WorkerMetrics } from './worker-metrics';

export const BUNDLE_PATH = path.join(__dirname, 'workflow-bundle.js');

const SHUTDOWN_GRACE = '10s';

export interface WorkerHost {
  /** Resolves when all workers ended; rejects when one failed. */
  done: Promise<void>;
  shutdown(): void;
}

/** Told of each attempt at the start that failed. */
export type Waiting = (service: string, error: unknown) => void;

/** Connects, registers what is missing in Temporal and in the stores, and polls. */
export async function startWorkers(
  config: WorkerConfig,
  waiting: Waiting = () => undefined,
  onLost: AuditLost = () => undefined,
  metrics = new WorkerMetrics(),
): Promise<WorkerHost> {
  // It may go away again between any two of these steps.
  const whenThere = <T>(step: () => Promise<T>) => patiently(step, (error) => waiting('Temporal', error));
  const connection = await whenThere(() => NativeConnection.connect(config.temporal.connectionOptions ?? {}));
  const namespace = config.temporal.namespace ?? 'default';
  const dataConverter = dataConverterOf(config.payloadKeys);
  const interceptors = { workflow: [new UpdateLanes().interceptor(), originInterceptor(currentRequestId)] };
  const client = new Client({ connection, namespace, dataConverter, interceptors });
  await whenThere(() => registerSearchAttributes(client, namespace));
  const storage = createStorage({ ...config.storage, ...(config.tracing && { onRequest: recordRequest }) });
  await patiently(
    () => storage.catalogue.ensure(),
    (error) => waiting('Table storage', error),
  );
  const deployment = await patiently(
    () => deploymentId(storage.blobs),
    (error) => waiting('Blob storage', error),
  );
  const audit = new AuditLog(storage.blobs, AUDIT_GATHER_MS);
  const onChange = auditBatch(audit, onLost);
  const activities = createActivities({
    storage,
    batch: createBatchClient({
      ...config.batch,
      onChange,
      onRequest: (report) => {
        metrics.batchRequest(report);
        recordRequest({ service: 'batch', ...report });
      },
    }),
    secrets: new SecretReader(config.keyVaults, new DefaultAzureCredential()),
    webhooks: new WebhookSender(config.webhooks),
    temporal: () => client,
    timing: config.timing,
    deployment,
    defaultQuotas: config.defaultQuotas,
    ...(config.arm && { applications: createApplicationManager(config.arm, onChange) }),
    ...(config.prices && { prices: config.prices }),
  });
  const common = {
    connection,
    namespace,
    dataConverter,
    activities,
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: '20s',
    // Cancellation reaches an activity with its heartbeat: the default throttle would make that slow.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  } as const;
  // Outermost, so that they see the types of failures that errors have become.
  const measures = () => ({ inbound: metrics.interceptor() });
  const failures = () => ({ inbound: new FailureInterceptor() });
  const heartbeats = () => ({ inbound: new HeartbeatInterceptor() });
  const create = (options: WorkerOptions) => whenThere(() => Worker.create(options));
  const workers = [
    await create({
      ...common,
      interceptors: { activity: [activityOrigin, measures, failures, heartbeats] },
      sinks: runSink,
      taskQueue: TaskQueue.control,
      workflowBundle: { code: readFileSync(BUNDLE_PATH, 'utf8') },
      maxConcurrentActivityTaskExecutions: 100,
      maxCachedWorkflows: 500,
    }),
    await create({
      ...common,
      interceptors: { activity: [activityOrigin, measures, failures] },
      taskQueue: TaskQueue.bulk,
      maxConcurrentActivityTaskExecutions: config.bulkSlots,
    }),
    await create({
      ...common,
      interceptors: { activity: [activityOrigin, measures, failures] },
      taskQueue: TaskQueue.watch,
      maxConcurrentActivityTaskExecutions: config.watchSlots,
    }),
  ];
  await whenThere(() => scheduleSweeper(client, config.sweeper));
  const shutdown = () =>
    workers.filter((worker) => worker.getState() === 'RUNNING').forEach((worker) => worker.shutdown());
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      // One that fails takes the others with it: a half-working process is worse than a restarted one.
      shutdown();
      throw error;
    }),
  );
  const done = Promise.all(runs).then(async () => {
    await audit.close();
    storage.close();
    await connection.close();
  });
  return { done, shutdown };
}
