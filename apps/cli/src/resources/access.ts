import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { define, group, type Session } from '../command';
import { confirmed } from '../confirm';
import type { Context } from '../context';
import { CliError, reasonOf } from '../errors';
import { ExitCode } from '../exit-codes';
import { collect } from '../http/pages';
import { part } from '../http/scope';
import { limitOf, type LimitOptions, limitOptions, noteMore } from '../jobs/listing';
import { bodyOf, type BodyOptions, bodyOptions } from './commands';
import { describe } from './describe';
import type { Resource } from './kind';

interface CreateOptions extends BodyOptions {
  keyOut?: string;
}

/** Those of a workspace when one is named, else those of the whole installation (for administrators). */
async function keysPath({ scope, settings }: Context): Promise<string> {
  return settings.workspace === undefined ? '/v1/apiKeys' : scope.inWorkspace('apiKeys');
}

export function addAccess(parent: Command, session: Session): void {
  define(parent, session, 'whoami', {
    summary: 'Show who the API takes you for, and your roles',
    examples: ['whoami'],
    action: async ({ api, out }) => out.document(await api.json<Resource>('/v1/me'), describe),
  });
  const keys = group(parent, 'api-keys', 'Commands for API keys');
  define<CreateOptions>(keys, session, 'create', {
    summary: 'Create an API key, which is shown once',
    examples: [
      'api-keys create -w aero --display-name "nightly run" --set role=contributor --key-out ~/.windrow-key',
      'api-keys create --file key.yaml',
    ],
    options: (command) => {
      bodyOptions(command);
      command.option('--key-out <file>', 'write the key into a file that only you may read, instead of printing it');
    },
    action: createKey,
  });
  define<LimitOptions>(keys, session, 'list', {
    summary: 'List API keys; the keys themselves are known to nobody',
    examples: ['api-keys list', 'api-keys list -w aero'],
    options: limitOptions,
    action: async (context, options) => {
      const page = await collect<Resource>(context.api, await keysPath(context), limitOf(options));
      context.out.document(page, ({ value }) =>
        context.out.table<Resource>(
          [
            { title: 'Id', value: (key) => shown(key['id'] ?? key['apiKey']) },
            { title: 'Title', value: (key) => key.displayName },
            { title: 'Created', value: (key) => key.createdTime },
            { title: 'Expires', value: (key) => shown(key['expiresTime']) },
            { title: 'Last used', value: (key) => shown(key['lastUsedTime']) },
          ],
          value,
        ),
      );
      noteMore(context, page);
    },
  });
  define<{ yes?: boolean }>(keys, session, 'delete <id>', {
    summary: 'Revoke an API key at once',
    examples: ['api-keys delete 4f0a --yes'],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    action: async (context, { yes }, id) => {
      await confirmed(context, yes, `Revoke API key '${id}'?`);
      await context.api.json(`${await keysPath(context)}/${part(id)}`, { method: 'DELETE' });
      context.out.note(`${id} is revoked.`);
    },
  });
}

async function createKey(context: Context, options: CreateOptions): Promise<void> {
  const { api, out, io } = context;
  const spec = await bodyOf(context, options);
  let made: Resource;
  try {
    // Not repeated after a lost answer: each request makes a key.
    made = await api.json<Resource>(await keysPath(context), { method: 'POST', body: spec.body });
  } catch (error) {
    throw spec.explain(error);
  }
  if (options.keyOut === undefined) {
    out.document(made, describe);
    return out.note('The key is shown this once. Whoever has it can do what it may: keep it to yourself.');
  }
  const { key, ...rest } = made;
  await saveKey(path.resolve(io.cwd, options.keyOut), shown(key) ?? '');
  out.document(rest, describe);
  out.note(`The key is in ${options.keyOut}: use it with --key-file, or as WINDROW_API_KEY.`);
}

async function saveKey(file: string, key: string): Promise<void> {
  try {
    await writeFile(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
    await chmod(file, 0o600);
  } catch (error) {
    throw new CliError(`The key was made, but cannot be written: ${reasonOf(error)}`, {
      where: file,
      exitCode: ExitCode.local,
      next: 'Revoke it (`windrow api-keys list`, `windrow api-keys delete ID`), and create another one.',
    });
  }
}

function shown(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
