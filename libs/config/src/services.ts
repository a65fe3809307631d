import { readFileSync } from 'node:fs';
import { DefaultAzureCredential } from '@azure/identity';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import type { ArmConfig, BatchConfig } from '@windrow/batch';
import { parsePayloadKeys, parseSecretKeys } from '@windrow/codec';
import type { PayloadKey, SecretKey } from '@windrow/codec';
import { parsePrices, parseQuotas, parseVaults } from '@windrow/contract';
import type { PriceList, WorkspaceQuotas } from '@windrow/contract';
import { storageConfigForAccount, storageConfigFromConnectionString } from '@windrow/storage';
import type { StorageConfig } from '@windrow/storage';
import type { Reader } from './reader';
import { WebhookTargets } from './targets';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** `AZURE_STORAGE_CONNECTION_STRING`, or `WINDROW_STORAGE_ACCOUNT` with the Entra identity of this host. */
export function readStorage(read: Reader): StorageConfig {
  const name = 'AZURE_STORAGE_CONNECTION_STRING';
  const connectionString = read.text(name);
  const account = read.text('WINDROW_STORAGE_ACCOUNT') ?? '';
  const ofAccount = () => storageConfigForAccount(account, new DefaultAzureCredential());
  if (connectionString !== undefined) {
    return read.attempt(name, undefined, () => storageConfigFromConnectionString(connectionString)) ?? ofAccount();
  }
  if (account === '') read.fault(name, 'is missing (or give WINDROW_STORAGE_ACCOUNT)');
  else if (!/^[a-z0-9]{3,24}$/.test(account)) read.fault('WINDROW_STORAGE_ACCOUNT', 'is no name of a storage account');
  return ofAccount();
}

/** `AZURE_BATCH_ENDPOINT` with `AZURE_BATCH_ACCOUNT` and `_ACCESS_KEY`; without a key the Entra identity of this host. */
export function readBatch(read: Reader): BatchConfig {
  const endpoint =
    read.url('AZURE_BATCH_ENDPOINT') ??
    read.required('AZURE_BATCH_ENDPOINT', ' (such as https://myaccount.westeurope.batch.azure.com)');
  const accountKey = read.text('AZURE_BATCH_ACCESS_KEY');
  if (accountKey === undefined) return { endpoint, auth: { kind: 'token', credential: new DefaultAzureCredential() } };
  const accountName = read.required('AZURE_BATCH_ACCOUNT', ': the key is of no use without the name of its account');
  return { endpoint, auth: { kind: 'sharedKey', accountName, accountKey } };
}

/** `WINDROW_BATCH_ARM`: endpoint of Azure's management and the account's resource id; undefined unless set. */
export function readArm(read: Reader): ArmConfig | undefined {
  const accountUrl = read.url('WINDROW_BATCH_ARM');
  if (accountUrl === undefined) return undefined;
  if (!/\/providers\/Microsoft\.Batch\/batchAccounts\/[a-z0-9]{3,24}$/i.test(accountUrl)) {
    read.fault('WINDROW_BATCH_ARM', 'must end with the resource id of a Batch account');
  }
  // Tokens are never sent over plain http, which only an emulator on loopback speaks.
  return accountUrl.startsWith('http:') ? { accountUrl } : { accountUrl, credential: new DefaultAzureCredential() };
}

/** Temporal's own variables and file, the same that its command line reads. */
export function readTemporal(read: Reader): ClientConnectConfig {
  const load = () => loadClientConnectConfig({ overrideEnvVars: read.defined() });
  return read.attempt<ClientConnectConfig>('TEMPORAL_*', { connectionOptions: {} }, load);
}

/** `WINDROW_PRICES` names the file with the prices of the deployment; undefined when it has none. */
export function readPrices(read: Reader): PriceList | undefined {
  const file = read.text('WINDROW_PRICES');
  if (file === undefined) return undefined;
  return read.attempt('WINDROW_PRICES', undefined, () => {
    try {
      return parsePrices(readFileSync(file, 'utf8'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${file} is no price file. ${reason}`, { cause: error });
    }
  });
}

/** `WINDROW_KEY_VAULTS`: origins of the vaults that jobs may name; none unless set. */
export function readKeyVaults(read: Reader): string[] {
  return read.attempt('WINDROW_KEY_VAULTS', [], () => parseVaults(read.text('WINDROW_KEY_VAULTS') ?? ''));
}

/** `WINDROW_DEFAULT_QUOTAS`: of workspaces that have none of their own; unlimited unless set. */
export function readDefaultQuotas(read: Reader): WorkspaceQuotas {
  const text = read.text('WINDROW_DEFAULT_QUOTAS');
  return text === undefined ? {} : read.attempt('WINDROW_DEFAULT_QUOTAS', {}, () => parseQuotas(text));
}

/** `WINDROW_PAYLOAD_KEYS`: what Temporal keeps is encrypted with the first of them; empty: it is not. */
export function readPayloadKeys(read: Reader): PayloadKey[] {
  const text = read.text('WINDROW_PAYLOAD_KEYS');
  return text === undefined ? [] : read.attempt('WINDROW_PAYLOAD_KEYS', [], () => parsePayloadKeys(text));
}

/** `WINDROW_SECRET_KEY`: secrets at rest are sealed with the first of its keys; empty: there can be none. */
export function readSecretKeys(read: Reader): SecretKey[] {
  const text = read.text('WINDROW_SECRET_KEY');
  return text === undefined ? [] : read.attempt('WINDROW_SECRET_KEY', [], () => parseSecretKeys(text));
}

/** `WINDROW_WEBHOOK_ALLOW`: hosts and networks that webhooks may reach although they are not public; none unless set. */
export function readWebhookTargets(read: Reader): WebhookTargets {
  const name = 'WINDROW_WEBHOOK_ALLOW';
  return read.attempt(name, new WebhookTargets(), () => new WebhookTargets(read.text(name)));
}

export function readLogLevel(read: Reader): string {
  return read.choice('WINDROW_LOG_LEVEL', LOG_LEVELS, 'info');
}
