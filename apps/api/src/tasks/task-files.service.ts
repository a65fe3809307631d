import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type JobKey, type JobRow, jobPaths, workspaceContainer, attemptOf, waveOf } from '@windrow/contract';
import { BlobStore, ContainerNotFoundError } from '@windrow/storage';
import { type AttemptKey, BatchReader, type ByteRange } from '../batch/batch-reader';
import { NotFoundError } from '../common/errors';
import { JobReader } from '../jobs/job-reader';
import { OUTPUTS } from './file-path';

export interface TaskFile {
  path: string;
  bytes: number;
  lastModified?: string;
  source: 'node' | 'storage';
}

export interface OpenFile {
  file: TaskFile;
  /** Opens the bytes of a range that lies within the file. */
  read(range: ByteRange): Promise<Readable>;
}

export interface TaskKey extends JobKey {
  index: number;
}

const MAX_FILES = 5000;

/** Files of a task: on its node while that is there, else what was kept in Blob storage. */
@Injectable()
export class TaskFilesService {
  constructor(
    private readonly jobs: JobReader,
    private readonly blobs: BlobStore,
    private readonly batch: BatchReader,
  ) {}

  async list(key: TaskKey, attempt?: number): Promise<{ attempt?: number; files: TaskFile[] }> {
    const row = await this.jobs.get(key);
    const kept = () => this.kept(row, jobPaths(row.uid).taskOutputs(key.index), OUTPUTS);
    for (const wave of await this.waves(row, attempt)) {
      const files = await this.batch.files(attemptKey(row, key, wave));
      if (!files) continue;
      return {
        attempt: wave,
        files: [...files.map((file) => ({ ...file, source: 'node' as const })), ...(await kept())],
      };
    }
    const wave = attempt ?? (await this.latestKept(row, key.index));
    const logs =
      wave === undefined ? [] : await this.kept(row, jobPaths(row.uid).taskLogs(key.index, waveOf(wave)), '');
    return { ...(wave === undefined ? {} : { attempt: wave }), files: [...logs, ...(await kept())] };
  }

  /** @throws NotFoundError FileNotFound */
  async open(key: TaskKey, path: string, attempt?: number): Promise<OpenFile> {
    const row = await this.jobs.get(key);
    const found = path.startsWith(OUTPUTS)
      ? await this.openBlob(row, path, `${jobPaths(row.uid).taskOutputs(key.index)}/${path.slice(OUTPUTS.length)}`)
      : ((await this.openOnNode(row, key, path, attempt)) ?? (await this.openLog(row, key, path, attempt)));
    if (found) return found;
    throw new NotFoundError(
      'FileNotFound',
      `Task ${key.index} has no file '${path}': it was not written (yet), or its node is gone and it was not kept.`,
    );
  }

  private async openOnNode(row: JobRow, key: TaskKey, path: string, attempt?: number): Promise<OpenFile | undefined> {
    for (const wave of await this.waves(row, attempt)) {
      const target = attemptKey(row, key, wave);
      const file = await this.batch.file(target, path);
      if (file) return { file: { ...file, source: 'node' }, read: (range) => this.readOnNode(target, path, range) };
    }
    return undefined;
  }

  private async readOnNode(key: AttemptKey, path: string, range: ByteRange): Promise<Readable> {
    const stream = await this.batch.read(key, path, range);
    if (stream) return stream;
    throw new NotFoundError('FileNotFound', `The node with '${path}' is gone; ask again for what was kept.`);
  }

  private async openLog(row: JobRow, key: TaskKey, path: string, attempt?: number): Promise<OpenFile | undefined> {
    const wave = attempt ?? (await this.latestKept(row, key.index));
    if (wave === undefined) return undefined;
    return this.openBlob(row, path, `${jobPaths(row.uid).taskLogs(key.index, waveOf(wave))}/${path}`);
  }

  private async openBlob(row: JobRow, path: string, blob: string): Promise<OpenFile | undefined> {
    const container = workspaceContainer(row.workspace);
    const found = await this.blobs.properties(container, blob);
    if (!found) return undefined;
    const { bytes, lastModified, etag } = found;
    return {
      file: { path, bytes, lastModified: lastModified.toISOString(), source: 'storage' },
      read: (range) => this.blobs.readStream(container, blob, { ...range, ifMatch: etag }),
    };
  }

  private async waves({ uid }: JobRow, attempt: number | undefined): Promise<number[]> {
    return attempt === undefined ? this.batch.waves(uid) : [attempt];
  }

  private async latestKept(row: JobRow, index: number): Promise<number | undefined> {
    const logs = await this.kept(row, jobPaths(row.uid).taskLogs(index, '').replace(/\/$/, ''), '');
    const attempts = logs.map(({ path }) => attemptOf(path.split('/')[0] ?? '') ?? 0);
    return Math.max(0, ...attempts) || undefined;
  }

  private async kept({ workspace }: JobRow, folder: string, shownAs: string): Promise<TaskFile[]> {
    const files: TaskFile[] = [];
    try {
      for await (const blob of this.blobs.list(workspaceContainer(workspace), { prefix: `${folder}/` })) {
        if (blob.isDirectory) continue;
        const path = shownAs + blob.name.slice(folder.length + 1);
        files.push({ path, bytes: blob.bytes, lastModified: blob.lastModified.toISOString(), source: 'storage' });
        if (files.length === MAX_FILES) break;
      }
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
    return files;
  }
}

function attemptKey({ uid }: JobRow, { index }: TaskKey, wave: number): AttemptKey {
  return { uid, wave, index };
}
