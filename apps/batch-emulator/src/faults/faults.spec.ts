import { globTest } from './glob';
import { seeded } from './random';

describe('names of targets', () => {
  it.each([
    ['JobAdd', 'jobadd', true],
    ['JobAdd', 'jobadds', false],
    ['*', '', true],
    ['job*', 'JobDelete', true],
    ['*delete', 'JobDelete', true],
    ['j*d*e', 'JobDelete', true],
    ['a*a', 'a', false],
    ['a*b*b', 'ab', false],
    ['a*b*c', 'axbxxc', true],
    ['a.c', 'abc', false],
  ])('%s and %s: %s', (pattern, name, matches) => expect(globTest(pattern)(name)).toBe(matches));
});

describe('seeded chance', () => {
  it('repeats itself, differs by seed and fills the range', () => {
    const draw = (seed: number): number[] => {
      const random = seeded(seed);
      return Array.from({ length: 1000 }, () => random());
    };
    const numbers = draw(1);
    expect(draw(1)).toEqual(numbers);
    expect(draw(2)).not.toEqual(numbers);
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.55);
    for (const number of numbers) expect(number >= 0 && number < 1).toBe(true);
  });
});
