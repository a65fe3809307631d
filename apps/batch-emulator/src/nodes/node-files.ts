import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { batchError } from '../errors';
import { leadsInside } from './inside';
import { joinInside } from './node-layout';

export interface NodeFile {
  /** Relative to the directory that was asked about, with `/`. */
  name: string;
  isDirectory: boolean;
  size: number;
  createdMs: number;
  modifiedMs: number;
  /** Octal, `0o100644`. */
  mode: number;
}

/** Files below a directory, sorted by name; `recursive` descends ("File - List From Task"). */
export async function listFiles(root: string, recursive: boolean): Promise<NodeFile[]> {
  const found: NodeFile[] = [];
  const visit = async (directory: string): Promise<void> => {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.sort()) {
      const full = path.join(directory, name);
      // Any of these may find the file gone: tasks and retention remove files while they are listed.
      const entry = await lstat(full).catch(() => undefined);
      const stats = entry?.isSymbolicLink() ? await stat(full).catch(() => undefined) : entry;
      const isHere = !entry?.isSymbolicLink() || (await leadsInside(root, full));
      // Of what lies elsewhere directories have a name here, as mounts do, and no more.
      if (!stats || !(isHere || stats.isDirectory())) continue;
      found.push(describe(path.relative(root, full), stats));
      if (recursive && stats.isDirectory() && isHere) await visit(full);
    }
  };
  await visit(root);
  return found;
}

/** What is at a path that came from outside; anything that leads out of the directory is simply not there. */
export async function fileAt(root: string, name: string): Promise<NodeFile & { absolute: string }> {
  const absolute = joinInside(root, name);
  const stats = absolute === undefined ? undefined : await stat(absolute).catch(() => undefined);
  if (!stats || absolute === undefined || !(await leadsInside(root, absolute))) throw batchError('FileNotFound');
  return { ...describe(name, stats), absolute };
}

export function openFile(absolute: string, start: number, end: number): Readable {
  return createReadStream(absolute, { start, end });
}

/** "File - Delete": a directory that is not empty only with `recursive`. */
export async function deleteFile(root: string, name: string, recursive: boolean): Promise<void> {
  const file = await fileAt(root, name);
  if (file.absolute === root) throw batchError('FileNotFound');
  if (file.isDirectory && !recursive && (await readdir(file.absolute).catch(() => [])).length > 0) {
    throw batchError('OperationInvalidForCurrentState', { Reason: 'The directory is not empty.' });
  }
  await rm(file.absolute, { recursive: true, force: true });
}

function describe(name: string, stats: Stats): NodeFile {
  return {
    name: name.split(path.sep).join('/'),
    isDirectory: stats.isDirectory(),
    size: stats.size,
    createdMs: stats.birthtimeMs,
    modifiedMs: stats.mtimeMs,
    mode: stats.mode,
  };
}
