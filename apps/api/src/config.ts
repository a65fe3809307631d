import { isIP } from 'node:net';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { ArmConfig, BatchConfig } from '@windrow/batch';
import { configOf, type Environment, type Reader } from '@windrow/config';
import {
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
  type WebhookTargets,
} from '@windrow/config';
import type { PayloadKey, SecretKey } from '@windrow/codec';
import { defaultWorkspace, type PriceList, WORKSPACE_PATTERN, type WorkspaceQuotas } from '@windrow/contract';
import type { StorageConfig } from '@windrow/storage';
import type { TracingConfig } from '@windrow/tracing';
import { type AccessConfig, readAccess } from './access/access-config';

export interface HttpConfig {
  host: string;
  port: number;
}

export interface TemporalConfig {
  namespace: string;
  connectionOptions: ClientConnectConfig['connectionOptions'];
  uiUrl?: string;
  /** What Temporal keeps is encrypted with the first; none: it is not. */
  payloadKeys: PayloadKey[];
}

export interface ApiConfig {
  http: HttpConfig;
  region: string;
  logLevel: string;
  /** Absent: no traces. */
  tracing?: TracingConfig;
  storage: StorageConfig;
  batch: BatchConfig;
  /** Where the Batch account is managed, where the deployment says so. */
  arm?: ArmConfig;
  temporal: TemporalConfig;
  /** Of `WINDROW_PRICES`: what a cost budget is checked against. */
  prices?: PriceList;
  /** Origins of the vaults that jobs may name. */
  keyVaults: string[];
  /** Of workspaces that have none of their own. */
  defaultQuotas: WorkspaceQuotas;
  access: AccessConfig;
  secretKeys: SecretKey[];
  webhookTargets: WebhookTargets;
}

/** Reads the whole configuration at once. Pure: the environment is given. @throws ConfigError */
export function readConfig(env: Environment = process.env): ApiConfig {
  return configOf(env, (read) => {
    const prices = readPrices(read);
    const arm = readArm(read);
    const tracing = readTracing(read, 'windrow-api');
    const host = read.text('WINDROW_API_HOST') ?? '127.0.0.1';
    const access = readAccess(read, !isLoopback(host));
    return {
      http: readHttp(read, host, access),
      region: readRegion(read),
      logLevel: readLogLevel(read),
      ...(tracing && { tracing }),
      storage: readStorage(read),
      batch: readBatch(read),
      ...(arm && { arm }),
      temporal: temporalConfig(read),
      ...(prices ? { prices } : {}),
      keyVaults: readKeyVaults(read),
      defaultQuotas: readDefaultQuotas(read),
      access,
      secretKeys: readSecretKeys(read),
      webhookTargets: readWebhookTargets(read),
    };
  });
}

function readHttp(read: Reader, host: string, { adminKeySha256, issuers }: AccessConfig): HttpConfig {
  const authenticates = adminKeySha256 !== undefined || issuers.length > 0;
  if (!isLoopback(host) && !authenticates && read.text('WINDROW_ALLOW_UNAUTHENTICATED') !== '1') {
    read.fault(
      'WINDROW_API_HOST',
      `is ${host}, where others can reach the API, and it asks nobody who they are. Keep it on 127.0.0.1, ` +
        'configure WINDROW_ADMIN_KEY_SHA256 or WINDROW_OIDC_ISSUERS (docs/access.md), ' +
        'or put something that authenticates before it and set WINDROW_ALLOW_UNAUTHENTICATED=1',
    );
  }
  return { host, port: read.port('WINDROW_API_PORT', 8080) };
}

function readRegion(read: Reader): string {
  const region = read.text('WINDROW_REGION') ?? 'local';
  if (!WORKSPACE_PATTERN.test(defaultWorkspace(region))) {
    read.fault('WINDROW_REGION', 'must be lower-case letters, digits and single hyphens: it names a workspace');
  }
  return region;
}

function temporalConfig(read: Reader): TemporalConfig {
  const uiUrl = read.url('WINDROW_TEMPORAL_UI_URL');
  const { namespace, connectionOptions } = readTemporal(read);
  return {
    namespace: namespace ?? 'default',
    connectionOptions,
    payloadKeys: readPayloadKeys(read),
    ...(uiUrl ? { uiUrl } : {}),
  };
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
