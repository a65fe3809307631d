import { DefaultAzureCredential } from '@azure/identity';
import { type BatchConfig, createBatchClient } from '@windrow/batch';
import {
  createStorage,
  type StorageConfig,
  storageConfigForAccount,
  storageConfigFromConnectionString,
} from '@windrow/storage';
import type { Dependencies } from './app.module';
import { BatchGateway } from './batch/batch.gateway';
import type { ApiConfig, BatchSettings, StorageSettings } from './config';
import { temporalConnection } from './workflows/connect';
import { TemporalGateway } from './workflows/temporal.gateway';

/** A person waits for the answer: give up long before a worker would. */
const RETRY = { maxAttempts: 3, baseDelayMs: 250, maxDelayMs: 2000 };

/** Builds the clients of everything outside; none of them connects before it is used. */
export function connectDependencies(config: ApiConfig): Dependencies {
  const storage = createStorage({ ...storageConfig(config.storage), retry: { maxTries: RETRY.maxAttempts } });
  const connection = temporalConnection(config.temporal);
  const { namespace, uiUrl } = config.temporal;
  return {
    blobs: storage.blobs,
    links: storage.links,
    catalogue: storage.catalogue,
    workflows: new TemporalGateway({ connection, namespace, ...(uiUrl ? { uiUrl } : {}) }),
    batch: new BatchGateway(createBatchClient(batchConfig(config.batch)), config.batch.endpoint),
    close: async () => {
      storage.close();
      await connection.close();
    },
  };
}

function storageConfig(settings: StorageSettings): StorageConfig {
  if ('connectionString' in settings) return storageConfigFromConnectionString(settings.connectionString);
  return storageConfigForAccount(settings.account, new DefaultAzureCredential());
}

function batchConfig({ endpoint, account, accessKey }: BatchSettings): BatchConfig {
  const auth: BatchConfig['auth'] = accessKey
    ? { kind: 'sharedKey', accountName: account, accountKey: accessKey }
    : { kind: 'token', credential: new DefaultAzureCredential() };
  return { endpoint, auth, retry: RETRY };
}
