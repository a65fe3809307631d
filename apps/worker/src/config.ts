/** All that the worker reads from its environment. */
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { ArmConfig, BatchConfig } from '@windrow/batch';
import {
  configOf,
  readArm,
  readBatch,
  readDefaultQuotas,
  readKeyVaults,
  readLogLevel,
  readPayloadKeys,
  readPrices,
  readSecretKeys,
  readStorage,
  readTemporal,
  readTracing,
  readWebhookTargets,
} from '@windrow/config';
import type { Environment, Reader } from '@windrow/config';
import type { PayloadKey } from '@windrow/codec';
import type { PriceList, WorkspaceQuotas } from '@windrow/contract';
import type { StorageConfig } from '@windrow/storage';
import type { TracingConfig } from '@windrow/tracing';
import type { PoolTiming, WatchTiming } from './activities';
import type { SweeperConfig } from './sweeper-schedule';
import type { SenderConfig } from './webhooks';

export interface WorkerConfig {
  storage: StorageConfig;
  batch: BatchConfig;
  /** Where the Batch account is managed: for applications. */
  arm?: ArmConfig;
  temporal: ClientConnectConfig;
  timing: WatchTiming & PoolTiming;
  /** Of `WINDROW_PRICES`, for the cost of jobs. */
  prices?: PriceList;
  /** Plans, submissions and gathers at a time. */
  bulkSlots: number;
  watchSlots: number;
  logLevel: string;
  /** Absent: no traces. */
  tracing?: TracingConfig;
  /** Where health and metrics are served; absent: nowhere. */
  operations?: { host: string; port: number };
  sweeper: SweeperConfig;
  /** Origins of the vaults whose secrets tasks may have. */
  keyVaults: string[];
  /** Of workspaces that have none of their own. */
  defaultQuotas: WorkspaceQuotas;
  /** What Temporal keeps is encrypted with the first; none: it is not. */
  payloadKeys: PayloadKey[];
  webhooks: SenderConfig;
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: Environment = process.env): WorkerConfig {
  return configOf(env, (read) => {
    const prices = readPrices(read);
    const tracing = readTracing(read, 'windrow-worker');
    const arm = readArm(read);
    return {
      storage: readStorage(read),
      batch: readBatch(read),
      ...(arm && { arm }),
      temporal: readTemporal(read),
      timing: {
        pollMinMs: read.integer('WINDROW_POLL_MIN_MS', 250),
        pollMaxMs: read.integer('WINDROW_POLL_MAX_MS', 10_000),
        patienceMs: read.integer('WINDROW_POOL_PATIENCE_SECONDS', 120) * 1000,
      },
      ...(prices && { prices }),
      bulkSlots: read.integer('WINDROW_BULK_SLOTS', 20),
      watchSlots: read.integer('WINDROW_WATCH_SLOTS', 2000),
      logLevel: readLogLevel(read),
      ...(tracing && { tracing }),
      ...(read.text('WINDROW_WORKER_PORT') !== undefined && {
        operations: {
          host: read.text('WINDROW_WORKER_HOST') ?? '127.0.0.1',
          port: read.port('WINDROW_WORKER_PORT', 0),
        },
      }),
      sweeper: {
        intervalMs: read.integer('WINDROW_SWEEP_INTERVAL_SECONDS', 600, 0) * 1000,
        graceMs: read.integer('WINDROW_SWEEP_GRACE_SECONDS', 900) * 1000,
      },
      keyVaults: readKeyVaults(read),
      defaultQuotas: readDefaultQuotas(read),
      payloadKeys: readPayloadKeys(read),
      webhooks: readWebhooks(read),
    };
  });
}

/** `WINDROW_WEBHOOK_RETRY_SECONDS` replaces the waits between attempts, such as `5,300,1800`. */
function readWebhooks(read: Reader): SenderConfig {
  const publicUrl = read.url('WINDROW_PUBLIC_URL');
  const name = 'WINDROW_WEBHOOK_RETRY_SECONDS';
  const waits = read.text(name);
  if (waits !== undefined && !/^\d{1,6}(?:,\d{1,6})*$/.test(waits))
    read.fault(name, 'must be seconds such as 5,300,1800');
  return {
    secretKeys: readSecretKeys(read),
    targets: readWebhookTargets(read),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(waits !== undefined && { retrySeconds: waits.split(',').map(Number) }),
  };
}
