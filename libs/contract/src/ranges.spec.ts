import { inRanges, mergeRanges, parseRanges } from './ranges';

describe('ranges of task indexes', () => {
  it.each([
    ['7', [{ from: 7, to: 7 }]],
    [
      '10-19, 3',
      [
        { from: 3, to: 3 },
        { from: 10, to: 19 },
      ],
    ],
    ['5-', [{ from: 5, to: Infinity }]],
    ['0-4,5-9,8-12', [{ from: 0, to: 12 }]],
  ])('%s', (text, ranges) => {
    expect(parseRanges(text)).toEqual(ranges);
  });

  it.each(['', 'a', '1-2-3', '-3', '9-3', '1,,2', '1234567890', '0.5'])('%j is none', (text) => {
    expect(parseRanges(text)).toBeUndefined();
  });

  it('knows what lies in them', () => {
    const ranges = mergeRanges([
      { from: 10, to: 12 },
      { from: 1, to: 1 },
      { from: 20, to: Infinity },
    ]);
    const inside = [0, 1, 2, 9, 10, 12, 13, 19, 20, 1e6].filter((index) => inRanges(ranges, index));
    expect(inside).toEqual([1, 10, 12, 20, 1e6]);
  });
});
