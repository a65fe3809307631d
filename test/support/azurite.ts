import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface RunningAzurite {
  connectionString: string;
  stop(): Promise<void>;
}

const require = createRequire(__filename);
const LISTENING = /Azurite (Blob|Table) service is successfully listening at (\S+)/g;
// The account every storage emulator has, published by Microsoft.
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Starts a real Azurite (Blob and Table, in memory) on free ports of the loopback; it is this test's own. */
export async function startAzurite(): Promise<RunningAzurite> {
  const location = await mkdtemp(path.join(tmpdir(), 'windrow-azurite-'));
  const program = require.resolve('azurite/dist/src/azurite.js');
  const ports = ['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'];
  const flags = ['--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck', '--silent'];
  const child = spawn(process.execPath, [program, ...ports, ...flags], {
    cwd: location,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  const endpoints = await new Promise<Map<string, string>>((resolve, reject) => {
    let output = '';
    const onOutput = (chunk: Buffer) => {
      output += chunk.toString();
      const found = new Map([...output.matchAll(LISTENING)].map((match) => [match[1]!, match[2]!]));
      if (found.size === 2) resolve(found);
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    void exited.then(() => reject(new Error(`Azurite ended before it listened:\n${output}`)));
  });

  const connectionString = [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `BlobEndpoint=${endpoints.get('Blob')}/${ACCOUNT}`,
    `TableEndpoint=${endpoints.get('Table')}/${ACCOUNT}`,
  ].join(';');
  return {
    connectionString,
    stop: async () => {
      child.kill();
      await exited;
      await rm(location, { recursive: true, force: true });
    },
  };
}
