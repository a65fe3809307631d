import { MAX_PROGRAM_FILES, isApplication } from '@windrow/contract';
import type { BlobProgram, Download, ProgramSource } from '@windrow/contract';
import type { BlobStore } from '@windrow/storage';
import { InvalidInputError, asInputError } from './errors';
import { isSafePath } from './readers/blob-path';

/**
 * Lists the files of a program as they are now. The prefix names a folder, with or without its last slash, or one
 * blob: `count/` puts `count/lib/a.py` at `lib/a.py`, and `count/count.py` at `count.py`.
 * Application packages are none of its business: Batch brings them.
 * @param path place of `sources` in the specification, for messages
 * @throws InvalidInputError `ContainerNotFound`, `ProgramNotFound`, `TooManyProgramFiles`, `UnsafeName`,
 *   `ConflictingNames`
 */
export async function resolveProgram(
  sources: ProgramSource[],
  blobs: BlobStore,
  path = '$.task.program',
): Promise<Download[]> {
  const files = new Map<string, Download>();
  for (const [n, source] of sources.entries()) {
    if (isApplication(source)) continue;
    const place = `${path}[${n}]`;
    for (const file of await filesOf(source, blobs, place)) {
      const other = files.get(file.path);
      if (other) {
        const text = `'${other.blob}' and '${file.blob}' of the program would both be '${file.path}'. Rename one of them or narrow a prefix.`;
        throw new InvalidInputError('ConflictingNames', text, { path: place });
      }
      files.set(file.path, file);
      if (files.size > MAX_PROGRAM_FILES) throw tooMany(place);
    }
  }
  return [...files.values()];
}

async function filesOf({ container, prefix }: BlobProgram, blobs: BlobStore, path: string): Promise<Download[]> {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const files: Download[] = [];
  try {
    for await (const { name, etag, versionId, isDirectory } of blobs.list(container, { prefix })) {
      const inside = name.startsWith(folder);
      if (isDirectory || name.endsWith('/') || !(inside || name === prefix)) continue;
      const file = inside ? name.slice(folder.length) : name.slice(name.lastIndexOf('/') + 1);
      if (!isSafePath(file) || file === 'items.jsonl') throw unsafe(name, path);
      files.push({ container, blob: name, path: file, etag, ...(versionId !== undefined && { versionId }) });
      // The listing may be endless; the answer is known.
      if (files.length > MAX_PROGRAM_FILES) throw tooMany(path);
    }
  } catch (error) {
    throw asInputError(error, { path: `${path}.container` });
  }
  if (files.length === 0) {
    const text = `Container '${container}' has no blob at '${prefix}', so there is no program to run. Upload it or correct the prefix.`;
    throw new InvalidInputError('ProgramNotFound', text, { path: `${path}.prefix` });
  }
  return files;
}

function unsafe(name: string, path: string): InvalidInputError {
  const text = `The program's blob '${name}' cannot be a file of that name on a node (items.jsonl is the task's own). Rename it.`;
  return new InvalidInputError('UnsafeName', text, { path });
}

function tooMany(path: string): InvalidInputError {
  const text = `The program has more than ${MAX_PROGRAM_FILES} files. Pack it into an archive and unpack that in the command line.`;
  return new InvalidInputError('TooManyProgramFiles', text, { path });
}
