import { isIP } from 'node:net';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { readPriceFile } from '@windrow/batch';
import { defaultWorkspace, parseVaults, type PriceList, WORKSPACE_PATTERN } from '@windrow/contract';

export type Environment = Record<string, string | undefined>;

export interface HttpConfig {
  host: string;
  port: number;
}

export type StorageSettings = { connectionString: string } | { account: string };

export interface BatchSettings {
  endpoint: string;
  account: string;
  /** Absent: signs in with DefaultAzureCredential. */
  accessKey?: string;
}

export interface TemporalConfig {
  namespace: string;
  connectionOptions: ClientConnectConfig['connectionOptions'];
  uiUrl?: string;
}

export interface ApiConfig {
  http: HttpConfig;
  region: string;
  logLevel: string;
  storage: StorageSettings;
  batch: BatchSettings;
  temporal: TemporalConfig;
  /** Of `WINDROW_PRICES`: what a cost budget is checked against. */
  prices?: PriceList;
  /** Origins of the vaults that jobs may name. */
  keyVaults: string[];
}

/** Thrown when the environment does not make a configuration; the message names every variable at fault. */
export class ConfigError extends Error {}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Reads the whole configuration at once. Pure: the environment is given. */
export function readConfig(env: Environment = process.env): ApiConfig {
  const faults: string[] = [];
  const read = new Reader(env, faults);
  const prices = readPrices(read);
  const config: ApiConfig = {
    http: readHttp(read),
    region: readRegion(read),
    logLevel: read.choice('WINDROW_LOG_LEVEL', LOG_LEVELS, 'info'),
    storage: readStorage(read),
    batch: readBatch(read),
    temporal: readTemporal(read),
    ...(prices ? { prices } : {}),
    keyVaults: readVaults(read),
  };
  if (faults.length > 0) throw new ConfigError(`The environment is not valid:\n- ${faults.join('\n- ')}`);
  return config;
}

function readHttp(read: Reader): HttpConfig {
  const host = read.text('WINDROW_API_HOST') ?? '127.0.0.1';
  if (!isLoopback(host) && read.text('WINDROW_ALLOW_UNAUTHENTICATED') !== '1') {
    read.fault(
      'WINDROW_API_HOST',
      `is ${host}, where others can reach the API, and it asks nobody who they are. Keep it on 127.0.0.1, ` +
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

function readStorage(read: Reader): StorageSettings {
  const connectionString = read.text('AZURE_STORAGE_CONNECTION_STRING');
  const account = read.text('WINDROW_STORAGE_ACCOUNT');
  if (connectionString) return { connectionString };
  if (!account) read.fault('AZURE_STORAGE_CONNECTION_STRING', 'is missing (or give WINDROW_STORAGE_ACCOUNT)');
  else if (!/^[a-z0-9]{3,24}$/.test(account)) read.fault('WINDROW_STORAGE_ACCOUNT', 'is no name of a storage account');
  return { account: account ?? '' };
}

function readBatch(read: Reader): BatchSettings {
  const accessKey = read.text('AZURE_BATCH_ACCESS_KEY');
  return {
    endpoint: read.url('AZURE_BATCH_ENDPOINT') ?? read.missing('AZURE_BATCH_ENDPOINT'),
    account: read.text('AZURE_BATCH_ACCOUNT') ?? read.missing('AZURE_BATCH_ACCOUNT'),
    ...(accessKey ? { accessKey } : {}),
  };
}

function readPrices(read: Reader): PriceList | undefined {
  try {
    return readPriceFile(read.text('WINDROW_PRICES'));
  } catch (error) {
    read.report(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function readTemporal(read: Reader): TemporalConfig {
  const uiUrl = read.url('WINDROW_TEMPORAL_UI_URL');
  const { namespace, connectionOptions } = loadTemporal(read);
  return { namespace: namespace ?? 'default', connectionOptions, ...(uiUrl ? { uiUrl } : {}) };
}

function readVaults(read: Reader): string[] {
  try {
    return parseVaults(read.text('WINDROW_KEY_VAULTS') ?? '');
  } catch (error) {
    read.fault('WINDROW_KEY_VAULTS', `is not a list of vaults: ${(error as Error).message}`);
    return [];
  }
}

/** Temporal's own variables and file, the same that its command line reads. */
function loadTemporal(read: Reader): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: read.defined() });
  } catch (error) {
    read.fault('TEMPORAL_*', error instanceof Error ? error.message : String(error));
    return { connectionOptions: {} };
  }
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

class Reader {
  constructor(
    private readonly env: Environment,
    private readonly faults: string[],
  ) {}

  fault(name: string, what: string): void {
    this.faults.push(`${name} ${what}.`);
  }

  /** A fault that names its variable by itself. */
  report(message: string): void {
    this.faults.push(message);
  }

  missing(name: string): string {
    if (!this.text(name)) this.fault(name, 'is missing');
    return '';
  }

  /** Empty counts as absent, as in a shell's `NAME= command`. */
  text(name: string): string | undefined {
    return this.env[name]?.trim() || undefined;
  }

  defined(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  }

  choice(name: string, values: string[], otherwise: string): string {
    const value = this.text(name) ?? otherwise;
    if (!values.includes(value)) this.fault(name, `must be one of ${values.join(', ')}`);
    return value;
  }

  port(name: string, otherwise: number): number {
    const text = this.text(name) ?? String(otherwise);
    const port = Number(text);
    if (!/^\d+$/.test(text) || port > 65_535) this.fault(name, 'must be a port, 0 to 65535 (0: any free one)');
    return port;
  }

  url(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
      this.fault(name, 'must be an http or https URL');
    }
    return text.replace(/\/+$/, '');
  }
}
