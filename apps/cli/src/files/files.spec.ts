import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HttpScript, startHttpScript } from '../../../../test/support/http-script';
import { errorOf } from '../testing/error-of';
import { runFake } from '../testing/fake-io';
import { jobView } from '../testing/jobs';
import { fetchFile } from './fetch-file';
import { globPattern } from './glob';
import { Journal, JOURNAL } from './journal';
import { safeTarget } from './safe-path';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'windrow-files-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('the place of a file', () => {
  it('is below the folder', async () => {
    expect(await safeTarget(root, 'outputs/3/a b/c.txt')).toBe(path.join(root, 'outputs/3/a b/c.txt'));
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', 'a//b', './x', '', 'a\\..\\x', 'C:/x', 'a/\u0000', 'a/b\nc'])(
    'named %j is refused, as it leads elsewhere',
    async (name) => {
      await expect(safeTarget(root, name)).rejects.toThrow('is not downloaded');
    },
  );

  it('behind a symbolic link is refused', async () => {
    await symlink(tmpdir(), path.join(root, 'outputs'));
    await expect(safeTarget(root, 'outputs/x')).rejects.toThrow('is no folder');
  });
});

it.each([
  ['out/*.csv', ['out/a.csv'], ['out/b/a.csv', 'out/a.csvx', 'a.csv']],
  ['**/*.csv', ['a.csv', 'x/y/a.csv'], ['a.txt']],
  ['out/**', ['out/a', 'out/b/c'], ['in/a']],
  ['a?[1].x', ['ab[1].x'], ['ab1.x', 'a/[1].x']],
])('%s matches %j and none of %j', (glob, yes, no) => {
  for (const name of yes) expect(name).toMatch(globPattern(glob));
  for (const name of no) expect(name).not.toMatch(globPattern(glob));
});

const quick = { bytes: () => undefined, sleep: async () => undefined };

/** A blob as a storage service gives it: etag, conditions, ranges; cuts the connection after so many bytes when told. */
class Blob {
  content = Buffer.alloc(300_000, 'windrow ');
  cutAfter: number | undefined;
  readonly ranges: (string | undefined)[] = [];
  private readonly server: Server = createServer((request, response) => {
    const etag = `"${createHash('sha256').update(this.content).digest('hex').slice(0, 8)}"`;
    const { range } = request.headers;
    this.ranges.push(range);
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag) {
      return void response.writeHead(412).end();
    }
    const from = range === undefined ? 0 : Number(/^bytes=(\d+)-$/.exec(range)![1]);
    const body = this.content.subarray(from);
    const headers = { etag, 'content-length': String(body.length) };
    const partial = { ...headers, 'content-range': `bytes ${from}-${this.content.length - 1}/${this.content.length}` };
    response.writeHead(range === undefined ? 200 : 206, range === undefined ? headers : partial);
    if (this.cutAfter === undefined) return void response.end(body);
    response.write(body.subarray(0, this.cutAfter), () => setImmediate(() => request.socket.destroy()));
    this.cutAfter = undefined;
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/b?sig=secret`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('a file that is fetched', () => {
  let blob: Blob;

  beforeEach(async () => {
    blob = await new Blob().start();
  });

  afterEach(() => blob.stop());

  const remote = () => ({ name: 'outputs/0/a', id: 'uid/outputs/0/a', bytes: blob.content.length, url: blob.url });
  const fetched = async () => fetchFile(root, remote(), await Journal.open(root), quick);
  const content = () => readFile(path.join(root, 'outputs/0/a'));

  it('is not fetched again while it is the same, here and there', async () => {
    expect(await fetched()).toBe('fetched');
    expect(await content()).toEqual(blob.content);
    expect(await fetched()).toBe('unchanged');
    blob.content = Buffer.from('another');
    expect(await fetched()).toBe('fetched');
    expect(await content()).toEqual(blob.content);
    await writeFile(path.join(root, 'outputs/0/a'), 'shorter');
    await rm(path.join(root, 'outputs/0/a'));
    expect(await fetched()).toBe('fetched');
    expect((await readdir(path.join(root, 'outputs/0'))).sort()).toEqual(['a']);
  });

  it('is taken up where a broken connection left it', async () => {
    blob.cutAfter = 100_000;
    expect(await fetched()).toBe('resumed');
    expect(blob.ranges[0]).toBeUndefined();
    expect(blob.ranges[1]).toMatch(/^bytes=\d{3,}-$/);
    expect(await content()).toEqual(blob.content);
  });

  it('is begun again when it has changed since the first half, which an earlier run left', async () => {
    const journal = await Journal.open(root);
    journal.note({ id: remote().id, etag: '"old"' });
    await mkdir(path.join(root, 'outputs/0'), { recursive: true });
    await writeFile(path.join(root, 'outputs/0/a.part'), 'old half');
    expect(await fetched()).toBe('fetched');
    expect(await content()).toEqual(blob.content);
  });

  it('of another job with the same name takes its place', async () => {
    await fetched();
    const other = { ...remote(), id: 'other/outputs/0/a' };
    expect(await fetchFile(root, other, await Journal.open(root), quick)).toBe('fetched');
  });

  it('that cannot be had is named without its link', async () => {
    const gone = remote();
    blob.stop();
    const error = await errorOf(fetchFile(root, gone, await Journal.open(root), quick));
    expect(error.message).toContain('outputs/0/a');
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('secret');
  });

  it('survives a journal whose last line was cut', async () => {
    await fetched();
    const file = path.join(root, JOURNAL);
    await writeFile(file, `${await readFile(file, 'utf8')}\n{"id":"uid/outp`);
    expect(await fetched()).toBe('unchanged');
  });
});

describe('download', () => {
  let api: HttpScript;
  let blob: Blob;

  beforeAll(async () => {
    api = await startHttpScript();
    blob = await new Blob().start();
  });

  afterAll(async () => {
    blob.stop();
    await api.stop();
  });

  it('brings what matches, page by page, and says at the end which name it would not write', async () => {
    const output = (task: number, name: string) => ({ task, path: name, bytes: 1, url: blob.url });
    api.answer(({ url }) => {
      if (url.includes('/outputs?') && url.includes('pageToken'))
        return { status: 200, body: { value: [output(2, '../../x.csv')] } };
      if (url.includes('/outputs?')) {
        const value = [output(0, 'out/a.csv'), output(1, 'out/b.txt'), output(1, 'out/b.csv')];
        return { status: 200, body: { value, nextLink: `${api.url}/v1/jobs/wordcount/outputs?pageToken=2` } };
      }
      if (url.includes('/results')) return { status: 409, body: { code: 'JobNotFinished', detail: 'It runs.' } };
      return { status: 200, body: jobView() };
    });
    const { code, err } = await runFake(api.url, ['download', 'wordcount', '**/*.csv', '--to', 'home'], { cwd: root });
    expect(code).toBe(9);
    expect(err).toContain("'outputs/2/../../x.csv' is not downloaded");
    expect(err).toContain('It runs.');
    const files = await readdir(path.join(root, 'home/outputs'), { recursive: true });
    expect(files.filter((file) => file.endsWith('v')).sort()).toEqual(['0/out/a.csv', '1/out/b.csv']);
  });
});
