import { startEmulator, type Emulator } from '@windrow/batch-emulator';
import { addTasks, createJob, createPool, jobInState, poolReady } from './fixtures';
import { Rest } from './rest';
import { until } from './target';

/** Follows the average of the last minutes, once there are samples of them. */
const FOLLOW = `
  $ready = $PendingTasks.GetSamplePercent(TimeInterval_Minute * 2) > 70;
  $wanted = $ready ? max($PendingTasks.GetSample(TimeInterval_Minute * 2, 70)) : 0;
  $TargetDedicatedNodes = min(3, $wanted);
  $NodeDeallocationOption = taskcompletion;`;

describe('automatic scaling over time', () => {
  let emulator: Emulator;
  let rest: Rest;
  beforeAll(async () => {
    emulator = await startEmulator({ timeScale: 3000 });
    rest = new Rest(emulator);
  });
  afterAll(() => emulator.close());

  it('a pool grows with the work that its samples show, and shrinks when it is done', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: undefined,
      enableAutoScale: true,
      autoScaleFormula: FOLLOW,
      autoScaleEvaluationInterval: 'PT5M',
    });
    await poolReady(rest, poolId, 0);
    const jobId = await createJob(rest, poolId, { onAllTasksComplete: 'noaction' });
    const environmentSettings = [{ name: 'SIMULATED_DURATION', value: '1800' }];
    await addTasks(
      rest,
      jobId,
      Array.from({ length: 6 }, (_, at) => ({ id: `t${at}`, commandLine: 'x', environmentSettings })),
    );
    await poolReady(rest, poolId, 3);
    await until(
      async () => (await rest.get(`/jobs/${jobId}/taskcounts`)).json.taskCounts.succeeded === 6,
      'all tasks to succeed',
    );
    await poolReady(rest, poolId, 0);
    const { autoScaleRun } = (await rest.get(`/pools/${poolId}`)).json;
    expect(autoScaleRun.results).toContain('$TargetDedicatedNodes=0;');
    await rest.post(`/jobs/${jobId}/terminate`);
    await jobInState(rest, jobId, 'completed');
  });

  it('is evaluated again after each interval', async () => {
    const poolId = await createPool(rest, {
      vmSize: 'simulated_d4',
      targetDedicatedNodes: undefined,
      enableAutoScale: true,
      autoScaleFormula: '$TargetLowPriorityNodes = $TargetLowPriorityNodes + 1;',
      autoScaleEvaluationInterval: 'PT1H',
    });
    const run = async (): Promise<number> =>
      Date.parse((await rest.get(`/pools/${poolId}`)).json.autoScaleRun.timestamp);
    const first = await run();
    const second = await until(async () => {
      const time = await run();
      return time !== first && time;
    }, 'the next evaluation');
    expect(Math.round((second - first) / 1000) % 3600).toBe(0);
    await until(async () => (await rest.get(`/pools/${poolId}/nodes`)).json.value.length >= 2, 'the pool to grow');
    await rest.post(`/pools/${poolId}/disableautoscale`);
  });
});
