import { randomUUID } from 'node:crypto';
import { SYSTEM_CONTAINER as CONTAINER } from '@windrow/contract';
import type { BlobStore } from './blob-store';
import { BlobExistsError } from './errors';

const BLOB = 'deployment.json';

/** The id of this installation: made by whoever of its processes comes first, the same for all that share the account. */
export async function deploymentId(blobs: BlobStore): Promise<string> {
  await blobs.ensureContainer(CONTAINER);
  const known = await blobs.readJsonIfPresent<{ id: string }>(CONTAINER, BLOB);
  if (known) return known.id;
  const id = randomUUID();
  try {
    await blobs.writeJson(CONTAINER, BLOB, { id }, { ifNoneMatch: '*' });
    return id;
  } catch (error) {
    if (!(error instanceof BlobExistsError)) throw error;
    return (await blobs.readJson<{ id: string }>(CONTAINER, BLOB)).id;
  }
}
