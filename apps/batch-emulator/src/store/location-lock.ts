import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startTimeOf } from '../nodes/process-tree';

/** One emulator per location; the lock of one that was killed counts for nothing. */
export function lockLocation(location: string): () => void {
  const file = path.join(location, 'emulator.pid');
  const holder = read(file);
  if (holder && holder.pid !== process.pid && holder.startTime === startTimeOf(holder.pid)) {
    throw new Error(
      `${location} is in use by the emulator with process id ${holder.pid}. End that one, or choose another --location.`,
    );
  }
  writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) }));
  return () => rmSync(file, { force: true });
}

function read(file: string): { pid: number; startTime: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; startTime: string };
  } catch {
    return undefined;
  }
}
