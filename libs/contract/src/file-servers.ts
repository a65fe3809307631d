/** File servers: shared folders that nodes of clusters and pools mount. */
import type { Place, PlaceKey } from './places';

/** A Blob container, mounted by blobfuse. */
export interface BlobContainerSource {
  container: string;
  /** Of another storage account; default: that of this deployment. */
  accountName?: string;
  /** Make the container when there is none; of this deployment's account only. */
  create?: boolean;
  /** Address of the key, or of a SAS, of another account. */
  keyVaultSecret?: string;
}

/** A share of Azure Files. Its account's key always comes from a vault. */
export interface AzureFilesSource {
  /** `https://{account}.file.core.windows.net/{share}`. */
  shareUrl: string;
  keyVaultSecret: string;
}

export interface NfsSource {
  /** `host:/export`. */
  source: string;
}

/** What a file server stands for: exactly one of the kinds. Holds no secret. */
export interface FileServerSource {
  blobContainer?: BlobContainerSource;
  azureFiles?: AzureFilesSource;
  nfs?: NfsSource;
  /** Of every mount that names none of its own. */
  mountOptions?: string;
}

/** A file server as it is stored. */
export type FileServer = Place & FileServerSource;

export interface FileServerKey {
  workspace: string;
  fileServer: string;
}

/** A file server on the nodes of a pool, below `AZ_BATCH_NODE_MOUNTS_DIR`. */
export interface MountSpec {
  /** Of the same workspace. */
  fileServer: string;
  path: string;
  options?: string;
}

/** Azure Batch, "Quotas and limits": mounts per node. */
export const MAX_MOUNTS = 10;

export function fileServerPlace({ workspace, fileServer }: FileServerKey): PlaceKey {
  return { kind: 'fileServer', scope: [workspace], name: fileServer };
}

/** Which workspace a container was made for. Stays as long as the container does, which Windrow never deletes. */
export function containerOwner(container: string) {
  return { kind: 'containerOwner', scope: [], name: container };
}

/** The account of `https://{account}.file.{suffix}/{share}`; undefined when the URL is none of a share. */
export function shareAccount(shareUrl: string): string | undefined {
  return /^https:\/\/([a-z0-9]{3,24})\.file\.[a-z0-9.-]+\/[a-z0-9](?:-?[a-z0-9]){2,62}$/.exec(shareUrl)?.[1];
}
