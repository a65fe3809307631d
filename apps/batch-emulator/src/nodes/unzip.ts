import { createWriteStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry } from 'yauzl';
import { joinInside } from './node-layout';

const TYPE_MASK = 0o170000;
const DIRECTORY = 0o040000;
const REGULAR = 0o100000;
const MADE_ON_UNIX = 3;
const DEFAULT_MODE = 0o770;

/** Unpacks an archive into a folder. Nothing in it may lead out of the folder: no such paths, no links, no devices. */
export async function unzip(archive: string, folder: string, signal: AbortSignal): Promise<void> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      const target = targetOf(entry, folder);
      if (entry.fileName.endsWith('/')) {
        await mkdir(target, { recursive: true });
        continue;
      }
      await mkdir(path.dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { flags: 'wx' }), { signal });
      await chmod(target, modeOf(entry));
    }
  } finally {
    zip.close();
  }
}

function targetOf(entry: Entry, folder: string): string {
  const type = unixMode(entry) & TYPE_MASK;
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) {
    throw new Error(`The entry '${entry.fileName}' is neither a file nor a directory.`);
  }
  const target = joinInside(folder, entry.fileName);
  if (target === undefined) throw new Error(`The entry '${entry.fileName}' leads out of the package.`);
  return target;
}

function unixMode(entry: Entry): number {
  return entry.versionMadeBy >>> 8 === MADE_ON_UNIX ? entry.externalFileAttributes >>> 16 : 0;
}

function modeOf(entry: Entry): number {
  const mode = unixMode(entry) & 0o777;
  return mode === 0 ? DEFAULT_MODE : mode;
}
