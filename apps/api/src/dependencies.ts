import { createApplicationManager, createBatchClient } from '@windrow/batch';
import { AuditLog, createStorage } from '@windrow/storage';
import { dataConverterOf } from '@windrow/codec';
import { originInterceptor, recordRequest } from '@windrow/tracing';
import type { Dependencies } from './app.module';
import { AccountApplications } from './batch/account-applications';
import { BatchGateway } from './batch/batch.gateway';
import type { ApiConfig } from './config';
import { currentRequest } from './http/current-request';
import type { ApiMetrics } from './monitoring/api-metrics';
import { temporalConnection } from './workflows/connect';
import { TemporalGateway } from './workflows/temporal.gateway';

/** A person waits for the answer: give up long before a worker would. */
const RETRY = { maxAttempts: 3, baseDelayMs: 250, maxDelayMs: 2000 };

/** Builds the clients of everything outside; none of them connects before it is used. */
export function connectDependencies(config: ApiConfig, metrics: ApiMetrics): Dependencies {
  const storage = createStorage({
    ...config.storage,
    retry: { maxTries: RETRY.maxAttempts },
    ...(config.tracing && { onRequest: recordRequest }),
  });
  const connection = temporalConnection(config.temporal);
  const { namespace, uiUrl, payloadKeys } = config.temporal;
  const dataConverter = dataConverterOf(payloadKeys);
  return {
    blobs: storage.blobs,
    links: storage.links,
    catalogue: storage.catalogue,
    resources: storage.resources,
    audit: new AuditLog(storage.blobs),
    workflows: new TemporalGateway({
      ...{ connection, namespace, dataConverter },
      origin: originInterceptor(() => currentRequest()?.requestId),
      ...(uiUrl ? { uiUrl } : {}),
    }),
    batch: new BatchGateway(
      createBatchClient({
        ...config.batch,
        retry: RETRY,
        onRequest: (report) => {
          metrics.batchRequest(report);
          recordRequest({ service: 'batch', ...report });
        },
      }),
      config.batch.endpoint,
      config.arm,
    ),
    applications: new AccountApplications(storage.blobs, config.arm && createApplicationManager(config.arm)),
    close: async () => {
      storage.close();
      await connection.close();
    },
  };
}
