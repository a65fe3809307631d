import type { TaskSpec } from '@windrow/contract';
import { gatherErrors, mayMatch } from './gather-rules';

describe('a file that is to be put together', () => {
  const refusals = (file: string, task: Partial<TaskSpec>) =>
    gatherErrors({ task: { commandLine: 'x', ...task }, gather: { kind: 'concat', file } }).map(({ code }) => code);

  it('must be an output of the tasks that succeed', () => {
    expect(refusals('a.csv', {})).toEqual(['NotAnOutput']);
    expect(refusals('out/a.csv', {})).toEqual([]);
    expect(refusals('a.csv', { outputs: [{ pattern: '*.csv', when: 'failure' }] })).toEqual(['NotAnOutput']);
    expect(refusals('a.csv', { outputs: [{ pattern: 'b.csv' }, { pattern: '*.csv', when: 'completion' }] })).toEqual(
      [],
    );
    expect(gatherErrors({ task: { commandLine: 'x' }, gather: { kind: 'manifest' } })).toEqual([]);
  });

  it.each([
    ['out/**', 'out/a/b.csv', true],
    ['**/b.csv', 'b.csv', true],
    ['out/*', 'out/a/b.csv', false],
    ['out/?.csv', 'out/a.csv', true],
    ['a.csv', 'abcsv', false],
    ['./a.csv', 'a.csv', true],
    ['out/[ab].csv', 'out/a.csv', true],
  ])('%s and %s: %s', (pattern, file, expected) => {
    expect(mayMatch(pattern, file)).toBe(expected);
  });
});
