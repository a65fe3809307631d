import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { OutputFile } from '../wire/types';
import { blobUrl, STORAGE_HEADERS } from './blob-list';
import { expandVariables, findMatches, hasWildcard } from './file-pattern';
import { appendLine } from './inside';
import { RunFailure, withoutQuery } from './run-failure';
import { exchange } from './transfer';

/** Larger files go up in blocks. */
const BLOCK_BYTES = 64 * 1024 * 1024;

export interface UploadContext {
  taskDirectory: string;
  nodeRoot: string;
  environment: Record<string, string>;
  succeeded: boolean;
  signal: AbortSignal;
}

/** Uploads what the task asked for; the first error fails the task, whatever its exit code ("OutputFile"). */
export async function uploadOutputFiles(files: readonly OutputFile[], context: UploadContext): Promise<void> {
  const log = path.join(context.taskDirectory, 'fileuploadout.txt');
  try {
    for (const file of files) {
      if (wanted(file, context.succeeded)) await uploadMatches(file, context, log);
    }
  } catch (error) {
    await appendLine(path.join(context.taskDirectory, 'fileuploaderr.txt'), String(error));
    throw error;
  }
}

function wanted(file: OutputFile, succeeded: boolean): boolean {
  const condition = file.uploadOptions.uploadCondition;
  return condition === 'TaskCompletion' || (condition === 'TaskSuccess') === succeeded;
}

async function uploadMatches(file: OutputFile, context: UploadContext, log: string): Promise<void> {
  const { container } = file.destination;
  if (!container) return;
  const pattern = expandVariables(file.filePattern, context.environment);
  const matches = await findMatches(pattern, path.join(context.taskDirectory, 'wd'), context.nodeRoot);
  const headers = Object.fromEntries((container.uploadHeaders ?? []).map(({ name, value }) => [name, value ?? '']));
  for (const match of matches) {
    const name = blobName(container.path, match.relative, hasWildcard(pattern));
    await uploadFile(match.file, blobUrl(container.containerUrl, name), headers, context.signal);
    await appendLine(log, `${match.file} -> ${name}`);
  }
}

/** Without a wildcard `path` is the blob's name, with one it is the virtual directory of the matches. */
export function blobName(destination: string | undefined, relative: string, wildcard: boolean): string {
  if (destination === undefined || destination === '') return relative;
  return wildcard ? `${destination.replace(/\/$/, '')}/${relative}` : destination;
}

async function uploadFile(
  file: string,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { size } = await stat(file);
  if (size > BLOCK_BYTES) return uploadBlocks(file, size, url, headers, signal);
  const body = size === 0 ? () => Buffer.alloc(0) : () => createReadStream(file, { end: size - 1 });
  await put(url, size, { 'x-ms-blob-type': 'BlockBlob', ...headers }, body, signal);
}

async function uploadBlocks(
  file: string,
  size: number,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const ids: string[] = [];
  const handle = await open(file);
  try {
    for (let start = 0; start < size; start += BLOCK_BYTES) {
      const id = Buffer.from(String(ids.length).padStart(8, '0')).toString('base64');
      const block = Buffer.alloc(Math.min(BLOCK_BYTES, size - start));
      await handle.read(block, 0, block.length, start);
      await put(withQuery(url, { comp: 'block', blockid: id }), block.length, {}, () => block, signal);
      ids.push(id);
    }
  } finally {
    await handle.close();
  }
  const list = Buffer.from(`<BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`);
  await put(withQuery(url, { comp: 'blocklist' }), list.length, headers, () => list, signal);
}

function withQuery(url: string, parameters: Record<string, string>): string {
  const result = new URL(url);
  for (const [name, value] of Object.entries(parameters)) result.searchParams.set(name, value);
  return result.toString();
}

/** One Put Blob, or a part of one. */
export async function put(
  url: string,
  length: number,
  headers: Record<string, string>,
  body: () => Buffer | ReturnType<typeof createReadStream>,
  signal: AbortSignal,
): Promise<void> {
  const details = { BlobTarget: withoutQuery(url) };
  const allHeaders = { ...STORAGE_HEADERS, ...headers, 'Content-Length': String(length) };
  const answer = await exchange(url, { method: 'PUT', headers: allHeaders, body, signal }).catch((error: unknown) => {
    throw new RunFailure('FileUploadMiscError', { ...details, Message: String(error) });
  });
  answer.stream.resume();
  if (answer.status === 201) return;
  const status = { ...details, Status: String(answer.status) };
  if (answer.status === 404) throw new RunFailure('FileUploadContainerNotFound', status);
  throw new RunFailure(answer.status === 403 ? 'FileUploadAccessDenied' : 'FileUploadMiscError', status);
}
