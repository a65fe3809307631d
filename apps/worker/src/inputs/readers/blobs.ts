import picomatch from 'picomatch';
import type { BlobsInput } from '@windrow/contract';
import type { BlobInfo, BlobStore } from '@windrow/storage';
import { InvalidInputError, asInputError } from '../errors';
import { CHUNK, itemOf } from '../item';
import type { Item } from '../item';
import { inputPath } from './blob-path';

/**
 * Lists blobs; each becomes an item `{container, name, etag, bytes, path}` and the download that brings it to `path`.
 * @throws InvalidInputError `ContainerNotFound`, `InvalidPattern`
 */
export async function* readBlobs(input: BlobsInput, blobs: BlobStore): AsyncGenerator<Item[]> {
  const { container, prefix } = input;
  const wanted = nameFilter(input);
  let chunk: Item[] = [];
  try {
    for await (const blob of blobs.list(container, prefix === undefined ? {} : { prefix })) {
      if (blob.isDirectory || !wanted(blob.name)) continue;
      chunk.push(blobItem(container, blob));
      if (chunk.length === CHUNK) {
        yield chunk;
        chunk = [];
      }
    }
  } catch (error) {
    throw asInputError(error, { path: '$.input.container' });
  }
  if (chunk.length > 0) yield chunk;
}

function blobItem(container: string, { name, etag, bytes, versionId }: BlobInfo): Item {
  const path = inputPath(name);
  const { json, value } = itemOf({ container, name, etag, bytes, path });
  const version = versionId !== undefined && { versionId };
  return { value, json, bytes, download: { container, blob: name, path, etag, ...version } };
}

/** Globs go over the whole blob name; a leading dot is nothing special there. */
export function nameFilter({ include, exclude }: Pick<BlobsInput, 'include' | 'exclude'>): (name: string) => boolean {
  const included = include?.length ? matcher(include, '$.input.include') : () => true;
  const excluded = exclude?.length ? matcher(exclude, '$.input.exclude') : () => false;
  return (name) => included(name) && !excluded(name);
}

function matcher(globs: string[], path: string): (name: string) => boolean {
  const matchers = globs.map((glob, n) => {
    try {
      return picomatch(glob, { dot: true, windows: false });
    } catch (cause) {
      const text = `'${glob}' is not a pattern of blob names. Use *, ** and ?, for example '**/*.txt'.`;
      throw new InvalidInputError('InvalidPattern', text, { path: `${path}[${n}]`, cause });
    }
  });
  return (name) => matchers.some((matches) => matches(name));
}
