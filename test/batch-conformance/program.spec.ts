import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChildEmulator, compileEmulator } from './child-emulator';
import { createJob, createPool, poolReady, taskInState } from './fixtures';
import { Rest } from './rest';
import { until } from './target';

describe('the program', () => {
  const program = compileEmulator();
  const started: ChildEmulator[] = [];
  let temporary: string;
  afterAll(() => program.remove());
  beforeEach(async () => (temporary = await mkdtemp(path.join(tmpdir(), 'emulator-program-test-'))));
  afterEach(async () => {
    for (const emulator of started.splice(0)) await emulator.kill();
    await rm(temporary, { recursive: true, force: true });
  });

  /** In memory; its folders of a moment are made where only this test looks. */
  async function start(...args: string[]): Promise<ChildEmulator> {
    const emulator = await ChildEmulator.start(program.main, args, undefined, { TMPDIR: temporary });
    started.push(emulator);
    return emulator;
  }

  async function runLongTask(emulator: ChildEmulator, commandLine = 'sleep 600'): Promise<void> {
    const rest = new Rest(emulator.target);
    const poolId = await createPool(rest);
    await poolReady(rest, poolId);
    const jobId = await createJob(rest, poolId);
    await rest.post(`/jobs/${jobId}/tasks`, { id: 'long', commandLine });
    await taskInState(rest, jobId, 'long', 'running');
  }

  const roots = async (): Promise<string[]> =>
    (await readdir(temporary)).filter((name) => name.startsWith('batch-emulator-'));

  async function processesLeft(): Promise<number> {
    let count = 0;
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (environment.includes(`AZ_BATCH_NODE_ROOT_DIR=${temporary}`)) count++;
    }
    return count;
  }

  it('ends with a closed terminal as with Ctrl-C: no process and no folder is left', async () => {
    const emulator = await start('--quiet');
    await runLongTask(emulator);
    expect(await roots()).toHaveLength(1);
    emulator.signal('SIGHUP');
    expect(await emulator.ended()).toBe(0);
    expect(await roots()).toEqual([]);
    await until(async () => (await processesLeft()) === 0, 'every process to be gone');
  });

  it('ends and removes what an emulator that was killed left, and nothing of those that live', async () => {
    const [killed, living] = [await start('--quiet'), await start('--quiet')];
    await runLongTask(killed);
    // One that was asked for is not temporary, whatever its name.
    const kept = await start('--quiet', '--location', path.join(temporary, 'batch-emulator-mydata'));
    await kept.kill();
    expect(await roots()).toHaveLength(3);
    await killed.kill();
    expect(await processesLeft()).toBe(1);
    await start('--quiet');
    expect(await roots()).toHaveLength(3);
    expect(await roots()).toContain('batch-emulator-mydata');
    await until(async () => (await processesLeft()) === 0, 'the process of the killed one to be gone');
    await runLongTask(living);
  });

  it.each([
    ['--events', /ended with 1: The file \S+none.events of --events or --activity-log cannot be opened: ENOENT/],
    ['--activity-log', /ended with 1: The file \S+none.events of --events or --activity-log cannot be opened: ENOENT/],
    ['--scenario', /ended with 1: scenario \S+none.events: ENOENT/],
  ])('does not start when the file of %s cannot be opened, and leaves nothing', async (option, message) => {
    await expect(start('--quiet', option, path.join(temporary, 'none/events'))).rejects.toThrow(message);
    expect(await roots()).toEqual([]);
  });

  it('serves on, silently, when nobody reads what it says', async () => {
    const emulator = await start();
    emulator.turnAway();
    await runLongTask(emulator);
    // It says so, and ends in good order all the same.
    emulator.signal('SIGTERM');
    expect(await emulator.ended()).toBe(0);
  });
});
