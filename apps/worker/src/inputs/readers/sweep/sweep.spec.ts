import type { Distribution, GridSweep, Json, SelectionSweep, SweepInput } from '@windrow/contract';
import { sweepPoints } from '.';

const points = (parameters: GridSweep['parameters'], method: GridSweep['method'] = 'product') => [
  ...sweepPoints({ kind: 'sweep', method, parameters }),
];

describe('sweepPoints', () => {
  it('makes all combinations, the last parameter changing fastest', () => {
    const sweep = points({ b: ['x', 'y'], a: { from: 1, to: 3 } });
    expect(JSON.stringify(sweep)).toBe(
      '[{"b":"x","a":1},{"b":"x","a":2},{"b":"x","a":3},{"b":"y","a":1},{"b":"y","a":2},{"b":"y","a":3}]',
    );
  });

  it('pairs values of equal number', () => {
    expect(points({ a: [1, 2], b: ['x', { y: 1 }] }, 'zip')).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: { y: 1 } },
    ]);
    expect(() => points({ a: [1, 2], b: { from: 1, to: 3 } }, 'zip')).toThrow("'a' has 2, 'b' has 3");
  });

  it.each([
    [{ from: 0, to: 1, step: 0.1 }, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
    [{ from: 0.1, to: 0.5, step: 0.2 }, [0.1, 0.3, 0.5]],
    [{ from: 1, to: 2, step: 0.4 }, [1, 1.4, 1.8]],
    [{ from: 3, to: 1, step: -1 }, [3, 2, 1]],
    [{ from: 1e-7, to: 3e-7, step: 1e-7 }, [1e-7, 2e-7, 3e-7]],
    [{ from: 5, to: 5 }, [5]],
    [{ from: 0, to: 1e21, step: 5e20 }, [0, 5e20, 1e21]],
  ])('has both ends of %j and no drift', (range, values) => {
    expect(points({ x: range }).map(({ x }) => x)).toEqual(values);
  });

  it.each([
    { from: 1, to: 3, step: 0 },
    { from: 3, to: 1 },
    { from: 1, to: 3, step: -1 },
  ])('refuses %j', (range) => {
    expect(() => points({ x: range })).toThrow(
      expect.objectContaining({ code: 'InvalidSweep', path: '$.input.parameters.x' }),
    );
  });

  it('has nothing where one parameter has no value, and needs a parameter', () => {
    expect(points({ a: [1, 2], b: [] })).toEqual([]);
    expect(() => points({})).toThrow('at least one parameter');
  });

  it('does not hold a range in memory', () => {
    const endless: SweepInput = {
      kind: 'sweep',
      method: 'product',
      parameters: { x: { from: 1, to: 1e12 }, y: [1, 2] },
    };
    expect(() => sweepPoints(endless).next()).toThrow(/2000000000000 points.*at most 100000000/);
    const sweep = sweepPoints(endless, 3);
    expect([sweep.next().value, sweep.next().value, sweep.next().value]).toEqual([
      { x: 1, y: 1 },
      { x: 1, y: 2 },
      { x: 2, y: 1 },
    ]);
  });
});

