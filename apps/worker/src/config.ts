/** All that the worker reads from its environment. */
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { BatchConfig } from '@windrow/batch';
import {
  configOf,
  readBatch,
  readKeyVaults,
  readLogLevel,
  readPayloadKeys,
  readPrices,
  readStorage,
  readTemporal,
} from '@windrow/config';
import type { Environment } from '@windrow/config';
import type { PayloadKey } from '@windrow/codec';
import type { PriceList } from '@windrow/contract';
import type { StorageConfig } from '@windrow/storage';
import type { PoolTiming, WatchTiming } from './activities';
import type { SweeperConfig } from './sweeper-schedule';

export interface WorkerConfig {
  storage: StorageConfig;
  batch: BatchConfig;
  temporal: ClientConnectConfig;
  timing: WatchTiming & PoolTiming;
  /** Of `WINDROW_PRICES`, for the cost of jobs. */
  prices?: PriceList;
  /** Plans, submissions and gathers at a time. */
  bulkSlots: number;
  watchSlots: number;
  logLevel: string;
  /** Where health and metrics are served; absent: nowhere. */
  operations?: { host: string; port: number };
  sweeper: SweeperConfig;
  /** Origins of the vaults whose secrets tasks may have. */
  keyVaults: string[];
  /** What Temporal keeps is encrypted with the first; none: it is not. */
  payloadKeys: PayloadKey[];
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: Environment = process.env): WorkerConfig {
  return configOf(env, (read) => {
    const prices = readPrices(read);
    return {
      storage: readStorage(read),
      batch: readBatch(read),
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
      payloadKeys: readPayloadKeys(read),
    };
  });
}
