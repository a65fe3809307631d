import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CliError, reasonOf } from '../errors';
import type { Io } from '../io';
import { type Profile, profilePath, readProfile } from './profile';

export const OUTPUTS = ['table', 'json', 'yaml'] as const;
export type OutputFormat = (typeof OUTPUTS)[number];

export const DEFAULT_URL = 'http://127.0.0.1:8080';

/** The flags that every command knows. */
export interface Flags {
  url?: string;
  keyFile?: string;
  workspace?: string;
  experiment?: string;
  output?: string;
  color?: boolean;
}

export interface Settings {
  /** Without a slash at the end and without `/v1`. */
  url: string;
  key?: string;
  /** Absent: the API's default workspace, at the flat paths. */
  workspace?: string;
  experiment?: string;
  output: OutputFormat;
  colour: boolean;
  /** The flags that say where, as they were given: ` -w aero`. A command that is suggested needs them as well. */
  place: string;
}

const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * Each setting from the first of: flag, environment, profile, default. An empty variable counts as not set.
 * @throws CliError that names where the wrong value came from
 */
export async function resolveSettings(flags: Flags, io: Pick<Io, 'env' | 'cwd' | 'out'>): Promise<Settings> {
  const { env } = io;
  const file = profilePath(env);
  const profile = await readProfile(file);
  const pick = (flag: keyof Flags, variable: string, key: keyof Profile): Found | undefined =>
    first(
      [flags[flag], `--${flag}`],
      [env[variable] === '' ? undefined : env[variable], variable],
      [profile[key], `${key} in ${file}`],
    );
  const key = await apiKey(flags, io, profile, file);
  const [workspace, experiment] = [
    pick('workspace', 'WINDROW_WORKSPACE', 'workspace')?.value,
    pick('experiment', 'WINDROW_EXPERIMENT', 'experiment')?.value,
  ];
  return {
    url: baseUrl(pick('url', 'WINDROW_URL', 'url') ?? { value: DEFAULT_URL, origin: 'the default' }),
    ...(key === undefined ? {} : { key }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(experiment === undefined ? {} : { experiment }),
    output: format(pick('output', 'WINDROW_OUTPUT', 'output')),
    colour: flags.color !== false && !env['NO_COLOR'] && env['TERM'] !== 'dumb' && io.out.isTTY,
    place: placeOf(flags),
  };
}

function placeOf({ url, keyFile, workspace, experiment }: Flags): string {
  const given = { '--url': url, '--key-file': keyFile, '-w': workspace, '-e': experiment };
  return Object.entries(given)
    .map(([flag, value]) => (value === undefined ? '' : ` ${flag} ${quoted(value)}`))
    .join('');
}

/** As a POSIX shell reads it. */
function quoted(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

interface Found {
  value: string;
  origin: string;
}

function first(...candidates: [value: string | boolean | undefined, origin: string][]): Found | undefined {
  for (const [value, origin] of candidates) if (typeof value === 'string') return { value, origin };
  return undefined;
}

/** Never from an argument: those are seen by everybody on the machine. */
async function apiKey(flags: Flags, { env, cwd }: Pick<Io, 'env' | 'cwd'>, profile: Profile, file: string) {
  const found = flags.keyFile
    ? { value: await keyFrom(path.resolve(cwd, flags.keyFile)), origin: flags.keyFile }
    : first([env['WINDROW_API_KEY'] || undefined, 'WINDROW_API_KEY'], [profile.key, `key in ${file}`]);
  if (!found) return undefined;
  const value = found.value.trim();
  if (PRINTABLE.test(value)) return value;
  throw new CliError('The API key is empty, or holds characters that no key has.', { where: found.origin });
}

async function keyFrom(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`The key file cannot be read: ${reasonOf(error)}`, { where: `--key-file ${file}` });
  }
}

export function baseUrl({ value, origin }: Found): string {
  const next = 'Give the address of the API, such as https://windrow.example.com or http://127.0.0.1:8080.';
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new CliError(`'${value}' is no URL.`, { where: origin, next });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new CliError(`'${value}' begins with neither http:// nor https://.`, { where: origin, next });
  }
  if (url.username !== '' || url.password !== '') {
    throw new CliError('The URL holds a user or a password; an API key goes into WINDROW_API_KEY.', { where: origin });
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/v1$/, '');
}

function format(found: Found | undefined): OutputFormat {
  if (!found) return 'table';
  const known = OUTPUTS.find((output) => output === found.value);
  if (known) return known;
  throw new CliError(`'${found.value}' is no output format.`, {
    where: found.origin,
    next: `Use one of ${OUTPUTS.join(', ')}.`,
  });
}
