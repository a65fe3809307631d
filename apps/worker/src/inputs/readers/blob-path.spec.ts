import fc from 'fast-check';
import { inputPath, isSafePath } from './blob-path';

describe('inputPath', () => {
  it.each([
    'a.txt',
    'books/great expectations.txt',
    'a; rm -rf ~',
    '$(touch x)',
    `it's "quoted"`,
    'ünïcode/Größe 日本.csv',
    '-rf',
    '.hidden',
    `${'d'.repeat(255)}/${'e'.repeat(255)}`,
  ])('keeps %j, which is a file name like any other', (name) => {
    expect(inputPath(name)).toBe(`inputs/${name}`);
  });

  it.each([
    '../../etc/passwd',
    'a/../b',
    './a',
    'a//b',
    '/absolute',
    'folder/',
    'back\\slash',
    'nul\0',
    'x'.repeat(256),
    'ü'.repeat(128),
    `${'long/'.repeat(200)}x`,
  ])('gives %j a name made of its hash', (name) => {
    expect(inputPath(name)).toMatch(/^inputs\/blob-[0-9a-f]{16}(\.[A-Za-z0-9]+)?$/);
  });

  it('keeps an extension that is one', () => {
    expect(inputPath('../a.tar.gz')).toMatch(/^inputs\/blob-[0-9a-f]{16}\.gz$/);
    expect(inputPath('../a.b/c')).toMatch(/^inputs\/blob-[0-9a-f]{16}$/);
    expect(inputPath('../a.$(x)')).toMatch(/^inputs\/blob-[0-9a-f]{16}$/);
  });

  it('never leads out of inputs, whatever the name', () => {
    const segment = fc.oneof(fc.constantFrom('.', '..', '', '\\', '\0', 'a'), fc.string({ unit: 'binary' }));
    const name = fc.array(segment, { maxLength: 6 }).map((segments) => segments.join('/'));
    fc.assert(
      fc.property(name, (blob) => {
        const path = inputPath(blob);
        expect(path.startsWith('inputs/')).toBe(true);
        expect(isSafePath(path.slice('inputs/'.length))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
