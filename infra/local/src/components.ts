/** How each component of the local stack is started, and when it counts as ready. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { ROOT } from './paths';
import { isListening, until } from './ports';
import type { RunningProcess, Supervisor } from './supervisor';

/** Azurite's well-known development account (Azurite documentation, "Well-known storage account and key"). Not a secret. */
export const AZURITE_ACCOUNT = 'devstoreaccount1';
export const AZURITE_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const READY_MS = 60_000;
/** A server that takes the connection but does not answer is asked again. */
const ANSWER_MS = 2000;
const EMULATOR = path.join(ROOT, 'apps/batch-emulator/dist/main.js');

export function azuriteConnectionString(blobPort: number, tablePort: number): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${AZURITE_ACCOUNT}`,
    `AccountKey=${AZURITE_KEY}`,
    `BlobEndpoint=http://127.0.0.1:${blobPort}/${AZURITE_ACCOUNT}`,
    `TableEndpoint=http://127.0.0.1:${tablePort}/${AZURITE_ACCOUNT}`,
  ].join(';');
}

export async function startTemporal(
  supervisor: Supervisor,
  options: { executable: string; port: number; uiPort: number; directory: string },
): Promise<RunningProcess> {
  await mkdir(options.directory, { recursive: true });
  const running = await supervisor.start({
    name: 'temporal',
    command: options.executable,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port)],
      ...['--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort)],
      ...['--db-filename', path.join(options.directory, 'temporal.db')],
      // Every commit reaches the operating system, so a killed server loses nothing; only fsync is spared.
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=OFF'],
      ...['--log-level', 'warn'],
    ],
  });
  await until('Temporal', () => answers(options.port), { timeoutMs: READY_MS, gone: running.gone });
  return running;
}

async function answers(port: number): Promise<boolean> {
  if (!(await isListening(port))) return false;
  try {
    const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: ANSWER_MS });
    try {
      const describe = () => connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.withDeadline(Date.now() + ANSWER_MS, describe);
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

export async function startAzurite(
  supervisor: Supervisor,
  options: { blobPort: number; tablePort: number; queuePort: number; directory: string },
): Promise<RunningProcess> {
  await mkdir(options.directory, { recursive: true });
  const running = await supervisor.start({
    name: 'azurite',
    command: process.execPath,
    args: [
      path.join(path.dirname(require.resolve('azurite/package.json')), 'dist/src/azurite.js'),
      ...['--location', options.directory, '--silent', '--disableTelemetry', '--skipApiVersionCheck'],
      ...['--blobHost', '127.0.0.1', '--blobPort', String(options.blobPort)],
      ...['--tableHost', '127.0.0.1', '--tablePort', String(options.tablePort)],
      ...['--queueHost', '127.0.0.1', '--queuePort', String(options.queuePort)],
    ],
  });
  const ports = [options.blobPort, options.tablePort];
  const ready = async () => (await Promise.all(ports.map(isListening))).every(Boolean);
  await until('Azurite', ready, { timeoutMs: READY_MS, gone: running.gone });
  return running;
}

/** Where the emulator's management has its account, unless it is told otherwise. */
export function managementUrl({ endpoint, account }: BatchAccess): string {
  const group = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/emulator';
  return `${endpoint}${group}/providers/Microsoft.Batch/batchAccounts/${account}`;
}

export interface BatchAccess {
  endpoint: string;
  account: string;
  key: string;
}

export async function startEmulator(
  supervisor: Supervisor,
  options: { port: number; directory: string; storage: string; admin?: boolean; args?: string[] },
): Promise<{ running: RunningProcess; access: BatchAccess }> {
  const running = await supervisor.start({
    name: 'batch-emulator',
    command: process.execPath,
    args: [
      EMULATOR,
      ...['--port', String(options.port), '--location', options.directory],
      // For its management; on loopback, as everything here.
      ...['--bearer', 'any'],
      // Where packages of applications lie.
      ...['--storage', options.storage],
      ...(options.admin ? ['--admin'] : []),
      ...(options.args ?? []),
    ],
  });
  const line = await running.line((value) => typeof value.listening === 'string');
  return { running, access: { endpoint: String(line.listening), ...(await developmentAccount()) } };
}

/** The emulator's well-known account and key, as it prints them itself for a shell. Not a secret. */
async function developmentAccount(): Promise<{ account: string; key: string }> {
  const { stdout } = await promisify(execFile)(process.execPath, [EMULATOR, 'env']);
  const value = (name: string) => new RegExp(`${name}=["']?([^"'\\s]+)`).exec(stdout)?.[1] ?? '';
  return { account: value('AZURE_BATCH_ACCOUNT'), key: value('AZURE_BATCH_ACCESS_KEY') };
}

export async function startWorker(
  supervisor: Supervisor,
  env: Record<string, string>,
  name = 'worker',
): Promise<RunningProcess> {
  const running = await supervisor.start({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', path.join(ROOT, 'apps/worker/dist/main.js')],
    env,
  });
  await running.line((value) => value.ready === true);
  return running;
}

export async function startApi(
  supervisor: Supervisor,
  env: Record<string, string>,
  name = 'api',
): Promise<{ running: RunningProcess; url: string }> {
  const running = await supervisor.start({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', path.join(ROOT, 'apps/api/dist/main.js')],
    env,
  });
  const line = await running.line((value) => typeof value.listening === 'string');
  return { running, url: String(line.listening) };
}
