import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockLocation } from './location-lock';

export interface Location {
  root: string;
  /** Lets others have it; one that was made for this run alone is removed. */
  leave: () => Promise<void>;
}

/** Takes a folder for this emulator alone. @throws Error naming the folder that cannot be used */
export function occupy(location: string | undefined): Location {
  const root = location ? path.resolve(location) : mkdtempSync(path.join(tmpdir(), 'batch-emulator-'));
  const unlock = lock(root);
  return {
    root,
    leave: async () => {
      unlock();
      if (!location) await rm(root, { recursive: true, force: true });
    },
  };
}

function lock(root: string): () => void {
  try {
    // What a folder that is new holds is for the owner alone: keys of the account, files of tasks.
    mkdirSync(path.join(root, 'journal'), { recursive: true, mode: 0o700 });
    return lockLocation(root);
  } catch (error) {
    throw new Error(`--location ${root} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
