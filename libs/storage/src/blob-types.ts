export interface BlobProperties {
  bytes: number;
  /** Always with its quotes, as `If-Match` wants it. */
  etag: string;
  /** Where the account keeps versions, and as far as the service tells: a listing need not. */
  versionId?: string;
  lastModified: Date;
  contentType?: string;
}

export interface BlobInfo extends Omit<BlobProperties, 'contentType'> {
  name: string;
  /** A directory of an account with hierarchical namespace, which is listed as an empty blob. */
  isDirectory: boolean;
  metadata?: Record<string, string>;
}

export interface ReadOptions {
  /** First byte to read. */
  offset?: number;
  /** How many bytes to read (default: all that follow). */
  count?: number;
  /** Fail with {@link BlobChangedError} unless the blob still has this etag. */
  ifMatch?: string;
}

export interface WriteOptions {
  /** `*`: fail with {@link BlobExistsError} when there is a blob already. */
  ifNoneMatch?: '*';
  /** Fail with {@link BlobChangedError} unless the blob still has this etag. */
  ifMatch?: string;
  contentType?: string;
  /** ASCII values by names without capitals. */
  metadata?: Record<string, string>;
}
