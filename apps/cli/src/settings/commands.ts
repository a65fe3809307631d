import type { Command } from 'commander';
import { define, group, type Session } from '../command';
import type { Context } from '../context';
import { CliError } from '../errors';
import { pairs } from '../output/table';
import { PROFILE_KEYS, type Profile, type ProfileKey, profilePath, readProfile, writeProfile } from './profile';
import { baseUrl, DEFAULT_URL, OUTPUTS } from './settings';

const HIDDEN = '(set; never shown)';

export function addSettings(parent: Command, session: Session): void {
  define(parent, session, 'configure', {
    summary: 'Ask for address, key, workspace and experiment, and keep them',
    examples: ['configure'],
    action: configure,
  });
  const config = group(parent, 'config', 'Commands for what `configure` keeps');
  define(config, session, 'set <setting> [value]', {
    summary: `Keep a setting (${PROFILE_KEYS.join(', ')}); the key is read from standard input`,
    examples: ['config set url https://windrow.example.com', 'config set key < key.txt'],
    action: set,
  });
  define(config, session, 'get [setting]', {
    summary: 'Show what is kept; of the key only whether there is one',
    examples: ['config get', 'config get workspace'],
    action: get,
  });
  define(config, session, 'unset <setting>', {
    summary: 'Forget a setting',
    examples: ['config unset experiment'],
    action: async (context, _options, setting) => {
      const { [known(setting)]: _, ...rest } = await readProfile(profilePath(context.io.env));
      await writeProfile(profilePath(context.io.env), rest);
    },
  });
}

async function configure({ io, out }: Context): Promise<void> {
  const file = profilePath(io.env);
  const profile = await readProfile(file);
  if (!io.stdinIsTTY) {
    throw new CliError('Nobody can be asked here.', { next: '`windrow config set SETTING VALUE` asks nothing.' });
  }
  const answered = async (key: ProfileKey, question: string, fallback = '') => {
    const present = key === 'key' ? (profile.key === undefined ? '' : HIDDEN) : (profile[key] ?? fallback);
    const answer = await io.ask(`${question}${present ? ` [${present}]` : ''}: `, { hidden: key === 'key' });
    return answer === '' ? (profile[key] ?? (fallback || undefined)) : checked(key, answer);
  };
  const next: Profile = {};
  const questions: [ProfileKey, string, string?][] = [
    ['url', 'Address of the API', DEFAULT_URL],
    ['key', 'API key (empty: none; it is not shown)'],
    ['workspace', "Workspace (empty: the API's default)"],
    ['experiment', "Experiment (empty: the API's default)"],
  ];
  for (const [key, question, fallback] of questions) {
    const value = await answered(key, question, fallback);
    if (value !== undefined) next[key] = value;
  }
  await writeProfile(file, { ...profile, ...next });
  out.note(`Kept in ${file}.`);
}

async function set({ io, out }: Context, _options: object, setting: string, value?: string): Promise<void> {
  const key = known(setting);
  if (key === 'key' && value !== undefined) {
    throw new CliError('A key does not belong on a command line, where everybody on this machine can read it.', {
      next: 'Use `windrow config set key < FILE`, or `windrow configure`. And replace the key you have just typed.',
    });
  }
  const given = key === 'key' ? await readKey(io) : value;
  if (given === undefined) throw new CliError(`What is '${key}' to be?`, { next: `windrow config set ${key} VALUE` });
  const file = profilePath(io.env);
  await writeProfile(file, { ...(await readProfile(file)), [key]: checked(key, given) });
  out.note(`Kept in ${file}.`);
}

async function readKey(io: Context['io']): Promise<string> {
  return (io.stdinIsTTY ? await io.ask('API key (not shown): ', { hidden: true }) : await io.readStdin()).trim();
}

async function get({ io, out }: Context, _options: object, setting?: string): Promise<void> {
  const profile = await readProfile(profilePath(io.env));
  const shown: Profile = { ...profile, ...(profile.key === undefined ? {} : { key: HIDDEN }) };
  if (setting === undefined) return out.document(shown, (profile) => pairs(Object.entries(profile)));
  const value = shown[known(setting)];
  if (value !== undefined) io.out.write(`${value}\n`);
}

function known(setting: string): ProfileKey {
  const key = PROFILE_KEYS.find((name) => name === setting);
  if (key) return key;
  throw new CliError(`'${setting}' is no setting.`, { next: `Settings: ${PROFILE_KEYS.join(', ')}.` });
}

/** @throws CliError for what no command could work with */
function checked(key: ProfileKey, value: string): string {
  if (key === 'url') return baseUrl({ value, origin: 'url' });
  if (key === 'output' && !OUTPUTS.some((output) => output === value)) {
    throw new CliError(`'${value}' is no output format.`, { next: `Use one of ${OUTPUTS.join(', ')}.` });
  }
  if (key === 'key' && !/^[\x21-\x7e]+$/.test(value)) {
    throw new CliError('That is no API key: it is empty, or holds characters that no key has.');
  }
  return value;
}
