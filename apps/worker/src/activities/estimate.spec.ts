import type { JobSpec, PoolTemplate } from '@windrow/contract';
import { estimateOf } from './estimate';

const POOL: PoolTemplate = { vmSizes: ['Small', 'Large'], nodes: { max: 5 }, slotsPerNode: 4 };
const PRICES = {
  currency: 'EUR',
  vmSizes: { small: { dedicated: 1, spot: 0.25 }, large: { dedicated: 2, spot: 0.5 } },
};

const estimate = (task: object, more: object = {}, pool: object = {}, prices?: typeof PRICES, tasks = 10) =>
  estimateOf(
    { task: { commandLine: 'x', timeout: 'PT1H', ...task }, ...more } as JobSpec,
    tasks,
    { ...POOL, ...pool },
    prices,
  );

describe('the estimate of a job', () => {
  it('fills nodes with tasks that all run into their time limit', () => {
    expect(estimate({})).toMatchObject({
      nodeHoursAtMost: 3,
      basis: expect.stringContaining('10 tasks of at most 1 h, 4 at once'),
    });
    expect(estimate({ requiredSlots: 3 })).toMatchObject({ nodeHoursAtMost: 10 });
  });

  it('counts every attempt, and every node of a multi-instance task', () => {
    const retryRules = [{ on: {}, attempts: 3 }];
    expect(estimate({ retries: 1 }, { execution: { retryRules } })).toMatchObject({ nodeHoursAtMost: 18 });
    expect(estimate({ instances: 2 }, {}, { slotsPerNode: 1 })).toMatchObject({ nodeHoursAtMost: 20 });
  });

  it('costs as much as the dearest size, at the share of spot nodes', () => {
    expect(estimate({}, {}, {}, PRICES)).toMatchObject({ costAtMost: 6, currency: 'EUR' });
    expect(estimate({}, {}, { nodes: { max: 5, spotPercent: 100 } }, PRICES)).toMatchObject({ costAtMost: 1.5 });
    const fallback = { nodes: { max: 5, spotPercent: 100, spotFallback: 'dedicated' } };
    expect(estimate({}, {}, fallback, PRICES)).toMatchObject({ costAtMost: 6 });
  });

  it('names no cost where a size has no price', () => {
    expect(estimate({}, {}, { vmSizes: ['small', 'other'] }, PRICES)).not.toHaveProperty('costAtMost');
  });
});
