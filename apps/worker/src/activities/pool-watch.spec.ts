import type { BatchPool, BatchPoolNodeCounts } from '@windrow/batch';
import { isNews, statusOf, stuckAt } from './pool-watch';

const RESIZED = '2026-01-01T00:00:10.0000001Z';
const pool = (more: Partial<BatchPool>) =>
  ({ allocationState: 'steady', currentDedicatedNodes: 2, currentLowPriorityNodes: 3, ...more }) as BatchPool;
const failedAt = (time: string) =>
  pool({ allocationStateTransitionTime: time, resizeErrors: [{ code: 'AllocationFailed', message: 'none left' }] });

describe('what a pool shows', () => {
  it('counts an error that is newer than our resize, even by less than a millisecond', () => {
    expect(statusOf(failedAt('2026-01-01T00:00:11Z'), undefined, RESIZED).errors).toHaveLength(1);
    expect(statusOf(failedAt('2026-01-01T00:00:10.0000009Z'), undefined, RESIZED).errors).toHaveLength(1);
  });

  it('does not count an error from before our resize', () => {
    expect(statusOf(failedAt('2026-01-01T00:00:09Z'), undefined, RESIZED).errors).toEqual([]);
  });

  it('does not count an error while a resize is under way', () => {
    const resizing = { ...failedAt('2026-01-01T00:00:11Z'), allocationState: 'resizing' as const };
    expect(statusOf(resizing, undefined, RESIZED).errors).toEqual([]);
  });

  it('counts idle and running nodes as usable, of both kinds', () => {
    const counts = {
      poolId: 'p',
      dedicated: { idle: 1, running: 1, startTaskFailed: 1 },
      lowPriority: { running: 1, unusable: 1, preempted: 1 },
    } as BatchPoolNodeCounts;
    expect(statusOf(pool({}), counts, undefined)).toMatchObject({
      current: 4,
      usable: 3,
      failed: 2,
      evicted: 1,
      spot: { current: 2 },
    });
  });
});

describe('a pool that stands still', () => {
  const NOW = Date.parse('2026-01-01T01:00:00Z');
  const PATIENCE = 60_000;
  const at = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString();
  const stuck = (found: BatchPool, shortSince?: string) =>
    stuckAt(found, statusOf(found, undefined, undefined), shortSince, PATIENCE, NOW);

  it.each([
    [15.5, undefined],
    [16.5, 'resizing'],
  ])('resizes for %d minutes, of the fifteen it may: %s', (minutes, expected) => {
    const found = {
      allocationState: 'resizing',
      allocationStateTransitionTime: at(minutes),
      resizeTimeout: 'PT15M',
    } as const;
    expect(stuck(pool(found))).toBe(expected);
  });

  it('is short of nodes for a while, and no error says why', () => {
    const found = pool({ targetDedicatedNodes: 9, allocationStateTransitionTime: at(9) });
    expect(stuck(found, at(0.5))).toBeUndefined();
    expect(stuck(found, at(1))).toBe('short');
    expect(stuck({ ...found, resizeErrors: [{ code: 'AllocationFailed' }] }, at(1))).toBeUndefined();
  });

  it('does not evaluate its formula for three intervals', () => {
    const run = (minutesAgo: number) =>
      pool({ enableAutoScale: true, autoScaleEvaluationInterval: 'PT5M', autoScaleRun: { timestamp: at(minutesAgo) } });
    expect(stuck(run(15.5))).toBeUndefined();
    expect(stuck(run(16.5))).toBe('formula');
  });
});

describe('the error of a formula', () => {
  const run = {
    timestamp: '2026-01-01T00:00:11Z',
    error: { code: 'E', message: 'It is wrong', values: [{ value: 'Line 1, Col 3: no' }] },
  };
  const scaled = pool({ enableAutoScale: true, autoScaleRun: run });

  it('is told in the words of Batch, with the place', () => {
    expect(statusOf(scaled, undefined, RESIZED).formulaError).toEqual({
      code: 'E',
      message: 'It is wrong. Line 1, Col 3: no',
    });
  });

  it('does not count when it is older than our enabling', () => {
    expect(statusOf(scaled, undefined, '2026-01-01T00:00:12Z').formulaError).toBeUndefined();
  });
});

describe('what a cluster hears of', () => {
  const status = statusOf(pool({}), undefined, undefined);

  it('is each turn at once, and numbers of nodes after a while', () => {
    expect(isNews(status, status, 5, 1e9)).toBe(false);
    expect(isNews(status, { ...status, stuck: 'short' }, 5, 0)).toBe(true);
    const fewer = { ...status, spot: { target: 0, current: 1 } };
    expect([isNews(status, fewer, 5, 0), isNews(status, fewer, 5, 5000)]).toEqual([false, true]);
  });
});
