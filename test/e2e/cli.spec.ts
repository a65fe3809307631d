/** The `windrow` command as a person and a script use it: the built program as a child process, on the real stack. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, ROOT } from '@windrow/local-stack';
import { shellJob, TestStack, waitFor } from '../support';

const MAIN = path.join(ROOT, 'apps/cli/dist/main.js');
let stack: TestStack;
let folder: string;

beforeAll(async () => {
  stack = await TestStack.start();
  folder = await mkdtemp(path.join(tmpdir(), 'windrow-cli-'));
});

afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

/** Nothing of the machine's own configuration gets in. */
function start(args: string[], { input, env = {} }: { input?: string; env?: Record<string, string> } = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, WINDROW_URL: stack.stack.apiUrl, ...env },
    stdio: 'pipe',
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(input ?? '');
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out, err })),
  );
  return { child, out: () => out, err: () => err, ended };
}

const windrow = (...args: string[]) => start(args).ended;

async function jobFile(name: string, spec: object): Promise<string> {
  await writeFile(path.join(folder, name), JSON.stringify(spec, null, 2));
  return name;
}

const ONE = { input: { kind: 'repeat' as const, count: 1 } };
/** Whatever its shell line says: a file that is there lets it end. */
const UNTIL = (file: string) => `while [ ! -f ${file} ]; do sleep 0.1; done`;

describe('submit, look, bring home', () => {
  it('plans, submits and watches line by line, and exits with the outcome', async () => {
    const file = await jobFile('squares.json', {
      ...shellJob('mkdir out; echo "$WINDROW_TASK_INDEX" > out/n.txt; echo said-$WINDROW_TASK_INDEX'),
      gather: { kind: 'concat', file: 'out/n.txt', target: 'all.txt' },
    });
    const plan = await windrow('plan', file, '-o', 'json');
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.out)).toMatchObject({ items: 4, tasks: 4 });
    expect((await windrow('plan', file, '--set', 'maxItems=2')).out).toMatch(/^Tasks +2$/m);

    const watched = await windrow('submit', file, '--name', 'squares', '--set', 'labels.team=aero', '--watch');
    expect(watched).toMatchObject({ code: 0, err: '' });
    expect(watched.out).toMatch(/^squares\nhttp.*\/jobs\/squares\n/);
    expect(watched.out).toMatch(/squares succeeded after .*: 4 of 4 tasks succeeded\n/);
    expect(watched.out).toContain('Next: windrow download squares');

    expect(watched.out).not.toMatch(/\u001b/);
    // The same file under the same name is the same job.
    expect((await windrow('submit', file, '--name', 'squares', '--set', 'labels.team=aero', '--wait')).code).toBe(0);
    expect((await windrow('submit', file, '--name', 'squares')).code).toBe(5);
  });

  it('lists and shows it, and brings home what it made, once', async () => {
    const listed = await windrow('list', '-o', 'json');
    const { body } = await stack.call('GET', '/v1/jobs?pageSize=50');
    expect(JSON.parse(listed.out)).toEqual(body);
    expect((await windrow('list', '--state', 'succeeded')).out).toMatch(/^NAME +STATE[^\n]*\nsquares +succeeded +4\/4/);
    expect((await windrow('show', 'squares')).out).toMatch(/^State +succeeded$/m);
    expect((await windrow('job', 'show', 'squares', '-o', 'yaml')).out).toMatch(/^job: squares$/m);
    expect((await windrow('tasks', 'squares')).out.trimEnd().split('\n')).toHaveLength(5);

    expect((await windrow('files', 'squares')).out).toContain('out/n.txt');
    expect((await windrow('files', 'squares', '2')).out).toContain('stdout.txt');
    expect((await windrow('logs', 'squares', '2')).out).toBe('said-2\n');

    const first = await windrow('download', 'squares', '--to', 'home', '-o', 'json');
    expect(first).toMatchObject({ code: 0 });
    expect(JSON.parse(first.out)).toMatchObject({ fetched: 6, unchanged: 0, failed: 0 });
    expect(await readFile(path.join(folder, 'home/outputs/3/out/n.txt'), 'utf8')).toBe('3\n');
    expect(await readFile(path.join(folder, 'home/results/all.txt'), 'utf8')).toBe('0\n1\n2\n3\n');
    const again = await windrow('download', 'squares', '--to', 'home', '-o', 'json');
    expect(JSON.parse(again.out)).toMatchObject({ fetched: 0, unchanged: 6, bytes: 0 });
  });

  it('a job that fails is told with its cause and exits 1, or with the exit code of its only task', async () => {
    const file = await jobFile('fails.json', shellJob('echo broken-glass >&2; exit 9', ONE));
    const failed = await windrow('submit', file, '--name', 'fails', '--watch');
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.out).toMatch(/1 task: exit code 9\n {2}task 0: broken-glass\n/);
    expect(failed.out).toContain('windrow redrive fails');
    expect((await windrow('wait', 'fails')).code).toBe(1);
    expect((await windrow('wait', 'fails', '--task-exit-code')).code).toBe(9);
    expect((await windrow('logs', 'fails', '--failed', '--stderr')).out).toBe(
      '==> task 0, stderr.txt, exit code 9 <==\nbroken-glass\n\n',
    );

    const redriven = await windrow(
      'redrive',
      'fails',
      '--exit-code',
      '9',
      '--set',
      'task.commandLine="true"',
      '--wait',
    );
    expect(redriven).toMatchObject({ code: 0, out: expect.stringContaining('fails succeeded') });
    const nothing = await windrow('redrive', 'fails');
    expect(nothing).toMatchObject({ code: 5, err: expect.stringContaining('NothingToRedrive') });
  });
});

