import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ResourceFile } from '../wire/types';
import { listBlobs } from './blob-list';
import { makeInside, openPlain, OutsideError } from './inside';
import { joinInside } from './node-layout';
import { RunFailure, withoutQuery } from './run-failure';
import { exchange } from './transfer';

const DEFAULT_MODE = '0770';
const PARALLEL = 8;

interface Download {
  url: string;
  target: string;
  mode: string | undefined;
}

/** Brings resource files into the working directory before the command starts; the first that fails fails the run. */
export async function stageResourceFiles(
  files: readonly ResourceFile[],
  workingDirectory: string,
  signal: AbortSignal,
): Promise<void> {
  const downloads: Download[] = [];
  for (const file of files) downloads.push(...(await resolve(file, signal)));
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < downloads.length; at = next++) {
      const download = downloads[at];
      if (download) await fetchFile(download, workingDirectory, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, downloads.length) }, worker));
}

/** A single blob, or all blobs of a container below a prefix with their structure kept. */
async function resolve(file: ResourceFile, signal: AbortSignal): Promise<Download[]> {
  if (file.httpUrl !== undefined) return [{ url: file.httpUrl, target: file.filePath ?? '', mode: file.fileMode }];
  const container = file.storageContainerUrl;
  if (container === undefined) {
    throw new RunFailure('BlobAccessDenied', { Message: 'The account has no auto-storage container.' });
  }
  const blobs = await listBlobs(container, file.blobPrefix ?? '', signal);
  return blobs.map(({ name, url }) => ({ url, target: path.join(file.filePath ?? '', name), mode: file.fileMode }));
}

async function fetchFile({ url, target, mode }: Download, directory: string, signal: AbortSignal): Promise<void> {
  const place = joinInside(directory, target);
  if (place === undefined || place === directory) {
    throw new RunFailure('ResourceFileCreateFailed', {
      FilePath: target,
      Message: 'The path leaves the working directory.',
    });
  }
  const details = { FilePath: target, BlobSource: withoutQuery(url) };
  const answer = await exchange(url, { method: 'GET', signal }).catch((error: unknown) => {
    throw new RunFailure('BlobDownloadMiscError', { ...details, Message: String(error) });
  });
  if (answer.status !== 200) {
    answer.stream.resume();
    throw new RunFailure(codeFor(answer.status), { ...details, Status: String(answer.status) });
  }
  try {
    makeInside(directory, path.dirname(place));
    const file = await openPlain(place, 'anew');
    await file.chmod(parseInt(mode ?? DEFAULT_MODE, 8));
    await pipeline(answer.stream, file.createWriteStream(), { signal });
  } catch (error) {
    answer.stream.resume();
    throw new RunFailure(error instanceof OutsideError ? 'ResourceFileCreateFailed' : 'ResourceFileWriteFailed', {
      ...details,
      Message: String(error),
    });
  }
}

function codeFor(status: number): 'BlobNotFound' | 'BlobAccessDenied' | 'BlobDownloadMiscError' {
  if (status === 404) return 'BlobNotFound';
  return status === 403 || status === 401 ? 'BlobAccessDenied' : 'BlobDownloadMiscError';
}
