import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEFAULT_PORT, WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from './constants';
import type { Tls } from './http/server';
import type { EmulatorOptions } from './options';
import { UsageError } from './usage-error';

export interface CommandLineOptions extends EmulatorOptions {
  command: 'serve' | 'env' | 'help' | 'version';
  host: string;
  port: number;
  account: string;
  accountKey: string;
  timeScale: number;
  quiet: boolean;
}

/** The few variables that commands inherit: enough to find programs, never a secret. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER'] as const;

export function inheritedEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = environment[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Above this the timers of Node are too coarse for anything to happen in order. */
const MAX_TIME_SCALE = 100_000;

/** Options with a value; each may be given as a variable as well: `--account-key` as EMULATOR_ACCOUNT_KEY. */
const VALUES = [
  'host',
  'port',
  'location',
  'account',
  'account-key',
  'subscription',
  'resource-group',
  'region',
  'storage',
  'bearer',
  'cert',
  'key',
  'events',
  'activity-log',
  'pool-quota',
  'job-quota',
  'dedicated-core-quota',
  'low-priority-core-quota',
  'time-scale',
  'mounts',
  'container-engine',
  'admin-port',
  'scenario',
] as const;
type ValueName = (typeof VALUES)[number];

const FLAGS = ['admin', 'quiet', 'version', 'help'] as const;

/** Every option there is. */
export const OPTION_NAMES: readonly string[] = [...VALUES, ...FLAGS];

/** Options of the command line; what is left out comes from EMULATOR_* variables, then from the defaults. */
export function parseCommandLine(args: string[], environment: NodeJS.ProcessEnv = process.env): CommandLineOptions {
  const { values, positionals } = parse(args);
  const [command = 'serve', ...others] = positionals;
  if (command !== 'serve' && command !== 'env') {
    throw new UsageError(`Unknown command '${command}'; there is 'env', and none to start the emulator.`);
  }
  if (others.length > 0) throw new UsageError(`'${others.join(' ')}' is neither an option nor a command.`);
  const value = (name: ValueName): string | undefined => {
    const given = values[name];
    if (typeof given === 'string') return given;
    const variable = environment[`EMULATOR_${name.replaceAll('-', '_').toUpperCase()}`];
    return variable === '' ? undefined : variable;
  };
  return {
    command: values['help'] ? 'help' : values['version'] ? 'version' : command,
    host: value('host') ?? '127.0.0.1',
    port: integer('port', value('port'), 65_535) ?? DEFAULT_PORT,
    account: accountName(value('account')),
    accountKey: accountKeyOf(value('account-key')),
    timeScale: timeScaleOf(value('time-scale')),
    bearer: bearerMode(value('bearer')),
    quotas: given({
      pools: integer('pool-quota', value('pool-quota')),
      activeJobsAndSchedules: integer('job-quota', value('job-quota')),
      dedicatedCores: integer('dedicated-core-quota', value('dedicated-core-quota')),
      lowPriorityCores: integer('low-priority-core-quota', value('low-priority-core-quota')),
    }),
    admin: values['admin'] === true,
    quiet: values['quiet'] === true,
    ...given({
      location: value('location'),
      mounts: value('mounts'),
      containerEngine: value('container-engine'),
      adminPort: integer('admin-port', value('admin-port'), 65_535),
      scenario: value('scenario'),
      subscription: value('subscription'),
      resourceGroup: value('resource-group'),
      region: value('region'),
      events: value('events'),
      activityLog: value('activity-log'),
      storage: value('storage') ?? environment['AZURE_STORAGE_CONNECTION_STRING'],
      tls: tlsFrom(value('cert'), value('key')),
    }),
  };
}

function parse(args: string[]): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...Object.fromEntries(VALUES.map((name) => [name, { type: 'string' } as const])),
        ...Object.fromEntries(FLAGS.map((name) => [name, { type: 'boolean' } as const])),
      },
    });
  } catch (error) {
    // What follows the first sentence is about passing such a text as a file name.
    const [sentence = ''] = (error as Error).message.split(/(?<=\.) To specify/);
    throw new UsageError(sentence);
  }
}

function integer(name: ValueName, text: string | undefined, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > max) {
    throw new UsageError(`--${name} must be a whole number between 0 and ${max}.`);
  }
  return number;
}

/** As the service has it: the name is part of a host name there. */
function accountName(text = WELL_KNOWN_ACCOUNT): string {
  if (/^[a-z0-9]{3,24}$/.test(text)) return text;
  throw new UsageError('--account must be 3 to 24 lower-case letters and digits.');
}

/** Fewer bytes guard nothing; and Node would leave out what is no base64, other clients would not. */
const MIN_KEY_BYTES = 8;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function accountKeyOf(text = WELL_KNOWN_KEY): string {
  if (BASE64.test(text) && Buffer.from(text, 'base64').length >= MIN_KEY_BYTES) return text;
  throw new UsageError(`--account-key must be base64 of at least ${MIN_KEY_BYTES} bytes.`);
}

function timeScaleOf(text: string | undefined): number {
  const timeScale = Number(text ?? 1);
  if (timeScale > 0 && timeScale <= MAX_TIME_SCALE) return timeScale;
  throw new UsageError(`--time-scale must be above 0 and at most ${MAX_TIME_SCALE}.`);
}

function bearerMode(text: string | undefined): boolean {
  if (text === undefined || text === 'none') return false;
  if (text !== 'any') throw new UsageError("--bearer must be 'any' or 'none'.");
  return true;
}

function tlsFrom(cert: string | undefined, key: string | undefined): Tls | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new UsageError('--cert and --key, both files, go together; the key of the account is --account-key.');
  }
  return { cert: read('cert', cert), key: read('key', key) };
}

function read(name: ValueName, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`--${name} cannot be read: ${(error as Error).message}.`);
  }
}

/** Only what is there: an option that was not given must not hide a default. */
function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
