import { jobPaths, MAX_METRICS, TOP_TASKS } from '@windrow/contract';
import type { MetricTops } from '@windrow/contract';
import { MemoryBlobs } from '../../../../test/support/memory-blobs';
import { MetricCollector, writeMetrics } from './metrics';
import type { TaskResults } from './result-files';

const paths = jobPaths('u');

async function* files(...results: unknown[]): TaskResults {
  for (const [task, result] of results.entries()) {
    yield result === undefined ? { task, resultOmitted: 'missing' } : { task, result: result as never };
  }
}

async function written(
  results: unknown[],
  items: unknown[],
  objective?: { metric: string; goal: 'minimize' | 'maximize' },
) {
  const blobs = new MemoryBlobs();
  const planned = items.map((item, index) => JSON.stringify({ index, items: 1, inline: { item } }));
  blobs.put('ws', paths.planShard('tasks', 0), planned.join('\n'));
  const place = { blobs, container: 'ws', uid: 'u' };
  const metrics = await writeMetrics(place, files(...results), objective ? { objective } : {}, results.length);
  return { blobs, metrics };
}

describe('metrics of a job', () => {
  it('are summed up, with what the tasks were given, and the best by the objective', async () => {
    const results = [{ loss: 2, acc: 0.5 }, undefined, { loss: 1, acc: 0.4 }];
    const items = [{ rate: 0.1, deep: { x: 1 } }, { rate: 0.2 }, { rate: 0.3 }];
    const { blobs, metrics } = await written(results, items, { metric: 'acc', goal: 'maximize' });
    expect(metrics).toEqual({
      tasks: 2,
      omitted: 1,
      ignored: 0,
      values: { loss: { count: 2, min: 1, max: 2, mean: 1.5 }, acc: { count: 2, min: 0.4, max: 0.5, mean: 0.45 } },
      objective: { metric: 'acc', goal: 'maximize' },
      best: { task: 0, parameters: { rate: 0.1 }, metrics: { loss: 2, acc: 0.5 } },
    });
    const lines = (await blobs.readText('ws', paths.metrics(0))).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { task: number }).task)).toEqual([0, 2]);
    const tops = await blobs.readJson<MetricTops>('ws', paths.metricTops(1));
    expect([tops.metric, tops.lowest.map(({ task }) => task), tops.highest.map(({ task }) => task)]).toEqual([
      'loss',
      [2, 0],
      [0, 2],
    ]);
  });

  it.each([[[1, 2]], ['text'], [7], [null], [{}], [{ a: 'x' }]])('%j has none', (file) => {
    expect(new MetricCollector().metricsIn(file)).toBeUndefined();
  });

  it('are finite numbers; all else is counted and left out', () => {
    const collector = new MetricCollector();
    expect(collector.metricsIn({ a: 1, b: { c: 2 }, d: '3', e: null, f: Infinity, ['x'.repeat(101)]: 1 })).toEqual({
      a: 1,
    });
    expect(collector.ignored).toBe(5);
    expect(collector.metricsIn({ constructor: 4 })).toEqual({ constructor: 4 });
  });

  it('are so many and no more', () => {
    const collector = new MetricCollector();
    const many = Object.fromEntries(Array.from({ length: MAX_METRICS + 5 }, (_, n) => [`m${n}`, n]));
    expect(Object.keys(collector.metricsIn(many)!)).toHaveLength(MAX_METRICS);
    collector.add({ task: 0, parameters: {}, metrics: collector.metricsIn(many)! });
    expect(collector.metricsIn({ m1: 1, other: 2 })).toEqual({ m1: 1 });
  });

  it('keep the tasks at both ends in order, of however many', () => {
    const collector = new MetricCollector();
    for (let task = 0; task < 1000; task += 1) {
      collector.add({ task, parameters: {}, metrics: { m: (task * 7919) % 1000 } });
    }
    const { lowest, highest } = collector.topsOf('m');
    expect(lowest.map(({ metrics }) => metrics['m'])).toEqual(Array.from({ length: TOP_TASKS }, (_, n) => n));
    expect(highest.map(({ metrics }) => metrics['m'])).toEqual(Array.from({ length: TOP_TASKS }, (_, n) => 999 - n));
  });
});