it('follows the log of a running task to its end, pauses and resumes, and a wait ends before the job when told so', async () => {
  const gate = path.join(folder, 'go');
  await stack.submit('running', shellJob(`echo begun; ${UNTIL(gate)}; echo done`, ONE));
  const following = start(['logs', 'running', '-f']);
  await waitFor('the first line', () => following.out() === 'begun\n');
  expect(await windrow('wait', 'running', '--timeout', '1s')).toMatchObject({ code: 8, out: '' });
  expect(await windrow('pause', 'running')).toMatchObject({ code: 0, out: 'running is paused.\n' });
  expect((await stack.job('running')).state).toBe('paused');
  expect((await windrow('resume', 'running')).code).toBe(0);
  const watching = start(['watch', 'running']);
  await waitFor('the job to be shown', () => watching.out().includes('running running'));
  watching.child.kill('SIGINT');
  expect(await watching.ended).toMatchObject({ code: 130, err: expect.stringContaining("job 'running' goes on") });
  const waiting = start(['wait', 'running']);
  await writeFile(gate, '');
  expect(await following.ended).toMatchObject({ code: 0, out: 'begun\ndone\n' });
  expect(await waiting.ended).toMatchObject({ code: 0 });
});

it('cancels, and tells a cancelled job by its exit code', async () => {
  await stack.submit('endless', shellJob('sleep 600', ONE));
  const waiting = start(['wait', 'endless', '-o', 'json']);
  expect((await windrow('cancel', 'endless')).code).toBe(0);
  const { code, out } = await waiting.ended;
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ job: 'endless', state: 'cancelled' });
  const late = await windrow('pause', 'endless');
  expect(late).toMatchObject({
    code: 5,
    err: expect.stringMatching(/^Error: .*cancelled\.\n {2}at POST .*JobNotActive\)\n {2}Next:/),
  });
});

it('creates, lists, resizes, shows and deletes a cluster', async () => {
  const made = await windrow(
    'clusters',
    'create',
    'wind',
    '--set',
    'vmSizes=[standard_d2s_v3]',
    '--set',
    'nodes.max=2',
  );
  expect(made).toMatchObject({ code: 0 });
  expect((await windrow('clusters', 'resize', 'wind', '--min', '0', '--max', '3')).code).toBe(0);
  const shown = await windrow('clusters', 'show', 'wind', '-o', 'json');
  expect(JSON.parse(shown.out)).toMatchObject({ cluster: 'wind', template: { nodes: { max: 3 } } });
  expect((await windrow('clusters', 'list')).out).toMatch(/^NAME +VM SIZE +STATE.*\nwind +standard_d2s_v3/);
  expect((await start(['__complete', '--', 'clusters', 'show', 'w']).ended).out).toBe('wind\n');
  expect(await windrow('clusters', 'delete', 'wind')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
  expect((await windrow('clusters', 'delete', 'wind', '--yes')).code).toBe(0);
});

describe('what goes wrong', () => {
  it('in a file is told with its line: what is no YAML, and what the API refuses', async () => {
    const broken = await start(['submit', '-'], { input: 'input:\n  kind: repeat\n  count: [1\ntask: {}\n' }).ended;
    expect(broken).toMatchObject({ code: 2, err: expect.stringMatching(/at standard input:4:1/) });
    const spec = 'input: { kind: repeat, count: 1 }\ntask:\n  commandLine: "true"\n  timeout: soon\npool: {}\n';
    await writeFile(path.join(folder, 'wrong.yaml'), spec);
    const refused = await windrow('submit', 'wrong.yaml', '--set', 'execution.priority=urgent');
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/wrong\.yaml:4:3 {2}\$\.task\.timeout {2}must be/);
    expect(refused.err).toMatch(/--set execution\.priority {2}\$\.execution\.priority {2}must be/);
  });

  it('a job that is not there is exit code 4; an API that is not there is 7, with what to do', async () => {
    const missing = await windrow('wait', 'nobody');
    expect(missing).toMatchObject({ code: 4, out: '', err: expect.stringContaining('windrow list') });
    const env = { WINDROW_URL: `http://127.0.0.1:${await freePort()}` };
    const away = await start(['list'], { env }).ended;
    expect(away).toMatchObject({ code: 7, out: '' });
    expect(away.err).toMatch(/connection refused; |No answer \(connection refused\); trying again/);
    expect(away.err).toMatch(/Next: `windrow up`/);
  });

  it('a reader who has had enough ends it quietly', async () => {
    const quiet = start(['--help']);
    quiet.child.stdout!.destroy();
    expect(await quiet.ended).toMatchObject({ code: 0, err: '' });
  });
});
