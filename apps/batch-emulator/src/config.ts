import { parseArgs } from 'node:util';
import type { Quotas } from './model/quotas';
import { DEFAULT_PORT, WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from './constants';

export interface CommandLineOptions {
  command: 'serve' | 'env' | 'help';
  host: string;
  port: number;
  location: string | undefined;
  account: string;
  key: string;
  timeScale: number;
  quotas: Partial<Quotas>;
  admin: boolean;
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

function quota(name: keyof Quotas, text: string | undefined): Partial<Quotas> {
  if (text === undefined) return {};
  const cores = Number(text);
  if (text.trim() === '' || !Number.isInteger(cores) || cores < 0)
    throw new Error('A core quota must be a whole number from 0 on.');
  return { [name]: cores };
}

/** Options of the command line; what is left out comes from EMULATOR_* variables, then from the defaults. */
export function parseCommandLine(args: string[], environment: NodeJS.ProcessEnv = process.env): CommandLineOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      location: { type: 'string' },
      account: { type: 'string' },
      key: { type: 'string' },
      'time-scale': { type: 'string' },
      'dedicated-core-quota': { type: 'string' },
      'low-priority-core-quota': { type: 'string' },
      admin: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [command = 'serve'] = positionals;
  if (command !== 'serve' && command !== 'env') throw new Error(`Unknown command '${command}'.`);
  const port = Number(values.port ?? environment['EMULATOR_PORT'] ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be between 0 and 65535.');
  const key = values.key ?? environment['EMULATOR_KEY'] ?? WELL_KNOWN_KEY;
  if (Buffer.from(key, 'base64').length === 0) throw new Error('--key must be base64.');
  const timeScale = Number(values['time-scale'] ?? environment['EMULATOR_TIME_SCALE'] ?? 1);
  if (!(timeScale > 0 && timeScale <= MAX_TIME_SCALE)) {
    throw new Error(`--time-scale must be above 0 and at most ${MAX_TIME_SCALE}.`);
  }
  return {
    command: values.help ? 'help' : command,
    host: values.host ?? environment['EMULATOR_HOST'] ?? '127.0.0.1',
    port,
    location: values.location ?? environment['EMULATOR_LOCATION'],
    account: values.account ?? environment['EMULATOR_ACCOUNT'] ?? WELL_KNOWN_ACCOUNT,
    key,
    timeScale,
    quotas: {
      ...quota('dedicatedCores', values['dedicated-core-quota'] ?? environment['EMULATOR_DEDICATED_CORE_QUOTA']),
      ...quota(
        'lowPriorityCores',
        values['low-priority-core-quota'] ?? environment['EMULATOR_LOW_PRIORITY_CORE_QUOTA'],
      ),
    },
    admin: values.admin,
    quiet: values.quiet,
  };
}

export const HELP = `usage: batch-emulator [env] [options]

  --port N        port to listen on; 0 for a free one (default ${DEFAULT_PORT})
  --host NAME     address to listen on (default 127.0.0.1)
  --location DIR  keep state and the files of nodes here (default: nothing is kept)
  --account NAME  account name (default ${WELL_KNOWN_ACCOUNT})
  --key BASE64    account key (default: the well-known development key, which is no secret)
  --time-scale F  emulated time passes F times as fast; real processes keep their speed (default 1)
  --dedicated-core-quota N     cores of dedicated nodes that the account may have (default 1000000)
  --low-priority-core-quota N  the same for low-priority nodes
  --admin         offer /emulator/faults, /emulator/requests and /emulator/processes, without authentication
  --quiet         no log lines

  env             print the shell exports a client needs, and end
`;
