import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startTimeOf } from '../nodes/process-tree';

/** One emulator per location; the lock of one that was killed counts for nothing. */
export function lockLocation(location: string, isTemporary: boolean): () => void {
  const file = path.join(location, 'emulator.pid');
  const holder = read(file);
  if (holder && holder.pid !== process.pid && holder.startTime === startTimeOf(holder.pid)) {
    throw new Error(
      `${location} is in use by the emulator with process id ${holder.pid}. End that one, or choose another --location.`,
    );
  }
  const own = { pid: process.pid, startTime: startTimeOf(process.pid), space: processSpace(), isTemporary };
  writeFileSync(file, JSON.stringify(own));
  return () => rmSync(file, { force: true });
}

/** Whether it was made for one run, whose emulator is known to be gone; one that another container runs cannot be told from here. */
export function isAbandoned(location: string): boolean {
  const holder = read(path.join(location, 'emulator.pid'));
  if (holder?.isTemporary !== true || holder.space === undefined || holder.space !== processSpace()) return false;
  return holder.startTime !== startTimeOf(holder.pid);
}

/** Within it the ids of processes mean something. */
function processSpace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function read(file: string): { pid: number; startTime: string; space?: string; isTemporary?: boolean } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; startTime: string };
  } catch {
    return undefined;
  }
}
