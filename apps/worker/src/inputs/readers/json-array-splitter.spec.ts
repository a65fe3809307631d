import fc from 'fast-check';
import { JsonArraySplitter } from './json-array-splitter';

function split(pieces: string[], maxLength = 1e6): unknown[] {
  const sut = new JsonArraySplitter(maxLength);
  const texts = pieces.flatMap((piece) => sut.push(piece));
  sut.end();
  return texts.map((text) => JSON.parse(text) as unknown);
}

describe('JsonArraySplitter', () => {
  it('finds the elements of any array, however its text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 2), fc.nat(20), (values, indent, size) => {
        const text = JSON.stringify(values, null, indent);
        const pieces = text.match(new RegExp(`[^]{1,${size + 1}}`, 'g')) ?? [];
        expect(JSON.stringify(split(pieces))).toBe(JSON.stringify(values));
      }),
      { numRuns: 500 },
    );
  });

  it('is not misled by brackets, commas and quotes within strings', () => {
    const values = ['a,b', ']', '[', '{"', '\\', '\\"', '"]', { 'k]"': ['\\\\'] }];
    expect(split([...JSON.stringify(values)])).toEqual(values);
  });

  it('takes an empty array and blanks around', () => {
    expect(split(['\ufeff \n', ' [ ', ' \t ] ', '\n'])).toEqual([]);
    expect(split(['[]'])).toEqual([]);
  });

  it.each([
    [['{"a":1}'], "begins with '{'"],
    [[''], 'it is empty'],
    [['[1,2'], 'before the array is closed'],
    [['["a'], 'before the array is closed'],
    [['[1,,2]'], 'nothing before a comma'],
    [['[1,]'], 'nothing before a comma or the closing bracket'],
    [['[1] x'], 'text after'],
    [['[1]', '[2]'], 'text after'],
  ])('refuses %j', (pieces, message) => {
    expect(() => split(pieces)).toThrow(message);
  });

  it('does not hoard an element without end', () => {
    expect(() => split(Array<string>(20).fill('["aaaaaaaaaa'), 100)).toThrow('longer than 100');
  });
});
