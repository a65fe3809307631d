import type { BatchPool, BatchPoolNodeCounts } from '@windrow/batch';
import { statusOf } from './pool';
import { splitNodes } from './pool-spec';

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
    expect(statusOf(pool({}), counts, undefined)).toMatchObject({ current: 5, usable: 3, failed: 2 });
  });
});

describe('spot share', () => {
  it.each([
    [10, 0, 10, 0],
    [10, 100, 0, 10],
    [3, 50, 1, 2],
    [1, 10, 0, 1],
  ])('%i nodes with %i %% spot: %i dedicated, %i spot', (target, percent, dedicated, spot) => {
    expect(splitNodes(target, percent)).toEqual({ targetDedicatedNodes: dedicated, targetLowPriorityNodes: spot });
  });
});
