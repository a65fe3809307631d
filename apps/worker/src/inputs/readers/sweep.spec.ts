import type { SweepInput } from '@windrow/contract';
import { sweepPoints } from './sweep';

const points = (parameters: SweepInput['parameters'], method: SweepInput['method'] = 'product') => [
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
