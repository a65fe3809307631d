import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTemporal } from './find-temporal';
import { cachedTemporal } from './paths';

let directory: string;
let said: string[];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'windrow-find-'));
  said = [];
});

afterEach(() => rm(directory, { recursive: true }));

const env = () => ({ PATH: path.join(directory, 'bin'), XDG_CACHE_HOME: path.join(directory, 'cache') });

async function program(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '');
  await chmod(file, 0o755);
  return file;
}

const offline = () => Promise.reject(new Error('request failed: dns error: no such host'));
const find = (more: Partial<Parameters<typeof findTemporal>[1]> = {}) =>
  findTemporal((message) => said.push(message), { env: env(), download: offline, buildWithGo: offline, ...more });

describe('where Temporal is taken from', () => {
  it('the PATH, before anything else, and silently', async () => {
    const onPath = await program(path.join(directory, 'bin', 'temporal'));
    await program(cachedTemporal(env()));
    expect(await find()).toBe(onPath);
    expect(said).toEqual([]);
  });

  it('the cache, when it is not on the PATH', async () => {
    const cached = await program(cachedTemporal(env()));
    expect(await find()).toBe(cached);
  });

  it('a download into the cache', async () => {
    const download = async (target: string) => void (await program(target));
    expect(await find({ download })).toBe(cachedTemporal(env()));
    expect(said.join()).toContain('Downloading');
  });

  it('a build with Go where the download fails, saying why and how long', async () => {
    await program(path.join(directory, 'bin', 'go'));
    const buildWithGo = async (target: string) => void (await program(target));
    expect(await find({ buildWithGo })).toBe(cachedTemporal(env()));
    expect(said).toEqual([
      expect.stringContaining('Downloading'),
      'The download failed (no such host).',
      expect.stringContaining('three minutes'),
    ]);
  });

  it('nowhere: one error with what was tried and every remedy', async () => {
    await expect(find()).rejects.toThrow(
      /download: no such host[\s\S]*no `go` on the PATH[\s\S]*install the Temporal CLI[\s\S]*TEMPORAL_ADDRESS[\s\S]*install Go[\s\S]*put a copy/,
    );
  });
});
