import type { BlobStore } from '@windrow/storage';
import type { Download, JobSpec, PlannedTask, ProgramSource, SourceSnapshot } from '@windrow/contract';
export class InvalidInputError extends Error {
  code: string;
  path?: string;
  constructor(f: { code: string; path?: string; message: string }) {
    super(f.message);
    this.code = f.code;
    if (f.path) this.path = f.path;
  }
}
export declare function resolveProgram(sources: ProgramSource[], blobs: BlobStore, path?: string): Promise<Download[]>;
export declare function planJobTasks(
  spec: JobSpec,
  ctx: {
    blobs: BlobStore;
    container: string;
    uid: string;
    signal: AbortSignal;
    stageItems: boolean;
    progress: () => void;
  },
): { tasks: AsyncIterable<PlannedTask>; sources: () => SourceSnapshot[] };
