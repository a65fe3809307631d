import type { Call } from '../http/route';
import { filterOf, listBody, byName, pageAfter, predicateOf } from '../http/paging';
import { document, empty, type BatchResponse } from '../http/response';
import { checkConditions } from '../http/conditions';
import { rangeOf } from '../http/range';
import { batchError } from '../errors';
import { fileProperties } from '../filter';
import type { Model } from '../model';
import type { ComputeNode } from '../model/nodes/node';
import { isCleanedUp } from '../model/jobs/retention';
import { leadsInside } from '../nodes/inside';
import { deleteFile, fileAt, listFiles, openFile, type NodeFile } from '../nodes/node-files';
import type { NodeLayout } from '../nodes/node-layout';
import { compact, type JsonObject } from '../util/json';
import { formatHttpDate, formatTime } from '../util/time';

interface Place {
  node: ComputeNode;
  /** Directory on disk. */
  root: string;
  /** URL of the list of files. */
  url: string;
}

type Locate = (call: Call) => Place;

/** "File" operations of the Azure Batch REST reference; tasks and nodes differ only in where their files lie. */
export class FileHandlers {
  constructor(
    private readonly model: Model,
    private readonly layout: NodeLayout,
  ) {}

  /** Files of a task; without its node there are none. */
  readonly ofTask: Locate = ({ request, params }) => {
    const task = this.model.tasks.get(params['jobId'] ?? '', params['taskId'] ?? '');
    const { placement } = task;
    if (!placement) throw batchError('FileNotFound');
    if (isCleanedUp(this.model.world, task)) throw batchError('TaskFilesCleanedup');
    const node = this.model.world.pools.get(placement.poolId.toLowerCase())?.nodes.get(placement.nodeId);
    if (!node) throw batchError('TaskFilesUnavailable');
    return {
      node,
      root: this.layout.task(node, task.job.id, task.id),
      url: `${request.baseUrl}/jobs/${task.job.id}/tasks/${task.id}/files`,
    };
  };

  readonly ofNode: Locate = ({ request, params }) => {
    const pool = this.model.pools.get(params['poolId'] ?? '');
    const node = this.model.nodes.get(pool, params['nodeId'] ?? '');
    return {
      node,
      root: this.layout.nodeRoot(node),
      url: `${request.baseUrl}/pools/${pool.id}/nodes/${node.id}/files`,
    };
  };

  readonly list =
    (locate: Locate) =>
    async (call: Call): Promise<BatchResponse> => {
      const { request } = call;
      const place = locate(call);
      const { root, url } = place;
      const isHome = await this.isHome(place);
      const files = !isHome ? [] : await listFiles(root, request.query.get('recursive') === 'true');
      const matches = predicateOf(request, filterOf(request), fileProperties);
      const page = pageAfter(
        request,
        files.filter(matches),
        byName(({ name }) => name),
      );
      return document(
        'files',
        listBody(request, page, (file) => renderFile(file, url)),
      );
    };

  readonly get =
    (locate: Locate) =>
    async (call: Call): Promise<BatchResponse> => {
      const { file, headers, status } = await this.properties(locate, call);
      if (file.isDirectory) throw batchError('OperationInvalidForCurrentState', { Reason: 'The path is a directory.' });
      const range = rangeOf(call.request, file.size);
      headers['Content-Length'] = String(range.length);
      if (range.contentRange !== undefined) headers['Content-Range'] = range.contentRange;
      if (range.length === 0) return { status, headers };
      return { status, headers, stream: openFile(file.absolute, range.start, range.start + range.length - 1) };
    };

  readonly head =
    (locate: Locate) =>
    async (call: Call): Promise<BatchResponse> => {
      const { file, headers, status } = await this.properties(locate, call);
      return { status, headers: { ...headers, 'Content-Length': String(file.isDirectory ? 0 : file.size) } };
    };

  readonly delete =
    (locate: Locate) =>
    async (call: Call): Promise<BatchResponse> => {
      const place = locate(call);
      const { root } = place;
      if (!(await this.isHome(place))) throw batchError('FileNotFound');
      await deleteFile(root, call.params['filePath'] ?? '', call.request.query.get('recursive') === 'true');
      return empty(200);
    };

  /** Tasks may have put links in the places of directories: those of another place are not theirs. */
  private async isHome({ node, root }: Place): Promise<boolean> {
    const nodeRoot = this.layout.nodeRoot(node);
    return (await leadsInside(this.layout.base, nodeRoot)) && leadsInside(nodeRoot, root);
  }

  private async properties(
    locate: Locate,
    call: Call,
  ): Promise<{ file: NodeFile & { absolute: string }; headers: Record<string, string>; status: number }> {
    const place = locate(call);
    const { root, url } = place;
    if (!(await this.isHome(place))) throw batchError('FileNotFound');
    const name = call.params['filePath'] ?? '';
    const file = await fileAt(root, name);
    checkConditions(call.request, Math.floor(file.modifiedMs * 1000));
    const headers: Record<string, string> = {
      'Content-Type': 'application/octet-stream',
      'Last-Modified': formatHttpDate(file.modifiedMs * 1000),
      'ocp-creation-time': formatHttpDate(file.createdMs * 1000),
      'ocp-batch-file-isdirectory': String(file.isDirectory),
      'ocp-batch-file-url': encodeURIComponent(`${url}/${name}`),
      'ocp-batch-file-mode': octal(file.mode),
    };
    return { file, headers, status: 200 };
  }
}

const octal = (mode: number): string => `0o${mode.toString(8)}`;

/** Directories carry no properties. */
function renderFile(file: NodeFile, url: string): JsonObject {
  return compact({
    name: file.name,
    url: `${url}/${file.name.split('/').map(encodeURIComponent).join('/')}`,
    isDirectory: file.isDirectory,
    properties: file.isDirectory
      ? undefined
      : {
          creationTime: formatTime(Math.floor(file.createdMs * 1000)),
          lastModified: formatTime(Math.floor(file.modifiedMs * 1000)),
          contentLength: file.size,
          contentType: 'application/octet-stream',
          fileMode: octal(file.mode),
        },
  });
}
