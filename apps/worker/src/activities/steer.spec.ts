import { jobBounds } from './steer';

it('bounds a Batch job by parallelism, priority, and a limit behind our own, from its creation', () => {
  const created = Date.parse('2026-01-01T00:00:00Z');
  const limits = { maxParallelTasks: 7, priority: 'high', endsBefore: '2026-01-01T02:00:00Z' } as const;
  expect(jobBounds(limits, created)).toEqual({
    maxParallelTasks: 7,
    priority: 500,
    constraints: { maxWallClockTime: 'PT10800S' },
  });
  expect(jobBounds({ ...limits, priority: 'low', endsBefore: '2025-01-01T00:00:00Z' }, created)).toMatchObject({
    priority: -500,
    constraints: { maxWallClockTime: 'PT3600S' },
  });
});
