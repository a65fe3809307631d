/** The whole local stack: Temporal, Azurite, the Batch emulator, the worker and the API, on loopback. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BatchAccess } from './components';
import * as components from './components';
import { findTemporal } from './find-temporal';
import type { Say } from './find-temporal';
import { portOr } from './ports';
import type { RunningProcess } from './supervisor';
import { Supervisor } from './supervisor';

export interface StackPorts {
  api?: number;
  temporal?: number;
  temporalUi?: number;
  blob?: number;
  table?: number;
  batch?: number;
}

export interface StackOptions {
  /** State of every component; a stack started again on it goes on where it was. */
  directory: string;
  /** Ports to prefer; a free one is taken where one is absent or in use. */
  ports?: StackPorts;
  say?: Say;
  /** Extra environment of worker and API. */
  env?: Record<string, string>;
  /** Opens the emulator's admin endpoint (faults, request counts). */
  emulatorAdmin?: boolean;
  emulatorArgs?: string[];
  /** Use a Temporal that runs already. */
  temporalAddress?: string;
  /** Start only the components beneath worker and API. */
  servicesOnly?: boolean;
}

export interface Stack {
  supervisor: Supervisor;
  apiUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | undefined;
  storageConnectionString: string;
  batch: BatchAccess;
  /** Environment of worker and API. */
  env: Record<string, string>;
  processes: Record<string, RunningProcess>;
  /** Rejects with the first process that ends by itself. */
  failed: Promise<never>;
  startWorker(name?: string): Promise<RunningProcess>;
  /** `port`: of a replica beside the first one; 0: a free one. */
  startApi(name?: string, port?: number): Promise<{ running: RunningProcess; url: string }>;
  startEmulator(): Promise<RunningProcess>;
  startTemporal(): Promise<RunningProcess>;
  startAzurite(): Promise<RunningProcess>;
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const supervisor = new Supervisor(path.join(options.directory, 'logs'));
  try {
    return await start(supervisor, options);
  } catch (error) {
    await supervisor.stopAll();
    throw error;
  }
}

async function start(supervisor: Supervisor, options: StackOptions): Promise<Stack> {
  const say = options.say ?? (() => undefined);
  const { directory } = options;
  const external = options.temporalAddress;
  const executable = external === undefined ? await findTemporal(say) : '';
  const ports = await choosePorts(options.ports ?? {});
  const temporalAddress = external ?? `127.0.0.1:${ports.temporal}`;
  const temporalUiUrl = external === undefined ? `http://127.0.0.1:${ports.temporalUi}` : undefined;
  const storageConnectionString = components.azuriteConnectionString(ports.blob, ports.table);
  const processes: Record<string, RunningProcess> = {};

  const keep = (running: RunningProcess) => (processes[running.name] = running);
  const startTemporal = async () =>
    keep(
      await components.startTemporal(supervisor, {
        executable,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        directory: path.join(directory, 'temporal'),
      }),
    );
  const startAzurite = async () =>
    keep(
      await components.startAzurite(supervisor, {
        blobPort: ports.blob,
        tablePort: ports.table,
        queuePort: ports.queue,
        directory: path.join(directory, 'azurite'),
      }),
    );
  let batch: BatchAccess = { endpoint: '', account: '', key: '' };
  const startEmulator = async () => {
    const emulator = await components.startEmulator(supervisor, {
      port: ports.batch,
      directory: path.join(directory, 'batch'),
      storage: storageConnectionString,
      ...(options.emulatorAdmin && { admin: true }),
      ...(options.emulatorArgs && { args: options.emulatorArgs }),
    });
    batch = emulator.access;
    return keep(emulator.running);
  };

  say('Starting Temporal, Azurite and the Batch emulator ...');
  await allOrFirstError([...(external === undefined ? [startTemporal()] : []), startAzurite(), startEmulator()]);
  const env: Record<string, string> = {
    TEMPORAL_ADDRESS: temporalAddress,
    AZURE_STORAGE_CONNECTION_STRING: storageConnectionString,
    AZURE_BATCH_ENDPOINT: batch.endpoint,
    AZURE_BATCH_ACCOUNT: batch.account,
    AZURE_BATCH_ACCESS_KEY: batch.key,
    WINDROW_BATCH_ARM: components.managementUrl(batch),
    WINDROW_API_HOST: '127.0.0.1',
    WINDROW_API_PORT: String(ports.api),
    WINDROW_SECRET_KEY: await secretKey(directory),
    WINDROW_POLL_MIN_MS: '50',
    WINDROW_POLL_MAX_MS: '1000',
    ...(temporalUiUrl !== undefined && { WINDROW_TEMPORAL_UI_URL: temporalUiUrl }),
    ...options.env,
  };
  const startWorker = async (name?: string) => keep(await components.startWorker(supervisor, env, name));
  const startApi = async (name?: string, port = ports.api) => {
    const api = await components.startApi(supervisor, { ...env, WINDROW_API_PORT: String(port) }, name);
    keep(api.running);
    return api;
  };
  if (!options.servicesOnly) {
    say('Starting the worker and the API ...');
    await allOrFirstError([startWorker(), startApi()]);
  }
  const failed = Promise.race(Object.values(processes).map((running) => running.gone));
  failed.catch(() => undefined);
  return {
    supervisor,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    temporalAddress,
    temporalUiUrl,
    storageConnectionString,
    batch,
    env,
    processes,
    failed,
    startWorker,
    startApi,
    startEmulator,
    startTemporal,
    startAzurite,
    stop: () => supervisor.stopAll(),
  };
}

/** Key of this folder's secrets at rest: made once, as what it sealed lies in the folder, too. */
async function secretKey(directory: string): Promise<string> {
  const file = path.join(directory, 'secret-key');
  await mkdir(directory, { recursive: true });
  try {
    await writeFile(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}

/** Waits for all even when one fails, so that nothing is started behind the back of the clean-up. */
async function allOrFirstError(starts: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(starts);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function choosePorts(preferred: StackPorts) {
  return {
    api: await portOr(preferred.api),
    temporal: await portOr(preferred.temporal),
    temporalUi: await portOr(preferred.temporalUi),
    blob: await portOr(preferred.blob),
    table: await portOr(preferred.table),
    queue: await portOr(undefined),
    batch: await portOr(preferred.batch),
  };
}
