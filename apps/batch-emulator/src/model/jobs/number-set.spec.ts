import { NumberSet } from './number-set';

describe('NumberSet', () => {
  it('finds the next number that is missing, across any number of full words', () => {
    const set = new NumberSet();
    expect(set.nextMissing(7)).toBe(7);
    for (let value = 3; value < 5000; value++) set.add(value);
    expect([set.nextMissing(0), set.nextMissing(3), set.nextMissing(4999), set.nextMissing(6000)]).toEqual([
      0, 5000, 5000, 6000,
    ]);
    set.delete(2048);
    expect([set.nextMissing(3), set.nextMissing(2049)]).toEqual([2048, 5000]);
    set.add(2048);
    expect(set.nextMissing(3)).toBe(5000);
  });

  it('agrees with a plain set on numbers added and deleted in any order', () => {
    const set = new NumberSet();
    const plain = new Set<number>();
    let seed = 1;
    for (let step = 0; step < 20_000; step++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const value = seed % 1200;
      if (seed % 3 === 0) {
        set.delete(value);
        plain.delete(value);
      } else {
        set.add(value);
        plain.add(value);
      }
      let expected = value;
      while (plain.has(expected)) expected++;
      if (set.nextMissing(value) !== expected) throw new Error(`${value} at step ${step}`);
    }
    expect(plain.size).toBeGreaterThan(600);
  });

  it('takes the largest ids there are', () => {
    const set = new NumberSet();
    set.add(2_147_483_647);
    expect(set.nextMissing(2_147_483_647)).toBe(2_147_483_648);
  });
});
