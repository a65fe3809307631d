/** The commands of the README as a person uses them: stop and start again, Ctrl-C at a bad moment, a killed launcher. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, ROOT, startStack } from '@windrow/local-stack';
import { shellJob, waitFor } from '../support';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'windrow-cli-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Ids of processes that carry this test's folder in their environment. */
async function processesOfTest(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(`TMPDIR=${directory}`) ? [pid] : [];
    }),
  );
  return found.flat();
}

function demo(...args: string[]): {
  child: ChildProcess;
  printed: (text: string) => Promise<true>;
  ended: Promise<{ code: number | null; output: string }>;
} {
  const child = spawn(process.execPath, [path.join(ROOT, 'infra/local/dist/demo.js'), ...args], {
    env: { ...process.env, TMPDIR: directory },
    // A group of its own, as a shell gives each command: Ctrl-C reaches the whole of it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('exit', (code) => resolve({ code, output })),
  );
  return {
    child,
    ended,
    printed: (text) => {
      const over = ended.then(() => {
        if (output.includes(text)) return true as const;
        throw new Error(`The demo ended without printing '${text}'. It printed:\n${output}`);
      });
      return Promise.race([over, waitFor(`the demo to print '${text}'`, () => output.includes(text) || undefined)]);
    },
  };
}

const nobodyLeft = () => waitFor('no process to be left', async () => (await processesOfTest()).length === 0, 20_000);

describe('Ctrl-C leaves no process behind', () => {
  it.each(['Starting Temporal', 'Starting the worker', 'Stack ready', 'planning'])('after "%s"', async (moment) => {
    const { child, printed, ended } = demo('--example', 'mandelbrot');
    await printed(moment);
    process.kill(-child.pid!, 'SIGINT');
    expect(await ended).toMatchObject({ code: 130, output: expect.stringContaining('Stopping') });
    await nobodyLeft();
  });

  it('nor does the death of the launcher', async () => {
    const { child, printed } = demo('--example', 'mandelbrot', '--keep');
    await printed('Stack ready');
    expect((await processesOfTest()).length).toBeGreaterThan(4);
    child.kill('SIGKILL');
    await nobodyLeft();
  });
});

it('says what is wrong with an argument, and how it is used', async () => {
  const { printed, ended } = demo('--exampel', 'flights');
  await printed('Usage: npm run demo');
  expect(await ended).toMatchObject({ code: 1 });
});

it('a stack that was stopped in mid-job goes on where it was', async () => {
  const [api, temporal, temporalUi, blob, table, batch] = (await Promise.all(Array.from({ length: 6 }, freePort))) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const options = { directory, ports: { api, temporal, temporalUi, blob, table, batch } };
  const first = await startStack(options);
  const url = `${first.apiUrl}/v1/jobs/interrupted`;
  const spec = shellJob('sleep 0.3', {
    input: { kind: 'repeat', count: 30 },
    pool: { vmSizes: ['standard_d2s_v3'], nodes: { max: 1 }, slotsPerNode: 2 },
  });
  const get = async () =>
    (await (await fetch(url)).json()) as { state: string; counts: { succeeded: number; failed: number } };
  try {
    await fetch(url, { method: 'PUT', body: JSON.stringify(spec), headers: { 'content-type': 'application/json' } });
    await waitFor('some tasks to succeed', async () => (await get()).counts.succeeded >= 3);
  } finally {
    await first.stop();
  }
  const second = await startStack(options);
  try {
    const job = await waitFor('the job to end', async () => {
      const row = await get();
      return row.state === 'succeeded' || row.state === 'failed' ? row : undefined;
    });
    expect(job).toMatchObject({ state: 'succeeded', counts: { succeeded: 30, failed: 0 } });
  } finally {
    await second.stop();
  }
});
