import type { InputSpec, SourceSnapshot } from '@windrow/contract';
import { BlobNotFoundError, ContainerNotFoundError, Lanes } from '@windrow/storage';
import type { BlobStore } from '@windrow/storage';
import { asInputError } from './errors';
import type { BlobPlace } from './errors';

const LOOKUPS_IN_FLIGHT = 8;

/**
 * Notes which version (etag) of each source blob the job reads; everything is read at that version. For `blobs` the
 * list is empty: those are not read here, and each task's download carries the etag of the listing.
 * @throws InvalidInputError `BlobNotFound`, `ContainerNotFound`
 */
export async function freezeSources(input: InputSpec, blobs: BlobStore): Promise<SourceSnapshot[]> {
  const places = sourcePlaces(input);
  const snapshots: SourceSnapshot[] = [];
  const lanes = new Lanes(LOOKUPS_IN_FLIGHT);
  for (const [n, place] of places.entries()) {
    await lanes.run(async () => {
      snapshots[n] = await freeze(place, blobs);
    });
  }
  await lanes.drain();
  return snapshots;
}

/** The blobs whose content is the input, in reading order, with their place in the specification. */
export function sourcePlaces(input: InputSpec): BlobPlace[] {
  switch (input.kind) {
    case 'rows':
      return input.blobs.map((blob, n) => ({ container: input.container, blob, path: `$.input.blobs[${n}]` }));
    case 'manifest':
      return [{ container: input.container, blob: input.blob, path: '$.input.blob' }];
    default:
      return [];
  }
}

async function freeze({ container, blob, path }: BlobPlace, blobs: BlobStore): Promise<SourceSnapshot> {
  const found = await blobs.properties(container, blob);
  if (found) {
    const { etag, bytes, versionId } = found;
    return { container, blob, etag, bytes, ...(versionId !== undefined && { versionId }) };
  }
  if (await blobs.containerExists(container)) throw asInputError(new BlobNotFoundError(container, blob), { path });
  throw asInputError(new ContainerNotFoundError(container), { path: '$.input.container' });
}
