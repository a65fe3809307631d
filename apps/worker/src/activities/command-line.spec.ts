import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BlobRange, Json, PlannedTask } from '@windrow/contract';
import { startHttpScript } from '../../../../test/support/http-script';
import type { HttpScript, SeenRequest } from '../../../../test/support/http-script';
import { FETCH_FAILED, commandLine, rangeVariables } from './command-line';

const CONTENT = 'a,b\n1,2\n3,4\n5,6\n';
const RANGE: BlobRange = {
  container: 'in',
  blob: 'deep dir/$(x) "rows".csv',
  path: 'inputs/deep dir/$(x) "rows".csv',
  etag: '"0x8D1"',
  offset: 8,
  length: 4,
  header: { offset: 0, length: 4 },
};
const USER = `/bin/sh -c 'cat "$1"; echo "[$2]"; echo "link=$WINDROW_RANGE_LINK"' x "${'inputs/deep dir/\\$(x) \\"rows\\".csv'}" "it's \\$HOME"`;

/** Those of the three that this machine has. None at all is a failure, and so it is for a task on such a node. */
const PROGRAMS = ['curl', 'wget', 'python3'].filter(isInstalled);

describe('what is put around a command', () => {
  let directory: string;
  let server: HttpScript;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'windrow-command-'));
    server = await startHttpScript();
    server.answer(serveRange);
  });
  afterEach(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs it as a node would; `PATH` holds the basics and, when named, one program to fetch with. */
  async function run(
    task: Pick<PlannedTask, 'inline' | 'range'>,
    user = USER,
    fetchWith = PROGRAMS[0],
    from = server.url,
  ) {
    const bin = path.join(directory, 'bin');
    await mkdir(bin, { recursive: true });
    for (const name of ['sh', 'cat', 'mkdir', 'wc', ...(fetchWith ? [fetchWith] : [])]) {
      await symlink(placeOf(name), path.join(bin, name));
    }
    const env: Record<string, string> = {
      PATH: bin,
      ...(task.inline && { WINDROW_ITEM: JSON.stringify(task.inline.item) }),
      ...(task.range && rangeVariables(task.range, `${from}/in/rows?sig=a%2Bb&se=1`)),
    };
    const wd = path.join(directory, 'wd');
    await mkdir(wd);
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      execFile('/bin/sh', ['-c', commandLine(user, task)], { cwd: wd, env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  }
  const itemsFile = () => readFile(path.join(directory, 'wd', 'items.jsonl'), 'utf8');

  it('is nothing where nothing is needed', () => {
    expect(commandLine(USER, {})).toBe(USER);
  });

  it('holds no single quote within its script, which stands between two', () => {
    const script = commandLine('', { inline: { item: 1 }, range: RANGE });
    expect(script.match(/'/g)).toHaveLength(2);
  });

  it.each<Json>([{ name: `$(reboot) 'x' "y" \\n %s` }, null, 'ü'])('writes the item %j as it is', async (item) => {
    const { code, stdout } = await run({ inline: { item } }, `/bin/sh -c 'cat items.jsonl'`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${JSON.stringify(item)}\n` });
  });

  describe.each(PROGRAMS)('with %s', (program) => {
    it('fetches a range, header first, together with the item, and takes the link away', async () => {
      const item = { offset: 8 };
      const { code, stdout, stderr } = await run({ inline: { item }, range: RANGE }, USER, program);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "a,b\n3,4\n[it's $HOME]\nlink=\n", stderr: '' });
      expect(await itemsFile()).toBe('{"offset":8}\n');
      expect(server.seen.map(({ url, headers }) => [url, headers.range, headers['if-match']])).toEqual([
        ['/in/rows?sig=a%2Bb&se=1', 'bytes=0-3', '"0x8D1"'],
        ['/in/rows?sig=a%2Bb&se=1', 'bytes=8-11', '"0x8D1"'],
      ]);
    });

    it('does not run the command when it is told that the blob changed', async () => {
      const { code, stdout, stderr } = await run({ range: { ...RANGE, etag: '"other"' } }, USER, program);
      expect({ code, stdout }).toEqual({ code: FETCH_FAILED, stdout: '' });
      expect(stderr).toContain(`windrow: bytes 8-11 of ${RANGE.path} could not be fetched. 412: the blob was changed`);
      expect(stderr).not.toContain('sig=');
    });
  });

  it('fetches a range without a header, of a task whose items are staged', async () => {
    const { header: _, ...range } = RANGE;
    const { code, stdout } = await run({ range }, `/bin/sh -c 'cat inputs/*/*'`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '3,4\n' });
    await expect(access(path.join(directory, 'wd', 'items.jsonl'))).rejects.toThrow('ENOENT');
  });

  it('takes no whole blob for a part of it', async () => {
    server.answer(() => ({ status: 200, body: CONTENT }));
    expect(await run({ range: RANGE })).toMatchObject({ code: FETCH_FAILED, stdout: '' });
  });

  it('says that there is nothing to fetch with', async () => {
    const { code, stderr } = await run({ range: RANGE }, USER, '');
    expect({ code, stderr }).toMatchObject({
      code: FETCH_FAILED,
      stderr: expect.stringContaining('no curl, python3 or wget'),
    });
  });
});

function isInstalled(program: string): boolean {
  return spawnSync('/bin/sh', ['-c', `command -v ${program}`]).status === 0;
}

function serveRange({ headers }: SeenRequest) {
  if (headers['if-match'] !== RANGE.etag) return { status: 412, body: 'The condition is not met.' };
  const [first, last] = (/bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? []).slice(1).map(Number);
  return { status: 206, body: CONTENT.slice(first, last! + 1) };
}

function placeOf(program: string): string {
  if (program === 'python3') {
    // The program itself, where the PATH has a script that finds it.
    return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  }
  return execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}
