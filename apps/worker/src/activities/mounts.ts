/** What a pool mounts, as Batch takes it. Secrets are read here and go into that one request, and nowhere else. */
import type { MountConfiguration } from '@windrow/batch';
import type {
  AzureFilesSource,
  BlobContainerSource,
  ClusterInput,
  FileServer,
  MountSpec,
  PoolTemplate,
} from '@windrow/contract';
import { fileServerPlace, shareAccount } from '@windrow/contract';
import type { LinkMinter, ResourceStore } from '@windrow/storage';
import { InvalidInputError } from '../inputs';
import type { SecretReader } from '../secrets';

const DAY_MS = 24 * 3_600_000;
/** A pool of a job's own does not outlive this, see `EPHEMERAL_LIFE_MS`. */
const OWN_POOL_MS = 8 * DAY_MS;
/** Nodes may join a named cluster at any time; its SAS is renewed whenever it grows from nothing. */
const CLUSTER_MS = 365 * DAY_MS;

export interface MountSources {
  resources: Pick<ResourceStore, 'get'>;
  links: Pick<LinkMinter, 'account' | 'containerUrl'>;
  secrets: Pick<SecretReader, 'readOne'>;
}

/**
 * Undefined when the template has no mounts. @throws InvalidInputError `FileServerNotFound`; SecretError; those of
 * storage
 */
export async function mountConfigurations(
  { workspace, ephemeral }: Pick<ClusterInput, 'workspace' | 'ephemeral'>,
  { mounts = [] }: Pick<PoolTemplate, 'mounts'>,
  sources: MountSources,
): Promise<MountConfiguration[] | undefined> {
  if (mounts.length === 0) return undefined;
  const lifeMs = ephemeral ? OWN_POOL_MS : CLUSTER_MS;
  return Promise.all(
    mounts.map(async (mount, n) => {
      const path = `$.pool.mounts[${n}].fileServer`;
      const found = await sources.resources.get<FileServer>(fileServerPlace({ workspace, ...mount }));
      if (!found) {
        const text = `File server '${mount.fileServer}' of workspace '${workspace}' does not exist any more. Create it again, or take it out of the mounts.`;
        throw new InvalidInputError('FileServerNotFound', text, { path });
      }
      return configurationOf(found.value, mount, { ...sources, lifeMs, path });
    }),
  );
}

type Context = MountSources & { lifeMs: number; path: string };

async function configurationOf(
  server: FileServer,
  { path: relativeMountPath, options = server.mountOptions }: MountSpec,
  context: Context,
): Promise<MountConfiguration> {
  const { blobContainer, azureFiles, nfs } = server;
  const mountOptions = options === undefined ? {} : { mountOptions: options };
  if (blobContainer) {
    const blobfuseOptions = options === undefined ? {} : { blobfuseOptions: options };
    const access = await containerAccess(blobContainer, context);
    return { azureBlobFileSystemConfiguration: { ...access, ...blobfuseOptions, relativeMountPath } };
  }
  if (azureFiles) {
    const access = await shareAccess(azureFiles, context);
    return { azureFileShareConfiguration: { ...access, ...mountOptions, relativeMountPath } };
  }
  return { nfsMountConfiguration: { source: nfs!.source, ...mountOptions, relativeMountPath } };
}

/**
 * Of our own account a SAS of this one container: set-up tasks are administrators of their node, and could read the
 * account's key there.
 */
async function containerAccess(source: BlobContainerSource, { links, secrets, lifeMs, path }: Context) {
  const { container: containerName, accountName, keyVaultSecret } = source;
  if (accountName !== undefined) {
    const secret = (await secrets.readOne(path, keyVaultSecret ?? '')).replace(/^\?/, '');
    const isSas = /(?:^|&)sig=/.test(secret);
    return { accountName, containerName, ...(isSas ? { sasKey: secret } : { accountKey: secret }) };
  }
  const rights = { read: true, write: true, create: true, delete: true, list: true };
  const url = await links.containerUrl(containerName, rights, lifeMs);
  return { accountName: links.account, containerName, sasKey: url.slice(url.indexOf('?') + 1) };
}

async function shareAccess({ shareUrl, keyVaultSecret }: AzureFilesSource, { secrets, path }: Context) {
  const accountKey = await secrets.readOne(path, keyVaultSecret);
  return { accountName: shareAccount(shareUrl)!, accountKey, azureFileUrl: shareUrl };
}
