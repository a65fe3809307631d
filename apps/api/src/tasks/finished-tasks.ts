import { Injectable } from '@nestjs/common';
import {
  type JobRow,
  jobPaths,
  type ResultLine,
  type ResultManifest,
  type TaskState,
  workspaceContainer,
} from '@windrow/contract';
import { BlobStore } from '@windrow/storage';
import { decodePageToken, encodePageToken, type PageToken } from '../common/page-token';
import { type LinePlace, readLinePage } from './line-pages';
import { fromResult, tasksList, type TaskPage, type TaskQuery } from './task-item';

interface ResultsToken extends PageToken, LinePlace {
  kind: 'results';
}

/** Tasks of a finished job, from its result files: succeeded first, then failed, then those never tried. */
@Injectable()
export class FinishedTasks {
  constructor(private readonly blobs: BlobStore) {}

  /** Undefined when the job left no manifest. */
  async page(row: JobRow, { state, pageSize, pageToken }: TaskQuery): Promise<TaskPage | undefined> {
    const container = workspaceContainer(row.workspace);
    const manifest = await this.blobs.readJsonIfPresent<ResultManifest>(container, jobPaths(row.uid).manifest);
    if (!manifest) return undefined;
    const list = tasksList(row, state);
    const start = pageToken === undefined ? undefined : decodePageToken(pageToken, list, isResultsToken);
    const files = filesOf(manifest, state);
    const page = await readLinePage(
      this.blobs,
      container,
      files,
      start,
      pageSize,
      (line) => JSON.parse(line) as ResultLine,
    );
    return {
      tasks: page.entries.map(fromResult),
      ...(page.next ? { nextPageToken: encodePageToken({ kind: 'results', ...page.next }, list) } : {}),
    };
  }
}

function filesOf({ files }: ResultManifest, state: TaskState | undefined): string[] {
  if (state === undefined) return [...files.succeeded, ...files.failed, ...files.pending];
  return state === 'active' || state === 'running' ? [] : files[state];
}

function isResultsToken(token: PageToken): token is ResultsToken {
  const { kind, file, offset } = token as Partial<ResultsToken>;
  return kind === 'results' && typeof file === 'string' && Number.isSafeInteger(offset) && Number(offset) >= 0;
}
