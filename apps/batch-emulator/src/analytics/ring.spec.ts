import { Ring } from './ring';

describe('Ring', () => {
  it('keeps the last values and their numbers', () => {
    const ring = new Ring<string>(3);
    expect(ring.since(0)).toEqual([]);
    for (const value of ['a', 'b', 'c', 'd', 'e']) ring.push(value);
    expect(ring.since(0)).toEqual([
      { sequence: 3, value: 'c' },
      { sequence: 4, value: 'd' },
      { sequence: 5, value: 'e' },
    ]);
    expect(ring.since(4)).toEqual([{ sequence: 5, value: 'e' }]);
    expect([ring.since(5), ring.since(99), ring.last]).toEqual([[], [], 5]);
  });
});
