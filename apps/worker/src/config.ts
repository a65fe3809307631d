/** All that the worker reads from its environment. */
import { DefaultAzureCredential } from '@azure/identity';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { BatchConfig } from '@windrow/batch';
import { readPriceFile } from '@windrow/batch';
import type { PriceList } from '@windrow/contract';
import type { StorageConfig } from '@windrow/storage';
import { parseVaults } from '@windrow/contract';
import { storageConfigForAccount, storageConfigFromConnectionString } from '@windrow/storage';
import type { PoolTiming, WatchTiming } from './activities';
import type { SweeperConfig } from './sweeper-schedule';

export interface WorkerConfig {
  storage: StorageConfig;
  batch: BatchConfig;
  temporal: ReturnType<typeof loadClientConnectConfig>;
  timing: WatchTiming & PoolTiming;
  /** Of `WINDROW_PRICES`, for the cost of jobs. */
  prices?: PriceList;
  /** Plans, submissions and gathers at a time. */
  bulkSlots: number;
  watchSlots: number;
  logLevel: string;
  sweeper: SweeperConfig;
  /** Origins of the vaults whose secrets tasks may have. */
  keyVaults: string[];
}

type Environment = Record<string, string | undefined>;

/** @throws Error naming the variable that is missing or wrong, or the price file */
export function readConfig(env: Environment = process.env): WorkerConfig {
  const prices = readPriceFile(env.WINDROW_PRICES);
  return {
    storage: storageConfig(env),
    batch: batchConfig(env),
    temporal: loadClientConnectConfig(),
    timing: {
      pollMinMs: integer(env, 'WINDROW_POLL_MIN_MS', 250),
      pollMaxMs: integer(env, 'WINDROW_POLL_MAX_MS', 10_000),
      patienceMs: integer(env, 'WINDROW_POOL_PATIENCE_SECONDS', 120) * 1000,
    },
    ...(prices && { prices }),
    bulkSlots: integer(env, 'WINDROW_BULK_SLOTS', 20),
    watchSlots: integer(env, 'WINDROW_WATCH_SLOTS', 2000),
    logLevel: env.WINDROW_LOG_LEVEL ?? 'info',
    sweeper: {
      intervalMs: integer(env, 'WINDROW_SWEEP_INTERVAL_SECONDS', 600, 0) * 1000,
      graceMs: integer(env, 'WINDROW_SWEEP_GRACE_SECONDS', 900) * 1000,
    },
    keyVaults: vaults(env),
  };
}

function storageConfig(env: Environment): StorageConfig {
  if (env.AZURE_STORAGE_CONNECTION_STRING)
    return storageConfigFromConnectionString(env.AZURE_STORAGE_CONNECTION_STRING);
  if (env.WINDROW_STORAGE_ACCOUNT)
    return storageConfigForAccount(env.WINDROW_STORAGE_ACCOUNT, new DefaultAzureCredential());
  throw new Error(
    'Set AZURE_STORAGE_CONNECTION_STRING, or WINDROW_STORAGE_ACCOUNT to use the Entra identity of this host.',
  );
}

function batchConfig(env: Environment): BatchConfig {
  const endpoint = env.AZURE_BATCH_ENDPOINT;
  if (!endpoint) throw new Error('Set AZURE_BATCH_ENDPOINT, such as https://myaccount.westeurope.batch.azure.com.');
  if (!env.AZURE_BATCH_ACCESS_KEY)
    return { endpoint, auth: { kind: 'token', credential: new DefaultAzureCredential() } };
  const accountName = env.AZURE_BATCH_ACCOUNT;
  if (!accountName)
    throw new Error('Set AZURE_BATCH_ACCOUNT: AZURE_BATCH_ACCESS_KEY is of no use without the account name.');
  return { endpoint, auth: { kind: 'sharedKey', accountName, accountKey: env.AZURE_BATCH_ACCESS_KEY } };
}

function vaults(env: Environment): string[] {
  try {
    return parseVaults(env.WINDROW_KEY_VAULTS ?? '');
  } catch (error) {
    throw new Error(`WINDROW_KEY_VAULTS is not a list of vaults: ${(error as Error).message}.`, { cause: error });
  }
}

function integer(env: Environment, name: string, fallback: number, min = 1): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min)
    throw new Error(`${name} must be a whole number of at least ${min}, not '${text}'.`);
  return value;
}
