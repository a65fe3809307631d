import { constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { open, realpath, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** What was planted on the way leads out of the directory. */
export class OutsideError extends Error {}

/** Whether the place, links followed, lies in the directory or is it. What is not there lies nowhere. */
export async function leadsInside(root: string, absolute: string): Promise<boolean> {
  try {
    const [base, target] = await Promise.all([realpath(root), realpath(absolute)]);
    return target === base || target.startsWith(base + path.sep);
  } catch {
    return false;
  }
}

/**
 * Makes a directory and those above it, down from the root. Commands may have put links in their places: nothing is made
 * behind one that leads out. At once, because to wait for a thread of Node's pool takes longer than the work.
 */
export function makeInside(root: string, directory: string): void {
  if (isInside(root, directory)) return;
  mkdirSync(root, { recursive: true });
  let at = root;
  for (const part of path.relative(root, directory).split(path.sep)) {
    at = path.join(at, part);
    if (!existsSync(at)) mkdirSync(at);
    if (!isInside(root, at)) throw new OutsideError(`${at} leads out of ${root}`);
  }
}

function isInside(root: string, directory: string): boolean {
  try {
    const [base, target] = [realpathSync.native(root), realpathSync.native(directory)];
    return target === base || target.startsWith(base + path.sep);
  } catch {
    return false;
  }
}

/** Removes what is at a place, unless links have made another place of it. */
export async function removeInside(root: string, target: string): Promise<void> {
  if (await leadsInside(root, path.dirname(target))) await rm(target, { recursive: true, force: true });
}

/** Opens a file for writing, never through a link. */
export function openPlain(file: string, how: 'anew' | 'append'): Promise<FileHandle> {
  const position = how === 'anew' ? constants.O_TRUNC : constants.O_APPEND;
  return open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | position);
}

/** Adds a line to a file of the emulator's own in a directory that commands can write to. */
export async function appendLine(file: string, line: string): Promise<void> {
  const handle = await openPlain(file, 'append');
  try {
    await handle.appendFile(`${line}\n`);
  } finally {
    await handle.close();
  }
}
