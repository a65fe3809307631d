import type { JobSpec, PoolTemplate } from '@windrow/contract';
import { fitErrors, priceErrors, templateErrors } from './pool-rules';
import { delegatedLifeErrors, specErrors } from './spec-rules';

const POOL: PoolTemplate = { vmSizes: ['Standard_D2s_v5'], nodes: { max: 4 }, slotsPerNode: 2 };
const job = (task: object, more: object = {}) =>
  ({ input: { kind: 'repeat', count: 1 }, task: { commandLine: 'x', ...task }, pool: POOL, ...more }) as JobSpec;
const codes = (errors: { path: string; code: string }[]) => errors.map(({ path, code }) => [path, code]);

describe('tasks that could never run on the pool are refused', () => {
  const wide = { change: { requiredSlots: 3 }, on: { exitCodes: [1] }, attempts: 2 };

  it.each<[string, JobSpec, Partial<PoolTemplate>, string[][]]>([
    ['more slots than a node has', job({ requiredSlots: 3 }), {}, [['$.task.requiredSlots', 'TooManySlots']]],
    [
      'more slots with a retry',
      job({}, { execution: { retryRules: [wide] } }),
      {},
      [['$.execution.retryRules[0].change.requiredSlots', 'TooManySlots']],
    ],
    [
      'more slots when gathering',
      job({}, { gather: { kind: 'reduce', commandLine: 'x', requiredSlots: 3 } }),
      {},
      [['$.gather.requiredSlots', 'TooManySlots']],
    ],
    [
      'more nodes than the pool may have',
      job({ instances: 5 }),
      { slotsPerNode: 1, interNodeCommunication: true },
      [['$.task.instances', 'TooManyInstances']],
    ],
    [
      'several nodes, where nodes take several tasks',
      job({ instances: 2 }),
      { interNodeCommunication: true },
      [['$.task.instances', 'SlotsPerNode']],
    ],
    [
      'several nodes, which cannot talk to each other',
      job({ instances: 2 }),
      { slotsPerNode: 1 },
      [['$.task.instances', 'NoInterNodeCommunication']],
    ],
    [
      'a container where nodes run none',
      job({ container: { image: 'b' } }),
      {},
      [['$.task.container', 'NoContainers']],
    ],
    [
      'a plain command where nodes run nothing but containers',
      job({}),
      { containerImages: ['a'] },
      [['$.task.container', 'Required']],
    ],
    ['nothing out of the way', job({ container: { image: 'b' } }), { containerImages: ['a'] }, []],
  ])('%s', (_what, spec, change, expected) => {
    expect(codes(fitErrors(spec, { ...POOL, ...change }, "cluster 'c'"))).toEqual(expected);
  });

  it("but a job's own pool gets the image and the communication that its tasks need", () => {
    const pool = { ...POOL, slotsPerNode: 1 };
    expect(specErrors(job({ instances: 2, container: { image: 'a' } }, { pool }))).toEqual([]);
    expect(codes(specErrors(job({ instances: 2 })))).toEqual([['$.task.instances', 'SlotsPerNode']]);
  });
});

describe('a formula', () => {
  const formula = { autoscaleFormula: '$TargetDedicatedNodes=1' };

  it.each<[Partial<PoolTemplate>, string[][]]>([
    [formula, []],
    [{ ...formula, autoscaleInterval: 'PT5M' }, []],
    [{ ...formula, autoscaleInterval: 'PT4M' }, [['$.autoscaleInterval', 'OutOfRange']]],
    [{ ...formula, autoscaleInterval: 'P8D' }, [['$.autoscaleInterval', 'OutOfRange']]],
    [{ autoscaleInterval: 'PT5M' }, [['$.autoscaleInterval', 'Conflict']]],
    [{ ...formula, nodes: { max: 1, spotPercent: 5 } }, [['$.nodes.spotPercent', 'Conflict']]],
  ])('%j: %j', (change, expected) => {
    expect(codes(templateErrors({ ...POOL, ...change }, '$'))).toEqual(expected);
  });
});

it('a cost budget needs a price for each VM size', () => {
  const spec = job({}, { execution: { budget: { cost: 5 } } });
  const prices = { currency: 'EUR', vmSizes: { standard_d2s_v5: { dedicated: 1, spot: 1 } } };
  expect(priceErrors(spec, POOL, prices)).toEqual([]);
  expect(priceErrors(spec, { ...POOL, vmSizes: ['standard_D2S_v5', 'other'] }, prices)).toMatchObject([
    { path: '$.execution.budget.cost', code: 'NoPrices', message: expect.stringContaining('other') },
  ]);
  expect(priceErrors(job({}), POOL, undefined)).toEqual([]);
});

it.each([
  [{}, [['$.execution.budget', 'Required']]],
  [{ nodeHours: 0, cost: 1 }, [['$.execution.budget.nodeHours', 'OutOfRange']]],
  [{ nodeHours: 0.1 }, []],
])('a budget names something above 0: %j', (budget, expected) => {
  expect(codes(specErrors(job({}, { execution: { budget } })))).toEqual(expected);
});

it('links that a delegation key signs live an hour less than seven days', () => {
  expect(specErrors(job({ timeout: 'P6D' }))).toEqual([]);
  expect(codes(delegatedLifeErrors(job({ timeout: 'P6D' })))).toEqual([['$.task.timeout', 'TooLong']]);
  expect(delegatedLifeErrors(job({ timeout: 'P5DT23H' }))).toEqual([]);
});