describe('selections of values', () => {
  const lists = (values: Json[], fields: Pick<SelectionSweep, 'method' | 'length' | 'replacement'>): string =>
    [...sweepPoints({ kind: 'sweep', parameters: { x: values }, ...fields })]
      .map(({ x }) => (x as string[]).join(''))
      .join(' ');

  it.each([
    ['combinations', 2, false, 'ab ac ad bc bd cd'],
    ['combinations', 2, true, 'aa ab ac ad bb bc bd cc cd dd'],
    ['combinations', 4, false, 'abcd'],
    ['permutations', 2, false, 'ab ac ad ba bc bd ca cb cd da db dc'],
    ['permutations', 1, false, 'a b c d'],
    ['permutations', 2, true, 'aa ab ac ad ba bb bc bd ca cb cc cd da db dc dd'],
  ] as const)('%s of %i, replacement %s', (method, length, replacement, expected) => {
    expect(lists(['a', 'b', 'c', 'd'], { method, length, replacement })).toBe(expected);
  });

  it('of several parameters are combined as in a product', () => {
    const sweep: SweepInput = {
      kind: 'sweep',
      method: 'combinations',
      length: 1,
      parameters: { x: [1, 2], y: ['p', 'q'] },
    };
    expect([...sweepPoints(sweep)]).toEqual([
      { x: [1], y: ['p'] },
      { x: [1], y: ['q'] },
      { x: [2], y: ['p'] },
      { x: [2], y: ['q'] },
    ]);
  });

  it('finds any of a huge number without making those before it', () => {
    const sweep: SweepInput = {
      kind: 'sweep',
      method: 'combinations',
      length: 5,
      parameters: { x: { from: 1, to: 60 } },
    };
    expect(sweepPoints(sweep).next().value).toEqual({ x: [1, 2, 3, 4, 5] });
  });

  it('refuses more different values than there are, and more lists than can be counted', () => {
    expect(() => lists(['a'], { method: 'combinations', length: 2 })).toThrow("'x' has 1 values");
    const endless: SweepInput = {
      kind: 'sweep',
      method: 'permutations',
      length: 20,
      parameters: { x: { from: 1, to: 99 } },
    };
    expect(() => sweepPoints(endless, 1).next()).toThrow('too many permutations');
  });
});

describe('random points', () => {
  const drawn = (distribution: Distribution, count = 2000, seed = 7): Json[] =>
    [...sweepPoints({ kind: 'sweep', method: 'random', parameters: { x: distribution }, count, seed })].map(
      ({ x }) => x!,
    );
  const mean = (values: Json[]): number =>
    values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length;

  it('are the same for the same seed, others for another, and the first ones of a longer sweep', () => {
    const uniform: Distribution = { distribution: 'uniform', from: 0, to: 1 };
    expect(drawn(uniform, 50)).toEqual(drawn(uniform, 50));
    expect(drawn(uniform, 50)).not.toEqual(drawn(uniform, 50, 8));
    expect(drawn(uniform, 100).slice(0, 50)).toEqual(drawn(uniform, 50));
  });

  it('uniform: within its ends, around the middle; whole numbers with both ends', () => {
    const values = drawn({ distribution: 'uniform', from: 10, to: 20 });
    expect(values.every((value) => Number(value) >= 10 && Number(value) < 20)).toBe(true);
    expect(Math.abs(mean(values) - 15)).toBeLessThan(0.3);
    const dice = drawn({ distribution: 'uniform', from: 1, to: 6, integer: true });
    expect([...new Set(dice)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('log-uniform: as many in each decade', () => {
    const values = drawn({ distribution: 'log-uniform', from: 0.001, to: 1000 });
    const low = values.filter((value) => Number(value) < 1).length;
    expect(Math.abs(low / values.length - 0.5)).toBeLessThan(0.05);
    expect(values.every((value) => Number(value) >= 0.001 && Number(value) <= 1000)).toBe(true);
  });

  it('normal: mean and spread as given', () => {
    const values = drawn({ distribution: 'normal', mean: 100, standardDeviation: 15 });
    const variance = mean(values.map((value) => (Number(value) - 100) ** 2));
    expect(Math.abs(mean(values) - 100)).toBeLessThan(1.5);
    expect(Math.abs(Math.sqrt(variance) - 15)).toBeLessThan(1.5);
  });

  it('choice: every value, none more than the others', () => {
    const values = drawn({ distribution: 'choice', values: ['a', 'b', { c: 1 }] }, 3000);
    expect(Math.abs(values.filter((value) => value === 'a').length - 1000)).toBeLessThan(120);
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(3);
  });

  it.each([
    [{ distribution: 'uniform', from: 2, to: 1 }, 'ends before it begins'],
    [{ distribution: 'log-uniform', from: 0, to: 1 }, 'no logarithm'],
    [{ distribution: 'normal', mean: 0, standardDeviation: -1 }, 'below 0'],
    [{ distribution: 'choice', values: [] }, 'no values'],
  ] as [Distribution, string][])('refuses %j', (distribution, text) => {
    expect(() => drawn(distribution, 1)).toThrow(text);
  });
});
