/** Wire types shared by several resources. Names, spellings and optionality follow the service's 2025-06-01 models. */

export interface NameValuePair {
  name?: string;
  value?: string;
}

export interface MetadataItem {
  name: string;
  value: string;
}

export interface EnvironmentSetting {
  name: string;
  value?: string;
}

/** Exactly one of `httpUrl` (with `filePath`), `storageContainerUrl` and `autoStorageContainerName`. */
export interface ResourceFile {
  httpUrl?: string;
  storageContainerUrl?: string;
  autoStorageContainerName?: string;
  /** Narrows a container to the blobs whose name starts so. */
  blobPrefix?: string;
  /** Below the working directory; the target file of `httpUrl`, the target directory otherwise. */
  filePath?: string;
  /** Octal, Linux only, for example `0755`. */
  fileMode?: string;
}

export interface UserIdentity {
  username?: string;
  autoUser?: { scope?: 'task' | 'pool'; elevationLevel?: 'nonadmin' | 'admin' };
}

export interface FailureInfo {
  category: 'usererror' | 'servererror';
  code?: string;
  message?: string;
  details?: NameValuePair[];
}

/** Query options of a GET of one resource. */
export interface SelectOptions {
  /** Comma-separated list of top-level properties. */
  select?: string;
}

/** Query options of a listing. */
export interface ListOptions extends SelectOptions {
  /** OData expression, for example `state eq 'completed'`. */
  filter?: string;
  /** Resources a page, at most 1000. */
  maxResults?: number;
}

/** One page of a listing, as it is on the wire. */
export interface WireList<T> {
  value?: T[];
  'odata.nextLink'?: string;
}
