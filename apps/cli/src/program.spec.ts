import type { Command } from 'commander';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ExitCode } from './exit-codes';
import { findLauncher } from './local/up';
import { createProgram } from './program';
import { run } from './run';
import { fakeIo } from './testing/fake-io';

const GUIDE = path.resolve(__dirname, '../../../docs/cli.md');

async function windrow(...args: string[]) {
  const io = fakeIo();
  return { code: await run(args, io), out: io.stdout(), err: io.stderr() };
}

function leaves(command: Command, above = ''): { words: string; command: Command }[] {
  const own = command.commands.filter((one) => !one.name().startsWith('__') && one.name() !== 'help');
  if (own.length === 0) return [{ words: above.trim(), command }];
  return own.flatMap((one) => leaves(one, `${above} ${one.name()}`));
}

const program = createProgram({ io: fakeIo(), exitCode: ExitCode.ok });
const all = leaves(program);

/** Up to a pipe or the like, where words are not in quotes. */
function wordsOf(line: string): string[] {
  const [first = ''] = line.split(/ (?:\||&&|<|>>?) /);
  return [...first.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

/** Whether commander takes the line: nothing is run. */
async function accepted(words: string[]): Promise<string> {
  const io = fakeIo({ env: { WINDROW_URL: 'ftp://nowhere' } });
  await run(words, io);
  return io.stderr();
}

describe('use', () => {
  it('a command that is not there is told with the nearest one', async () => {
    expect(await windrow('sumbit')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('Did you mean submit?'),
    });
    expect(await windrow('list', '--stat', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('--state') });
    expect((await windrow('show')).code).toBe(2);
    expect((await windrow()).code).toBe(2);
  });

  it('help and version are asked for and no errors', async () => {
    expect(await windrow('--version')).toMatchObject({ code: 0, out: '0.1.0\n' });
    expect(await windrow('help', 'clusters', 'resize')).toMatchObject({
      code: 0,
      out: expect.stringContaining('--max'),
    });
    expect((await windrow('help', 'nothing')).code).toBe(2);
    const codes = (await windrow('help', 'exit-codes')).out;
    for (const code of Object.values(ExitCode)) expect(codes).toMatch(new RegExp(`^ *${code} {2}`, 'm'));
  });

  it.each(all.map(({ words, command }) => [words, command] as const))(
    '`%s` has a summary and an example',
    (words, command) => {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(command.summary()).not.toBe('');
      expect(help).toContain(`$ windrow ${words.replace(/^job /, '')}`);
    },
  );

  it('every example of the help and of the guide is one that the command takes', async () => {
    const helps = all.map(({ command }) => {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      return help;
    });
    const guide = readFileSync(GUIDE, 'utf8');
    const fromHelp = helps.flatMap((help) => [...help.matchAll(/^ {2}\$ windrow (.+)$/gm)].map(([, line]) => line!));
    const fromGuide = [...guide.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) =>
      [...block!.matchAll(/^(?:\w+=\S+ )*windrow (.+?)(?: +#.*)?$/gm)].map(([, line]) => line!),
    );
    expect(fromGuide.length).toBeGreaterThan(40);
    for (const line of new Set([...fromHelp, ...fromGuide])) {
      const words = wordsOf(line);
      // What would start processes, or asks nothing of the API, is known by its other tests.
      if (['up', 'configure', 'config', 'completion', 'help', '--version', '--help'].includes(words[0]!)) continue;
      expect(`${line}: ${await accepted(words)}`).toContain(`${line}: Error: 'ftp://nowhere'`);
    }
    for (const { words } of all) {
      if (!words.startsWith('job ')) expect(guide).toMatch(new RegExp(`windrow (?:-\\S+ \\S+ )*${words}\\b`));
    }
  });
});

describe('up', () => {
  it("finds the repository's launcher from its own place", () => {
    expect(findLauncher(__dirname)).toBe(path.resolve(__dirname, '../../../scripts/run.mjs'));
  });

  it('says what it found where there is none', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'windrow-up-'));
    mkdirSync(path.join(folder, 'node_modules/x'), { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"name":"windrow"}');
    writeFileSync(path.join(folder, 'node_modules/x/package.json'), '{"name":"x"}');
    expect(() => findLauncher(path.join(folder, 'node_modules/x'))).toThrow('not installed');
    try {
      findLauncher(path.join(folder, 'node_modules/x'));
    } catch (error) {
      expect(error).toMatchObject({
        exitCode: 4,
        details: expect.arrayContaining([
          expect.stringContaining("package 'x'"),
          expect.stringContaining('there is no scripts/run.mjs'),
        ]),
      });
    }
    rmSync(folder, { recursive: true });
  });
});
