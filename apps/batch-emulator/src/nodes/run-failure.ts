import type { FailureInfo, NamedValue } from '../wire/types';

const FAILURES = {
  ApplicationPackageError: ['usererror', 'One of the application packages could not be installed on the node.'],
  BlobNotFound: ['usererror', 'One of the specified Azure Blob(s) is not found.'],
  BlobAccessDenied: ['usererror', 'Access for one of the specified Azure Blob(s) is denied.'],
  BlobDownloadMiscError: [
    'servererror',
    'Miscellaneous error encountered while downloading one of the specified Azure Blob(s).',
  ],
  ResourceDirectoryCreateFailed: ['usererror', 'A directory of the task could not be created.'],
  ResourceFileCreateFailed: ['servererror', 'One of the resource files could not be created.'],
  ResourceFileWriteFailed: ['servererror', 'One of the resource files could not be written.'],
  CommandProgramNotFound: ['usererror', 'The specified command program is not found'],
  CommandLaunchFailed: ['usererror', 'Failed to launch the specified command line'],
  FileUploadContainerNotFound: [
    'usererror',
    'One of the specified Azure container(s) was not found while attempting to upload an output file',
  ],
  FileUploadAccessDenied: ['usererror', 'Access to one of the specified Azure container(s) is denied.'],
  FileUploadMiscError: ['servererror', 'Miscellaneous error encountered while uploading one of the output files'],
  Unknown: ['servererror', 'An unknown error occurred'],
} as const satisfies Record<string, readonly [FailureInfo['category'], string]>;

export type RunFailureCode = keyof typeof FAILURES;

/** Something other than the command itself went wrong with a run ("Task error codes"). */
export class RunFailure extends Error {
  readonly info: FailureInfo;

  constructor(code: RunFailureCode, details: Record<string, string> = {}) {
    const [category, message] = FAILURES[code];
    super(`${code}: ${message}`);
    this.name = 'RunFailure';
    const list: NamedValue[] = Object.entries(details).map(([name, value]) => ({ name, value }));
    this.info = { category, code, message, ...(list.length > 0 && { details: list }) };
  }
}

/** The failure of that code, on order; one that is not in the table counts as the user's. */
export function failureInfoOf(code: string): FailureInfo {
  if (Object.hasOwn(FAILURES, code)) return new RunFailure(code as RunFailureCode).info;
  return { category: 'usererror', code, message: `The task failed on order: ${code}` };
}

/** A SAS must not end up in a message. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*$/s, '');
}
