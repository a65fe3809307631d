import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProcessRegistry } from '../nodes/process-registry';
import { isAbandoned, lockLocation } from './location-lock';

const TEMPORARY = 'batch-emulator-';

export interface Location {
  root: string;
  /** Lets others have it; one that was made for this run alone is removed. */
  leave: () => Promise<void>;
}

/** Takes a folder for this emulator alone. @throws Error of the file system, or of one that has it already */
export function occupy(location: string | undefined): Location {
  sweep(tmpdir());
  const root = location ? path.resolve(location) : mkdtempSync(path.join(tmpdir(), TEMPORARY));
  const unlock = lock(root, location === undefined || location === '');
  return {
    root,
    leave: async () => {
      unlock();
      if (!location) await rm(root, { recursive: true, force: true });
    },
  };
}

/** Ends and removes what emulators that kept nothing left behind when they were killed. */
function sweep(folder: string): void {
  for (const name of namesIn(folder).filter((each) => each.startsWith(TEMPORARY))) {
    const root = path.join(folder, name);
    try {
      const found = lstatSync(root);
      // In a folder that all may write to, somebody else may have planted it.
      if (!found.isDirectory() || found.uid !== process.getuid?.() || !isAbandoned(root)) continue;
      new ProcessRegistry(root).killLeftovers();
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Another start sweeps as well, or it is not to be removed: no reason not to start.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function lock(root: string, isTemporary: boolean): () => void {
  // What a folder that is new holds is for the owner alone: keys of the account, files of tasks.
  mkdirSync(path.join(root, 'journal'), { recursive: true, mode: 0o700 });
  return lockLocation(root, isTemporary);
}
