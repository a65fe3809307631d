/** An experiment of two sweeps that export metrics: the best is named, and what is listed is sorted. */
import { shellJob, TestStack, WORKSPACE } from '../support';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

interface Row {
  job: string;
  task?: number;
  value: number;
  parameters: object;
}
interface Metrics {
  metric: string;
  best?: Row;
  value: Row[];
  nextLink?: string;
}

const EXPERIMENT = `/v1/workspaces/${WORKSPACE}/experiments/migrated`;
const get = async (path: string) => (await stack.call<Metrics>('GET', path)).body;

it('lists tasks and jobs by their metrics, and names the best', async () => {
  const command = 'echo "{\\"loss\\": $LOSS, \\"detail\\": {\\"x\\": 1}}" > metrics.json';
  const sweep = (losses: number[]) => {
    const spec = shellJob(command, {
      parameters: { losses: losses.length },
      input: { kind: 'sweep', method: 'product', parameters: { loss: losses } },
      metrics: { objective: { metric: 'loss', goal: 'minimize' } },
    });
    return { ...spec, task: { ...spec.task, environment: { LOSS: '{{item.loss}}' } } };
  };
  const [first] = await Promise.all([stack.run('first', sweep([5, 3, 4])), stack.run('second', sweep([9, 1]))]);
  expect(first.state).toBe('succeeded');
  expect(first.metrics).toMatchObject({
    tasks: 3,
    omitted: 0,
    ignored: 3,
    values: { loss: { count: 3, min: 3, max: 5, mean: 4 } },
    best: { task: 1, parameters: { loss: 3 }, metrics: { loss: 3 } },
  });

  const tasks = await get(`${EXPERIMENT}/metrics?pageSize=3`);
  expect(tasks).toMatchObject({ metric: 'loss', best: { job: 'second', task: 1, value: 1, parameters: { loss: 1 } } });
  const rest = await get(tasks.nextLink!);
  expect([...tasks.value, ...rest.value].map(({ value }) => value)).toEqual([1, 3, 4, 5, 9]);
  const jobs = await get(`${EXPERIMENT}/metrics?level=job&order=desc`);
  expect(jobs.value).toMatchObject([
    { job: 'second', value: 9, parameters: { losses: 2 } },
    { job: 'first', value: 5, parameters: { losses: 3 } },
  ]);
  expect((await get('/v1/jobs/first/metrics')).value.map(({ task }) => task)).toEqual([1, 2, 0]);
  expect((await stack.readBlob(`jobs/${first.uid}/results/METRICS_0.jsonl`)).trim().split('\n')).toHaveLength(3);
});
