import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorOf } from '../testing/error-of';
import { fakeIo, runFake } from '../testing/fake-io';
import { profilePath, readProfile, writeProfile } from './profile';
import { resolveSettings } from './settings';

let home: string;
let env: Record<string, string>;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'windrow-config-'));
  env = { XDG_CONFIG_HOME: home };
});

afterEach(() => rm(home, { recursive: true, force: true }));

const settings = (flags: object, more: Record<string, string> = {}) =>
  resolveSettings(flags, fakeIo({ env: { ...env, ...more }, cwd: home }));

describe('precedence', () => {
  it('is flag, environment, profile, default', async () => {
    expect(await settings({})).toEqual({ url: 'http://127.0.0.1:8080', output: 'table', colour: false, place: '' });
    await writeProfile(profilePath(env), { url: 'http://profile', workspace: 'p', experiment: 'p', output: 'yaml' });
    expect(await settings({})).toMatchObject({ url: 'http://profile', workspace: 'p', output: 'yaml' });
    const variables = { WINDROW_URL: 'http://env', WINDROW_WORKSPACE: 'v', WINDROW_OUTPUT: 'json' };
    expect(await settings({}, variables)).toMatchObject({
      url: 'http://env',
      workspace: 'v',
      output: 'json',
      experiment: 'p',
    });
    const flags = { url: 'http://flag', workspace: 'f', output: 'table' };
    expect(await settings(flags, variables)).toMatchObject({ url: 'http://flag', workspace: 'f', output: 'table' });
  });

  it('of the key is key file, environment, profile', async () => {
    await writeProfile(profilePath(env), { key: 'of-profile' });
    expect((await settings({})).key).toBe('of-profile');
    expect((await settings({}, { WINDROW_API_KEY: 'of-env' })).key).toBe('of-env');
    await writeFile(path.join(home, 'key'), 'of-file\n');
    expect((await settings({ keyFile: 'key' }, { WINDROW_API_KEY: 'of-env' })).key).toBe('of-file');
  });

  it('an empty variable is none', async () => {
    expect(await settings({}, { WINDROW_WORKSPACE: '', WINDROW_API_KEY: '' })).not.toHaveProperty('workspace');
  });
});

describe('the address', () => {
  it.each([
    ['http://h:1/', 'http://h:1'],
    ['https://h/v1', 'https://h'],
    ['https://h/windrow/v1/', 'https://h/windrow'],
  ])('%s is used as %s', async (url, used) => expect((await settings({ url })).url).toBe(used));

  it.each(['h:1', 'ftp://h', 'http://me:secret@h', ''])('%s is refused, and no password is repeated', async (url) => {
    const error = await errorOf(settings({ url }));
    expect(error.message).not.toContain('secret');
  });
});

describe('colour', () => {
  const colour = async (env: Record<string, string>, flags = {}, isTTY = true) =>
    (await resolveSettings(flags, fakeIo({ env, isTTY }))).colour;

  it('is for terminals that were not told otherwise', async () => {
    expect(await colour({})).toBe(true);
    expect(await colour({}, {}, false)).toBe(false);
    expect(await colour({ NO_COLOR: '1' })).toBe(false);
    expect(await colour({}, { color: false })).toBe(false);
    expect(await colour({ TERM: 'dumb' })).toBe(false);
  });
});

describe('the profile', () => {
  it('is written for its owner only, and a key that others may read is refused', async () => {
    const file = profilePath(env);
    await writeProfile(file, { key: 'k', url: 'http://h' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readProfile(file)).toEqual({ key: 'k', url: 'http://h' });
    await chmod(file, 0o644);
    await expect(readProfile(file)).rejects.toMatchObject({ next: expect.stringContaining('chmod 600') });
  });

  it.each(['a: [', 'colour: red', 'url: 5', '- url'])('that holds "%s" is refused with its place', async (text) => {
    const file = profilePath(env);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
    await expect(readProfile(file)).rejects.toMatchObject({ where: file });
  });

  const windrow = (args: string[], options = {}) => runFake('http://unused', args, { env, ...options });

  it('is set and told by commands, which never show the key nor take it from an argument', async () => {
    expect(await windrow(['config', 'set', 'key', 'wdr_typed'])).toMatchObject({ code: 2 });
    expect(await windrow(['config', 'set', 'key'], { stdin: 'wdr_secret\n' })).toMatchObject({ code: 0, out: '' });
    expect(await windrow(['config', 'set', 'workspace', 'aero'])).toMatchObject({ code: 0 });
    const told = await windrow(['config', 'get']);
    expect(told.out).toMatch(/^key +\(set; never shown\)$/m);
    expect((await windrow(['config', 'get', 'workspace'])).out).toBe('aero\n');
    expect((await windrow(['config', 'unset', 'workspace'])).code).toBe(0);
    expect(await readProfile(profilePath(env))).toEqual({ key: 'wdr_secret' });
    expect(await windrow(['config', 'set', 'colour', 'red'])).toMatchObject({ code: 2 });
  });

  it('is asked for by configure, which keeps what is not answered', async () => {
    await writeProfile(profilePath(env), { key: 'wdr_old', workspace: 'old' });
    const answers = ['http://h:1/v1', '', 'new', ''];
    const told = await windrow(['configure'], { stdinIsTTY: true, answers });
    expect(told.code).toBe(0);
    expect(await readProfile(profilePath(env))).toEqual({ key: 'wdr_old', url: 'http://h:1', workspace: 'new' });
    expect(told.out + told.err).not.toContain('wdr_old');
    expect(await windrow(['configure'])).toMatchObject({ code: 2 });
  });
});
