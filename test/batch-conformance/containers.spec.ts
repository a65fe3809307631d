import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator } from '@windrow/batch-emulator';
import { createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest, type Body } from './rest';
import { until } from './target';

/** Takes docker's command line, writes it down, and runs what follows the image on the host. */
const ENGINE = `#!/bin/sh
printf '%s\\n' "$*" >> "$(dirname "$0")/calls"
case $1 in
  version|rm) exit 0 ;;
esac
while [ "$1" != busybox ]; do shift; done
shift
exec "$@"
`;

describe('tasks with container settings', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'emulator-engine-'));
    await writeFile(path.join(directory, 'engine'), ENGINE);
    await chmod(path.join(directory, 'engine'), 0o755);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const calls = async (): Promise<string[]> =>
    (await readFile(path.join(directory, 'calls'), 'utf8').catch(() => '')).split('\n');

  async function withTask(
    containerEngine: string,
    fields: Body,
    look: (rest: Rest, jobId: string, lines: string[]) => Promise<void>,
  ): Promise<void> {
    const lines: string[] = [];
    const emulator = await startEmulator({ containerEngine, log: (line) => void lines.push(line) });
    try {
      const rest = new Rest(emulator);
      const poolId = await createPool(rest);
      await poolReady(rest, poolId, 1);
      const jobId = await createJob(rest, poolId);
      await rest.post(`/jobs/${jobId}/tasks`, { id: 't', ...fields });
      await look(rest, jobId, lines);
    } finally {
      await emulator.close();
    }
  }

  it('run in a container where there is an engine: node mounted, environment passed, own working directory', async () => {
    const fields = {
      commandLine: "/bin/sh -c 'echo in $GREETING'",
      environmentSettings: [{ name: 'GREETING', value: 'box' }],
      containerSettings: { imageName: 'busybox', containerRunOptions: '--cpus 2' },
    };
    await withTask(path.join(directory, 'engine'), fields, async (rest, jobId) => {
      const task = await taskInState(rest, jobId, 't', 'completed');
      expect(task.containerSettings).toEqual({
        imageName: 'busybox',
        containerRunOptions: '--cpus 2',
        workingDirectory: 'taskWorkingDirectory',
      });
      expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).text).toBe('in box\n');
      const run = (await calls()).find((line) => line.startsWith('run'));
      expect(run).toMatch(/--rm --name=batch-emulator-\S+ --volume=(\S+):\1 /);
      expect(run).toContain('--env=GREETING ');
      expect(run).toMatch(/--workdir=\S+\/wd --cpus 2 busybox \/bin\/sh -c echo in/);
      expect(run).not.toContain('--env=PATH');
    });
  });

  it('a task that is ended takes its container with it', async () => {
    const fields = { commandLine: 'sleep 300', containerSettings: { imageName: 'busybox' } };
    await withTask(path.join(directory, 'engine'), fields, async (rest, jobId) => {
      await taskInState(rest, jobId, 't', 'running');
      await until(async () => (await calls()).some((line) => line.startsWith('run')), 'the container to run');
      await rest.post(`/jobs/${jobId}/tasks/t/terminate`);
      await until(async () => (await calls()).some((line) => line.startsWith('rm --force')), 'the container to go');
    });
  });

  it('run on the host where there is none: the log says so, the output does not', async () => {
    const fields = { commandLine: 'echo host', containerSettings: { imageName: 'busybox' } };
    await withTask('none', fields, async (rest, jobId, lines) => {
      await taskInState(rest, jobId, 't', 'completed');
      expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stdout.txt`)).text).toBe('host\n');
      expect((await rest.get(`/jobs/${jobId}/tasks/t/files/stderr.txt`)).text).toBe('');
      expect(lines.some((line) => line.includes('no container engine'))).toBe(true);
      await runTask(rest, jobId, { commandLine: 'true' });
    });
  });
});
