import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { CliError, isErrno, reasonOf } from '../errors';
import { ExitCode } from '../exit-codes';
import type { Environment } from '../io';

/** What the file may hold. */
export const PROFILE_KEYS = ['url', 'key', 'workspace', 'experiment', 'output'] as const;
export type ProfileKey = (typeof PROFILE_KEYS)[number];
export type Profile = Partial<Record<ProfileKey, string>>;

/** `$XDG_CONFIG_HOME/windrow/config.yaml`, by default below `~/.config`. */
export function profilePath(env: Environment): string {
  const base = env['XDG_CONFIG_HOME'];
  const root = base && path.isAbsolute(base) ? base : path.join(env['HOME'] ?? homedir(), '.config');
  return path.join(root, 'windrow', 'config.yaml');
}

/**
 * The profile; an absent file is an empty one.
 * @throws CliError when it is no mapping of known keys to text, or holds a key that others on this machine may read.
 */
export async function readProfile(file: string): Promise<Profile> {
  const text = await readIfPresent(file);
  if (text === undefined) return {};
  const profile = parsed(text, file);
  if (profile.key !== undefined) await requirePrivate(file);
  return profile;
}

/** Writes the whole profile, readable by its owner only; a crash leaves the old one or the new one. */
export async function writeProfile(file: string, profile: Profile): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await rm(draft, { force: true });
    await writeFile(draft, stringify(profile), { mode: 0o600, flag: 'wx' });
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw new CliError(`The profile cannot be written: ${reasonOf(error)}`, { where: file, exitCode: ExitCode.local });
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new CliError(`The profile cannot be read: ${reasonOf(error)}`, { where: file });
  }
}

function parsed(text: string, file: string): Profile {
  const next = 'Correct the file, or delete it and run `windrow configure`.';
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (error) {
    throw new CliError(`The profile is not YAML: ${reasonOf(error).split('\n')[0]}`, { where: file, next });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('The profile must hold settings, one a line: `url: https://...`.', { where: file, next });
  }
  const wrong = Object.entries(value).find(
    ([key, entry]) => !(PROFILE_KEYS as readonly string[]).includes(key) || typeof entry !== 'string',
  );
  if (!wrong) return value;
  throw new CliError(`The profile holds '${wrong[0]}', which is no setting, or no text.`, {
    where: file,
    details: [`settings: ${PROFILE_KEYS.join(', ')}`],
    next,
  });
}

async function requirePrivate(file: string): Promise<void> {
  const { mode } = await stat(file);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new CliError('The profile holds an API key, and others on this machine may read it.', {
    where: file,
    next: `Run \`chmod 600 ${file}\`, and replace the key if others had the chance.`,
    exitCode: ExitCode.noAccess,
  });
}
