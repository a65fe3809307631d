import { AzureNamedKeyCredential, TableClient } from '@azure/data-tables';
import { BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob';
import { BlobStore } from './blob-store';
import { Catalogue } from './catalogue';
import { DEFAULT_TABLE } from './config';
import type { StorageConfig } from './config';
import { LinkMinter } from './links';
import { observeBlobs, observeTable } from './observe';
import { ResourceStore } from './resource-store';

export interface Storage {
  blobs: BlobStore;
  links: LinkMinter;
  catalogue: Catalogue;
  resources: ResourceStore;
  /** Nothing is held open today (idle sockets do not keep a process alive); call it all the same. */
  close(): void;
}

/** Builds the clients of one storage account. Connects to nothing by itself. */
export function createStorage(config: StorageConfig): Storage {
  const service = blobService(config);
  const table = tableClient(config);
  return {
    blobs: new BlobStore(service),
    links: new LinkMinter(service, config.auth),
    catalogue: new Catalogue(table),
    resources: new ResourceStore(table),
    close: () => undefined,
  };
}

function blobService({ blobEndpoint, auth, retry, onRequest }: StorageConfig): BlobServiceClient {
  const credential =
    auth.kind === 'sharedKey' ? new StorageSharedKeyCredential(auth.accountName, auth.accountKey) : auth.credential;
  const pipeline = newPipeline(credential, retry ? { retryOptions: { maxTries: retry.maxTries } } : {});
  return new BlobServiceClient(blobEndpoint, onRequest ? observeBlobs(pipeline, onRequest) : pipeline);
}

function tableClient(config: StorageConfig): TableClient {
  const { tableEndpoint, tableName = DEFAULT_TABLE, auth, retry, onRequest } = config;
  const options = {
    // Plain http is for local emulators; tokens are never sent over it.
    allowInsecureConnection: auth.kind === 'sharedKey' && tableEndpoint.startsWith('http:'),
    ...(retry && { retryOptions: { maxRetries: retry.maxTries - 1 } }),
  };
  const client =
    auth.kind === 'sharedKey'
      ? new TableClient(
          tableEndpoint,
          tableName,
          new AzureNamedKeyCredential(auth.accountName, auth.accountKey),
          options,
        )
      : new TableClient(tableEndpoint, tableName, auth.credential, options);
  if (onRequest) observeTable(client, onRequest);
  return client;
}
