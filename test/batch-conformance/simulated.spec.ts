import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, poolReady, runTask, taskInState } from './fixtures';
import { Rest } from './rest';
import { until } from './target';

const settings = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));

describe('simulated nodes', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator();
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  it.each([
    ['VM size', { vmSize: 'Simulated_D64' }],
    ['metadata', { metadata: [{ name: 'emulator-nodes', value: 'simulated' }] }],
  ])('are chosen by %s, and run no command', async (_how, fields) => {
    const poolId = await createPool(rest, fields);
    const jobId = await createJob(rest, poolId);
    const task = await runTask(rest, jobId, { commandLine: 'nosuchprogram' });
    expect(task.executionInfo).toMatchObject({ exitCode: 0, result: 'success' });
  });

  it('end with the exit code and after the retries that the environment says', async () => {
    const jobId = await createJob(rest, await createPool(rest, { vmSize: 'simulated_d4' }));
    const constraints = { maxTaskRetryCount: 3 };
    const flaky = { SIMULATED_EXIT_CODE: '9', SIMULATED_FAIL_ATTEMPTS: '2' };
    const task = await runTask(rest, jobId, { commandLine: 'x', constraints, environmentSettings: settings(flaky) });
    expect(task.executionInfo).toMatchObject({ exitCode: 0, retryCount: 2 });
    const broken = settings({ SIMULATED_EXIT_CODE: '9' });
    const failed = await runTask(rest, jobId, { commandLine: 'x', environmentSettings: broken });
    expect(failed.executionInfo).toMatchObject({ exitCode: 9, failureInfo: { code: 'FailureExitCode' } });
  });

  it('take as long as the environment says, unless a limit or the user is quicker', async () => {
    const jobId = await createJob(rest, await createPool(rest, { vmSize: 'simulated_d4', taskSlotsPerNode: 4 }));
    const long = settings({ SIMULATED_DURATION: '600' });
    const limited = await runTask(rest, jobId, {
      commandLine: 'x',
      environmentSettings: long,
      constraints: { maxWallClockTime: 'PT0.05S' },
    });
    expect(limited.executionInfo.failureInfo.code).toBe('TaskEnded');
    await addTasks(rest, jobId, [{ id: 'ended', commandLine: 'x', environmentSettings: long }]);
    await taskInState(rest, jobId, 'ended', 'running');
    await rest.post(`/jobs/${jobId}/tasks/ended/terminate`);
    await until(async () => {
      const [node] = (await rest.get(`/pools/${(await rest.get(`/jobs/${jobId}`)).json.poolInfo.poolId}/nodes`)).json
        .value;
      return node.state === 'idle';
    }, 'the slot to be free');
  });

  it('five thousand nodes and twenty thousand tasks are a matter of seconds', async () => {
    const poolId = await createPool(rest, { vmSize: 'simulated_d4', targetDedicatedNodes: 5000 });
    await poolReady(rest, poolId, 1000);
    const jobId = await createJob(rest, poolId);
    for (let start = 0; start < 20_000; start += 100) {
      const tasks = Array.from({ length: 100 }, (_, at) => ({ id: `t${start + at}`, commandLine: 'x' }));
      await addTasks(rest, jobId, tasks);
    }
    await until(
      async () => (await rest.get(`/jobs/${jobId}/taskcounts`)).json.taskCounts.succeeded === 20_000,
      'all tasks to succeed',
    );
  });
});
