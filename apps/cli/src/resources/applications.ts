import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { define, type Session } from '../command';
import { confirmed } from '../confirm';
import type { Context } from '../context';
import { CliError, reasonOf } from '../errors';
import { ExitCode } from '../exit-codes';
import { collect } from '../http/pages';
import { part } from '../http/scope';
import { limitOf, type LimitOptions, limitOptions, noteMore } from '../jobs/listing';
import { state } from '../output/style';
import { pathOf } from './commands';
import { describe } from './describe';
import type { Kind, Resource } from './kind';

interface Version extends Resource {
  version?: string;
  /** Of a pending one: whoever has it can write the package. Never printed. */
  uploadUrl?: string;
}

/** `versions`, `upload`, `activate` and `delete-version` of applications. */
export function addVersions(applications: Command, session: Session, kind: Kind): void {
  const at = async (context: Context, name: string, version: string) =>
    `${await pathOf(context, kind, name)}/versions/${part(version)}`;
  define<LimitOptions>(applications, session, 'versions <application>', {
    summary: 'List the versions of an application',
    examples: ['applications versions solver'],
    options: limitOptions,
    action: async (context, options, name) => {
      const { api, out } = context;
      const page = await collect<Version>(api, `${await pathOf(context, kind, name)}/versions`, limitOf(options));
      out.document(page, ({ value }) => table(context, value));
      noteMore(context, page);
    },
  });
  define<{ activate: boolean }>(applications, session, 'upload <application> <version> <file>', {
    summary: 'Make a version of a zip archive: upload and activate it',
    examples: ['applications upload solver 1.2 solver.zip', 'applications upload solver 1.3 new.zip --no-activate'],
    options: (command) => command.option('--no-activate', 'leave it pending'),
    action: async (context, { activate }, name, version, file) => {
      const url = await at(context, name, version);
      const archive = await opened(path.resolve(context.io.cwd, file));
      let pending: Version;
      try {
        pending = await uploaded(context, url, archive);
      } finally {
        await archive.close();
      }
      const made = activate ? await activated(context, url) : pending;
      context.out.document(made, describe);
    },
  });
  define(applications, session, 'activate <application> <version>', {
    summary: 'Activate a version that was uploaded',
    examples: ['applications activate solver 1.3'],
    action: async (context, _options, name, version) =>
      context.out.document(await activated(context, await at(context, name, version)), describe),
  });
  define<{ yes?: boolean }>(applications, session, 'delete-version <application> <version>', {
    summary: 'Delete a version of an application',
    examples: ['applications delete-version solver 1.0 --yes'],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    action: async (context, { yes }, name, version) => {
      await confirmed(context, yes, `Delete version '${version}' of application '${name}'?`);
      await context.api.json(await at(context, name, version), { method: 'DELETE' });
      context.out.note(`${version} is deleted.`);
    },
  });
}

function table({ out }: Context, versions: Version[]): string {
  if (versions.length === 0) return 'No versions yet. `windrow applications upload NAME VERSION FILE` makes one.\n';
  return out.table<Version>(
    [
      { title: 'Version', value: ({ version }) => version },
      { title: 'State', value: (row) => row.state, paint: (text) => state(out.style, text) },
      { title: 'Default', value: (row) => (row['isDefault'] === true ? 'yes' : '') },
      { title: 'Created', value: ({ createdTime }) => createdTime },
    ],
    versions,
  );
}

function activated({ api }: Context, url: string): Promise<Version> {
  return api.json<Version>(`${url}:activate`, { method: 'POST', repeatable: true });
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    throw new CliError(`The file cannot be read: ${reasonOf(error)}`, { where: file, exitCode: ExitCode.usage });
  }
}

/** The pending version, without its link. */
async function uploaded({ api }: Context, url: string, archive: FileHandle): Promise<Version> {
  const { uploadUrl, ...pending } = await api.json<Version>(url, { method: 'PUT' });
  if (uploadUrl !== undefined) await send(uploadUrl, archive);
  else {
    throw new CliError('This version is active, and never changes any more.', {
      exitCode: ExitCode.conflict,
      next: 'Upload the file as another version.',
    });
  }
  return pending;
}

/** To storage itself: the API's key is none of its business. Nothing that is told has the link in it. */
async function send(url: string, archive: FileHandle): Promise<void> {
  const trouble = (what: string) =>
    new CliError(`The package was not uploaded: ${new URL(url).host} ${what}.`, {
      exitCode: ExitCode.unavailable,
      next: 'Run the command again.',
    });
  const { size } = await archive.stat();
  const body = Readable.toWeb(archive.createReadStream({ autoClose: false }));
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-length': String(size) };
  const response = await fetch(url, { method: 'PUT', headers, body, duplex: 'half' }).catch(() => {
    throw trouble('does not answer');
  });
  if (!response.ok) throw trouble(`answered ${response.status}`);
}
