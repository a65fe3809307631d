import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '../errors';

export const JOURNAL = '.windrow-download.jsonl';

interface Entry {
  /** Uid of the job and name of the file: the same name of another job is another file. */
  id: string;
  etag: string;
  /** Undefined while it is under way. */
  bytes?: number;
}

/**
 * What a folder has of which files, so that a download that was broken off goes on and one that was done does nothing.
 * One line for each begin and each end; a line that a crash cut is no entry.
 */
export class Journal {
  private constructor(
    private readonly file: string,
    private readonly entries: Map<string, Entry>,
  ) {}

  static async open(folder: string): Promise<Journal> {
    const file = path.join(folder, JOURNAL);
    const entries = new Map<string, Entry>();
    for (const line of (await readIfPresent(file)).split('\n')) {
      const entry = parsed(line);
      if (entry) entries.set(entry.id, entry);
    }
    return new Journal(file, entries);
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  note(entry: Entry): void {
    this.entries.set(entry.id, entry);
    appendFileSync(this.file, `\n${JSON.stringify(entry)}`);
  }
}

async function readIfPresent(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  });
}

function parsed(line: string): Entry | undefined {
  try {
    const value = JSON.parse(line) as Partial<Entry> | null;
    return typeof value?.id === 'string' && typeof value.etag === 'string' ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}
