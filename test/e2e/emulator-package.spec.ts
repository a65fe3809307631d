/** The emulator as somebody has it who installed it: packed, put into an empty folder, started with npx. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { WELL_KNOWN_KEY } from '@windrow/batch-emulator';
import { createJob, createPool, taskInState } from '../batch-conformance/fixtures';
import { Rest } from '../batch-conformance/rest';
import { until } from '../batch-conformance/target';

const run = promisify(execFile);
const PACKAGE = path.resolve(__dirname, '../../apps/batch-emulator');
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

let folder: string;
let packed: { filename: string; size: number; files: { path: string }[] };
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulator-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder, ...QUIET], { cwd: PACKAGE });
  packed = (JSON.parse(stdout) as [typeof packed])[0];
  await run('npm', ['install', path.join(folder, packed.filename), ...QUIET], { cwd: folder });
});

afterAll(async () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill();
  await rm(folder, { recursive: true, force: true });
});

/** In a group of its own, as a shell gives each command: Ctrl-C reaches the whole of it. */
function start(program: string, args: string[]): ChildProcess {
  const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  return child;
}

/** The program itself, without what npx may have to say. */
const emulator = (...args: string[]): ChildProcess =>
  start(path.join(folder, 'node_modules/.bin/batch-emulator'), args);

/** The one machine-readable line. */
async function listening(child: ChildProcess): Promise<{ listening: string; account: string }> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return JSON.parse(line) as { listening: string; account: string };
}

async function outcome(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = emulator(...args);
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the emulator as a package', () => {
  it('is small, and holds the program, its types and its documents', async () => {
    const files = packed.files.map((file) => file.path);
    const known = /^(package\.json|README\.md|docs\/[\w-]+\.md|dist\/([\w-]+\/)*[\w-]+\.(js|d\.ts))$/;
    expect(files.filter((file) => !known.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['README.md', 'dist/main.js', 'dist/index.js', 'dist/index.d.ts']));
    expect(files.filter((file) => file.includes('.spec.'))).toEqual([]);
    expect(packed.size).toBeLessThan(400_000);
  });

  it('names no source map, and no document, that it does not hold', async () => {
    const home = path.join(folder, 'node_modules/@windrow/batch-emulator');
    for (const file of await readdir(path.join(home, 'dist'), { recursive: true })) {
      if (!file.endsWith('.js')) continue;
      expect(await readFile(path.join(home, 'dist', file), 'utf8')).not.toContain('sourceMappingURL');
    }
    const readme = await readFile(path.join(home, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    expect(links).toEqual(expect.arrayContaining(['docs/compatibility.md']));
    for (const link of links) expect(await readFile(path.join(home, link), 'utf8')).not.toBe('');
  });

  it('npx starts it, it runs tasks, and Ctrl-C ends it with its processes', async () => {
    const child = start('npx', ['batch-emulator', '--port', '0']);
    const { listening: url, account } = await listening(child);
    const rest = new Rest({ url, account, key: WELL_KNOWN_KEY });
    const jobId = await createJob(rest, await createPool(rest));
    await rest.post(`/jobs/${jobId}/tasks`, { id: 'long', commandLine: `/bin/sh -c 'echo $$; exec sleep 600'` });
    await taskInState(rest, jobId, 'long', 'running');
    const file = `/jobs/${jobId}/tasks/long/files/stdout.txt`;
    const pid = Number(await until(async () => /^\d+\n$/.exec((await rest.get(file)).text)?.[0], 'the process id'));
    expect(isAlive(pid)).toBe(true);
    const closed = once(child, 'close');
    process.kill(-child.pid!, 'SIGINT');
    await closed;
    await until(async () => Promise.resolve(!isAlive(pid)), 'the task to be gone');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('a port or a location that is in use is named, with what to do', async () => {
    const location = path.join(folder, 'state');
    const { listening: url } = await listening(emulator('--port', '0', '--location', location));
    const { port } = new URL(url);
    expect(await outcome('--port', port)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use\\. .*--port 0\\.\n$`)),
    });
    expect(await outcome('--port', '0', '--location', location)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^.*state is in use by the emulator with process id \d+\. .*--location\.\n$/),
    });
  });

  it('a location that cannot be used is named', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    const { code, stderr } = await outcome('--port', '0', '--location', file);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`The location ${file} cannot be used (ENOTDIR`)]);
  });

  it('an option that there is not is named, and the exit code is that of a wrong command line', async () => {
    expect(await outcome('--prot', '1')).toEqual({
      code: 2,
      stdout: '',
      stderr: "Unknown option '--prot'.\nbatch-emulator --help lists all options.\n",
    });
  });

  it('prints its version and its help', async () => {
    const { version } = JSON.parse(await readFile(path.join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
    expect(await outcome('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect((await outcome('--help')).stdout).toMatch(/^usage: batch-emulator/);
  });
});
