import { Injectable } from '@nestjs/common';
import {
  isTerminal,
  type JobKey,
  type JobRow,
  jobPaths,
  type ResultManifest,
  workspaceContainer,
} from '@windrow/contract';
import { type BlobInfo, BlobStore, ContainerNotFoundError, LinkMinter } from '@windrow/storage';
import { ConflictError, NotFoundError } from '../common/errors';
import { decodePageToken, encodePageToken, type PageToken } from '../common/page-token';
import { JobReader } from '../jobs/job-reader';
import { resumePrefixes } from './resume-prefixes';

export interface OutputQuery {
  task?: number;
  pageSize: number;
  pageToken?: string;
  linkMs: number;
}

export interface OutputBlob {
  task: number;
  /** Below the task's outputs. */
  path: string;
  bytes: number;
  lastModified: string;
  url: string;
}

export interface Artefact {
  name: string;
  bytes: number;
  url: string;
}

export interface JobResults {
  manifest: ResultManifest;
  manifestUrl: string;
  artefacts: Artefact[];
}

interface OutputToken extends PageToken {
  kind: 'outputs';
  /** Last name of the page before, below the job's outputs. */
  after: string;
}

@Injectable()
export class OutputsService {
  constructor(
    private readonly jobs: JobReader,
    private readonly blobs: BlobStore,
    private readonly links: LinkMinter,
  ) {}

  /** Output blobs in the order of tasks, also of a running job. */
  async list(key: JobKey, query: OutputQuery): Promise<{ outputs: OutputBlob[]; nextPageToken?: string }> {
    const row = await this.jobs.get(key);
    const root = jobPaths(row.uid).outputs;
    const list = `${row.uid}/outputs/${query.task ?? ''}`;
    const after =
      query.pageToken === undefined ? undefined : decodePageToken(query.pageToken, list, isOutputToken).after;
    const found: BlobInfo[] = [];
    for (const prefix of prefixes(row, query.task, after)) {
      for await (const blob of this.listed(row, prefix)) {
        if (blob.isDirectory) continue;
        if (after !== undefined && blob.name.slice(root.length) <= after) continue;
        if (found.length === query.pageSize) {
          const last = found.at(-1)?.name.slice(root.length) ?? '';
          const token: OutputToken = { kind: 'outputs', after: last };
          return { outputs: await this.linked(row, found, query.linkMs), nextPageToken: encodePageToken(token, list) };
        }
        found.push(blob);
      }
    }
    return { outputs: await this.linked(row, found, query.linkMs) };
  }

  /** @throws ConflictError JobNotFinished; NotFoundError ResultsNotFound */
  async results(key: JobKey, linkMs: number): Promise<JobResults> {
    const row = await this.jobs.get(key);
    if (!isTerminal(row.state)) {
      throw new ConflictError('JobNotFinished', `Job '${row.job}' is ${row.state}; results come at its end.`, {
        state: row.state,
      });
    }
    const container = workspaceContainer(row.workspace);
    const paths = jobPaths(row.uid);
    const manifest = await this.blobs.readJsonIfPresent<ResultManifest>(container, paths.manifest);
    if (!manifest) {
      throw new NotFoundError('ResultsNotFound', `Job '${row.job}' ended (${row.state}) before it wrote results.`);
    }
    const link = (blob: string) => this.links.blobUrl(container, blob, { read: true }, linkMs);
    const artefacts = await Promise.all(
      manifest.artefacts.map(async ({ name, bytes }) => ({ name, bytes, url: await link(artefactBlob(row, name)) })),
    );
    return { manifest, manifestUrl: await link(paths.manifest), artefacts };
  }

  private async *listed({ workspace }: JobRow, prefix: string): AsyncGenerator<BlobInfo> {
    try {
      yield* this.blobs.list(workspaceContainer(workspace), { prefix });
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
    }
  }

  private async linked(row: JobRow, blobs: BlobInfo[], linkMs: number): Promise<OutputBlob[]> {
    const root = jobPaths(row.uid).outputs;
    return Promise.all(
      blobs.map(async ({ name, bytes, lastModified }) => {
        const [task = '', ...path] = name.slice(root.length).split('/');
        const url = await this.links.blobUrl(workspaceContainer(row.workspace), name, { read: true }, linkMs);
        return { task: Number(task), path: path.join('/'), bytes, lastModified: lastModified.toISOString(), url };
      }),
    );
  }
}

function prefixes({ uid }: JobRow, task: number | undefined, after: string | undefined): string[] {
  const paths = jobPaths(uid);
  if (task !== undefined) return [`${paths.taskOutputs(task)}/`];
  if (after === undefined) return [paths.outputs];
  return resumePrefixes(paths.outputs, after.split('/')[0] ?? '');
}

/** Manifests name artefacts in full, or below `results/`. */
function artefactBlob({ uid }: JobRow, name: string): string {
  const { root, results } = jobPaths(uid);
  return name.startsWith(root) ? name : results + name;
}

function isOutputToken(token: PageToken): token is OutputToken {
  const { kind, after } = token as Partial<OutputToken>;
  return kind === 'outputs' && typeof after === 'string' && /^\d{8}\//.test(after);
}
