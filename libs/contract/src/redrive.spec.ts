import { filterOf, formatRetryLine, parseRetryLine, redriven, reduceLevelOf, reduceWave } from './index';
import { ephemeralCluster, poolIdOf } from './names';
import { leftoverMarker, leftoverMetadata, parseLeftover } from './leftovers';
import type { Leftover } from './leftovers';
import type { JobSpec } from './spec';

const SPEC: JobSpec = {
  input: { kind: 'repeat', count: 1 },
  task: { commandLine: 'a', environment: { A: '1', B: '1' }, retries: 2 },
  pool: { vmSizes: ['small'], nodes: { max: 3 } },
  execution: { timeout: 'PT1H', toleratedFailures: { count: 1 }, budget: { nodeHours: 1 } },
};

describe('the job as a redrive has it', () => {
  it('is as it was submitted but for what is changed; environment and tolerance are added to', () => {
    const changed = redriven(SPEC, {
      task: { commandLine: 'b', environment: { B: '2' } },
      pool: { vmSizes: ['large'], slotsPerNode: 2 },
      execution: { toleratedFailures: { percent: 5 }, budget: { nodeHours: 9 } },
    });
    expect(changed).toEqual({
      input: SPEC.input,
      task: { commandLine: 'b', environment: { A: '1', B: '2' }, retries: 2 },
      pool: { vmSizes: ['large'], nodes: { max: 3 }, slotsPerNode: 2 },
      execution: { timeout: 'PT1H', toleratedFailures: { count: 1, percent: 5 }, budget: { nodeHours: 9 } },
    });
    expect(redriven(SPEC, {})).toEqual(SPEC);
  });

  it('leaves a named cluster alone', () => {
    const spec = { ...SPEC, pool: { cluster: 'c' } };
    expect(redriven(spec, { pool: { vmSizes: ['large'] } }).pool).toEqual({ cluster: 'c' });
  });

  it('has a cluster, a pool and reduce waves of its own', () => {
    expect([undefined, 2].map((n) => poolIdOf(ephemeralCluster('u', n), 'u'))).toEqual([
      'windrow-job-u',
      'windrow-job-u-r2',
    ]);
    expect([reduceWave(3), reduceWave(3, 2)]).toEqual(['r3', 'r3x2']);
    expect(['r3', 'r3x2', '3', 'r3x', 'rx2'].map(reduceLevelOf)).toEqual([3, 3, undefined, undefined, undefined]);
  });
});

describe('a filter', () => {
  const failed = (task: number, exitCode: number) => ({
    task,
    failure: { exitCode, category: 'exitCode', code: 'F' } as const,
  });
  const never = (task: number) => ({ task });

  it('takes tasks that match each member given; what never ran matches indexes only', () => {
    const all = [failed(1, 3), failed(2, 4), failed(12, 3), never(3)];
    const taken = (filter: object) => all.filter(filterOf(filter)).map(({ task }) => task);
    expect(taken({})).toEqual([1, 2, 12, 3]);
    expect(taken({ tasks: '0-3' })).toEqual([1, 2, 3]);
    expect(taken({ exitCodes: [3] })).toEqual([1, 12]);
    expect(taken({ exitCodes: [3, 4], tasks: '2-' })).toEqual([2, 12]);
    expect(taken({ categories: ['exitCode'], codes: ['F'], exitCodes: [4] })).toEqual([2]);
    expect(taken({ categories: ['timeout'] })).toEqual([]);
  });
});

it('a line of a retry list tells attempts of this run and of those before', () => {
  const lines = [
    { task: 17, attempts: 2, rules: [0, 3] },
    { task: 17, attempts: 0, earlier: 3, rules: [] },
    { task: 1, attempts: 1, earlier: 2, rules: [1] },
  ];
  expect(lines.map(formatRetryLine)).toEqual(['17 2 0,3', '17 0+3', '1 1+2 1']);
  expect(lines.map(formatRetryLine).map(parseRetryLine)).toEqual(lines);
});

describe('a marker of leftovers', () => {
  const leftover: Leftover = {
    ...{ workspace: 'w', experiment: 'E', job: 'J', uid: 'u1', createdTime: '2026-01-01T00:00:00Z' },
    ...{ deployment: 'd', retention: 'P30D', staged: 'delete' },
  };

  it('is read as it was written', () => {
    const ended = { ...leftover, expires: '2026-02-01T00:00:00Z' };
    expect(parseLeftover(leftoverMarker('u1'), leftoverMetadata(leftover))).toEqual(leftover);
    expect(parseLeftover(leftoverMarker('u1'), leftoverMetadata(ended))).toEqual(ended);
  });

  it('is none when it lacks something, lies elsewhere, or names what could reach beyond its job', () => {
    const metadata = leftoverMetadata(leftover);
    const { deployment: _, ...without } = metadata;
    expect(parseLeftover(leftoverMarker('u1'), without)).toBeUndefined();
    expect(parseLeftover(leftoverMarker('u1'))).toBeUndefined();
    expect(parseLeftover(leftoverMarker('u2'), metadata)).toBeUndefined();
    expect(parseLeftover(leftoverMarker('../x'), { ...metadata, uid: '../x' })).toBeUndefined();
  });
});
