import type { Readable } from 'node:stream';
import type { BatchAccountFacts } from '@windrow/batch';
import type { TaskState } from '@windrow/contract';
import type { SupportedImage } from './supported-images';

/** A task as Batch has it now. */
export interface LiveTask {
  index: number;
  /** The Batch job it is in, that is: its attempt. */
  wave: number;
  state: Exclude<TaskState, 'pending'>;
  exitCode?: number;
  code?: string;
  message?: string;
  startTime?: string;
  endTime?: string;
  node?: string;
  /** Retries that Batch itself made. */
  retries: number;
}

/** A pool, and the nodes it has. */
export interface PoolFacts {
  /** Of ours: where it belongs. */
  workspace?: string;
  vmSize: string;
  dedicated: number;
  spot: number;
}

/** One attempt of one task. */
export interface AttemptKey {
  uid: string;
  wave: number;
  index: number;
}

export interface NodeFile {
  path: string;
  bytes: number;
  lastModified?: string;
}

export interface ByteRange {
  offset: number;
  count: number;
}

/**
 * What the API reads from Azure Batch; it changes nothing there. "Not there (any more)" is undefined.
 * Each method throws DependencyUnavailableError or BatchRefusedRequestError.
 */
export abstract class BatchReader {
  /** Waves whose Batch job is there, the latest first. */
  abstract waves(uid: string): Promise<number[]>;
  abstract task(key: AttemptKey): Promise<LiveTask | undefined>;
  /** Tasks `first` to `last`, both included, as far as the wave has them; undefined when it has no Batch job. */
  abstract range(uid: string, wave: number, first: number, last: number): Promise<LiveTask[] | undefined>;
  abstract page(
    uid: string,
    wave: number,
    state: 'active' | 'running',
    page: { size: number; cursor?: string },
  ): Promise<{ tasks: LiveTask[]; cursor?: string }>;
  abstract files(key: AttemptKey): Promise<NodeFile[] | undefined>;
  abstract file(key: AttemptKey, path: string): Promise<NodeFile | undefined>;
  abstract read(key: AttemptKey, path: string, range: ByteRange): Promise<Readable | undefined>;
  /** Images that pools can be made of. */
  abstract images(): Promise<SupportedImage[]>;
  /** Versions of an application's package that tasks can use; undefined when the account has no such application. */
  abstract applicationVersions(application: string): Promise<string[] | undefined>;
  /** Pools whose set-up has the application, in this version or, where none is given, in any. */
  abstract poolsWithPackage(application: string, version?: string): Promise<string[]>;
  /** All pools of the account. */
  abstract pools(): Promise<PoolFacts[]>;
  /** Batch jobs of the account that are not completed. */
  abstract activeJobs(): Promise<number>;
  /** Undefined where the deployment does not say how its account is managed. */
  abstract account(): Promise<BatchAccountFacts | undefined>;
  /** Whether Batch answers. */
  abstract check(): Promise<void>;
}
