import { splitCommandLine } from './command-line';

describe('splitCommandLine', () => {
  it.each([
    ['program', ['program']],
    ['  a   b\tc ', ['a', 'b', 'c']],
    [`/bin/sh -c 'echo "x y" $HOME'`, ['/bin/sh', '-c', 'echo "x y" $HOME']],
    [`a "b c" d"e f"g`, ['a', 'b c', 'de fg']],
    [`a "say \\"hi\\"" \\\\`, ['a', 'say "hi"', '\\']],
    [`a "C:\\dir" b`, ['a', 'C:\\dir', 'b']],
    [`a '' ""`, ['a', '', '']],
    [`a b\\ c`, ['a', 'b c']],
    [`a 'x\\y'`, ['a', 'x\\y']],
    ['', []],
  ])('%j', (commandLine, words) => {
    expect(splitCommandLine(commandLine)).toEqual(words);
  });
});
