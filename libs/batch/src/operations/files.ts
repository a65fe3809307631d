import { Readable } from 'node:stream';
import type { HttpHeaders, PipelineResponse } from '@azure/core-rest-pipeline';
import { listAll, listQuery } from '../transport/paging';
import type { Transport } from '../transport/transport';
import type { ListOptions } from '../types/common';
import type { BatchNode } from '../types/pool';
import type { BatchNodeFile } from '../types/task';
import { poolPath } from './pools';
import { taskPath } from './tasks';

export interface FileRange {
  /** First byte. */
  offset?: number;
  /** How many bytes (default: all that follow). */
  count?: number;
}

export interface FileFacts {
  /** Length of the whole file, or of the range that was asked for. */
  bytes: number;
  lastModified?: Date;
  isDirectory: boolean;
}

export interface FileContent extends FileFacts {
  stream: Readable;
}

export interface FileOperations {
  /** Files of a task, as long as its node is there. @throws BatchConflictError code `TaskFilesUnavailable`, ... */
  listTaskFiles(jobId: string, taskId: string, options?: { recursive?: boolean }): AsyncIterable<BatchNodeFile>;
  /** @throws BatchNotFoundError; BatchRefusedError code `InvalidRange` when the file ends before `offset` */
  readTaskFile(jobId: string, taskId: string, path: string, range?: FileRange): Promise<FileContent>;
  taskFileProperties(jobId: string, taskId: string, path: string): Promise<FileFacts>;
}

export interface NodeOperations {
  list(poolId: string, options?: ListOptions): AsyncIterable<BatchNode>;
  get(poolId: string, nodeId: string): Promise<BatchNode>;
  /** A file of the node, such as `startup/stderr.txt`. @throws BatchNotFoundError */
  readFile(poolId: string, nodeId: string, path: string, options?: { range?: FileRange }): Promise<Readable>;
}

export function fileOperations(transport: Transport): FileOperations {
  const filePath = (jobId: string, taskId: string, path: string) =>
    // The whole path is one segment: its slashes are encoded too.
    `${taskPath(jobId, taskId)}/files/${encodeURIComponent(path)}`;
  return {
    listTaskFiles: (jobId, taskId, { recursive } = {}) =>
      listAll(transport, {
        operation: 'files.list',
        path: `${taskPath(jobId, taskId)}/files`,
        query: { recursive },
      }),
    readTaskFile: async (jobId, taskId, path, range = {}) => {
      const response = await read(transport, 'files.read', filePath(jobId, taskId, path), range);
      return { ...factsOf(response.headers), stream: streamOf(response) };
    },
    taskFileProperties: async (jobId, taskId, path) => {
      const response = await transport.send({
        operation: 'files.properties',
        method: 'HEAD',
        path: filePath(jobId, taskId, path),
        expect: [200],
      });
      return factsOf(response.headers);
    },
  };
}

export function nodeOperations(transport: Transport): NodeOperations {
  const nodePath = (poolId: string, nodeId: string) => `${poolPath(poolId)}/nodes/${encodeURIComponent(nodeId)}`;
  return {
    list: (poolId, options = {}) =>
      listAll(transport, {
        operation: 'nodes.list',
        path: `${poolPath(poolId)}/nodes`,
        query: listQuery(options),
      }),
    get: (poolId, nodeId) =>
      transport.json({ operation: 'nodes.get', method: 'GET', path: nodePath(poolId, nodeId), expect: [200] }),
    readFile: async (poolId, nodeId, path, { range = {} } = {}) => {
      const target = `${nodePath(poolId, nodeId)}/files/${encodeURIComponent(path)}`;
      return streamOf(await read(transport, 'nodes.readFile', target, range));
    },
  };
}

async function read(
  transport: Transport,
  operation: string,
  path: string,
  { offset, count }: FileRange,
): Promise<PipelineResponse> {
  const headers: Record<string, string> = { Accept: 'application/octet-stream' };
  if (offset !== undefined || count !== undefined) {
    const first = offset ?? 0;
    headers['ocp-range'] = `bytes=${first}-${count === undefined ? '' : first + count - 1}`;
  }
  // The service answers 200 to ranges as well; proxies may know better.
  return transport.send({ operation, method: 'GET', path, headers, expect: [200, 206], stream: true });
}

function factsOf(headers: HttpHeaders): FileFacts {
  const modified = Date.parse(headers.get('last-modified') ?? '');
  return {
    bytes: Number(headers.get('content-length') ?? 0),
    isDirectory: headers.get('ocp-batch-file-isdirectory') === 'true',
    ...(!Number.isNaN(modified) && { lastModified: new Date(modified) }),
  };
}

function streamOf(response: PipelineResponse): Readable {
  return (response.readableStreamBody as Readable | undefined) ?? Readable.from([]);
}
