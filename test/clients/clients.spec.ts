import { spawn } from 'node:child_process';
import path from 'node:path';
import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { uniqueId } from '../batch-conformance/target';
import { EXPECTED, type Facts } from './facts';
import { installed, type ClientName } from './installed';
import { tellInJavaScript } from './javascript';

/** How each client is started, given where it is installed. */
const PROGRAMS: [ClientName, string, (directory: string) => string[]][] = [
  [
    'python15',
    'azure-batch 15.1.0 (PyPI)',
    (directory) => [path.join(directory, 'bin/python'), '-B', here('python_15.py')],
  ],
  [
    'python14',
    'azure-batch 14.2.0 (PyPI)',
    (directory) => [path.join(directory, 'bin/python'), '-B', here('python_14.py')],
  ],
  ['azureCli', 'azure-cli 2.91.0', () => ['/bin/sh', here('azure_cli.sh')]],
  [
    'java',
    'com.microsoft.azure:azure-batch 11.2.0 (Maven)',
    (directory) => [
      'java',
      // Its JSON library looks into classes that Java 17 closes.
      '--add-opens=java.base/java.time=ALL-UNNAMED',
      '--add-opens=java.base/java.util=ALL-UNNAMED',
      '-cp',
      path.join(directory, 'lib/*'),
      here('Story.java'),
    ],
  ],
];

/**
 * The same story told by every official client, unmodified: a pool, a job and 300 tasks, a list with a filter, standard
 * output, a resize, a schedule, an autoscale formula, and everything deleted.
 */
describe('official clients, unmodified', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.close());

  it('@azure/batch 10.2.0 (npm)', async () => {
    expect(await tellInJavaScript(emulator, uniqueId('js'))).toEqual(EXPECTED);
  });

  for (const [name, title, commandLine] of PROGRAMS) {
    const found = installed(name);
    if ('missing' in found) process.stderr.write(`${title} is left out: ${found.missing}\n`);
    const test = 'missing' in found ? it.skip : it;
    test(title, async () => {
      const directory = 'missing' in found ? '' : found.directory;
      expect(await tell(emulator, name, commandLine(directory), directory)).toEqual(EXPECTED);
    });
  }
});

const here = (name: string): string => path.join(__dirname, name);

/** Runs the program to its end; its last line is what it found out. */
async function tell(
  { url, account, key }: Emulator,
  name: string,
  [program = '', ...args]: string[],
  directory: string,
): Promise<Facts> {
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LANG: 'C.UTF-8',
    AZ: path.join(directory, 'bin/az'),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_BATCH_ACCOUNT: account,
    AZURE_BATCH_ENDPOINT: url,
    AZURE_BATCH_ACCESS_KEY: key,
    STORY_PREFIX: uniqueId(name),
  };
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${(await stdout) + (await stderr)}`);
  return JSON.parse((await stdout).trim().split('\n').at(-1) ?? '') as Facts;
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}
