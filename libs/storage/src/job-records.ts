import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  idempotencyRecords,
  type JobKey,
  jobNameRecord,
  jobPaths,
  type JobSpec,
  leftoverMarker,
  type RedriveSpec,
  workspaceContainer,
} from '@windrow/contract';
import type { BlobStore } from './blob-store';
import { BlobChangedError, BlobExistsError, ContainerNotFoundError } from './errors';

/** Maps a job's name to what it was created as; the first one to write it owns the name. */
export interface NameRecord {
  uid: string;
  specHash: string;
  createdTime: string;
  /** Its job is being deleted. */
  deleting?: boolean;
}

/** Remembers what a client's `Idempotency-Key` was used for. */
export interface KeyRecord {
  job: string;
  specHash: string;
}

/** The job's files that whoever creates it writes: the specification, the name, the idempotency key. */
export class JobRecords {
  /** Containers that were there; one goes when its workspace is deleted. */
  private readonly ensured = new Set<string>();

  constructor(private readonly blobs: BlobStore) {}

  async find(key: JobKey): Promise<NameRecord | undefined> {
    return this.blobs.readJsonIfPresent(workspaceContainer(key.workspace), jobNameRecord(key.experiment, key.job));
  }

  /** Claims a name; false when somebody else has it. */
  async claim(key: JobKey, record: NameRecord): Promise<boolean> {
    const blob = jobNameRecord(key.experiment, key.job);
    return this.inContainer(key.workspace, () => this.createOnce(key.workspace, blob, record));
  }

  /** From now on nothing can be done with the job. Undefined: there is none. */
  async markDeleting(key: JobKey): Promise<NameRecord | undefined> {
    const container = workspaceContainer(key.workspace);
    const blob = jobNameRecord(key.experiment, key.job);
    for (;;) {
      const version = await this.blobs.properties(container, blob);
      const record = version && (await this.find(key));
      if (!record || record.deleting) return record;
      try {
        await this.blobs.writeJson(container, blob, { ...record, deleting: true }, { ifMatch: version.etag });
        return { ...record, deleting: true };
      } catch (error) {
        if (!(error instanceof BlobChangedError)) throw error;
      }
    }
  }

  async findKey(workspace: string, experiment: string, idempotencyKey: string): Promise<KeyRecord | undefined> {
    return this.blobs.readJsonIfPresent(workspaceContainer(workspace), keyRecord(experiment, idempotencyKey));
  }

  async claimKey(workspace: string, experiment: string, idempotencyKey: string, record: KeyRecord): Promise<boolean> {
    return this.inContainer(workspace, () => this.createOnce(workspace, keyRecord(experiment, idempotencyKey), record));
  }

  async writeSpec(workspace: string, uid: string, spec: JobSpec): Promise<void> {
    await this.inContainer(workspace, () =>
      this.blobs.writeJson(workspaceContainer(workspace), jobPaths(uid).spec, spec),
    );
  }

  async readSpec(workspace: string, uid: string): Promise<JobSpec | undefined> {
    return this.blobs.readJsonIfPresent(workspaceContainer(workspace), jobPaths(uid).spec);
  }

  /** The request of a redrive, under an id of its own. */
  async writeRedrive(workspace: string, uid: string, id: string, redrive: RedriveSpec): Promise<void> {
    await this.blobs.writeJson(workspaceContainer(workspace), jobPaths(uid).redrive(id), redrive);
  }

  /** The plan is whole: tasks can be taken from it. */
  async isPlanned(workspace: string, uid: string): Promise<boolean> {
    return (await this.blobs.properties(workspaceContainer(workspace), jobPaths(uid).plan)) !== undefined;
  }

  /** The marker of what is staged is there, and so is what is staged. */
  async isStaged(workspace: string, uid: string): Promise<boolean> {
    return (await this.blobs.properties(workspaceContainer(workspace), leftoverMarker(uid))) !== undefined;
  }

  async deleteSpec(workspace: string, uid: string): Promise<void> {
    await this.blobs.delete(workspaceContainer(workspace), jobPaths(uid).spec);
  }

  /** The client beneath writes again when an answer is lost: what is there may be ours. */
  private async createOnce(workspace: string, blob: string, value: object): Promise<boolean> {
    const container = workspaceContainer(workspace);
    try {
      await this.blobs.writeJson(container, blob, value, { ifNoneMatch: '*' });
      return true;
    } catch (error) {
      if (!(error instanceof BlobExistsError)) throw error;
      return isDeepStrictEqual(await this.blobs.readJsonIfPresent(container, blob), value);
    }
  }

  /** The first writes of a job: they make the container where need be. */
  private async inContainer<T>(workspace: string, write: () => Promise<T>): Promise<T> {
    await this.ensureContainer(workspace);
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ContainerNotFoundError)) throw error;
      this.ensured.delete(workspaceContainer(workspace));
      await this.ensureContainer(workspace);
      return write();
    }
  }

  private async ensureContainer(workspace: string): Promise<void> {
    const container = workspaceContainer(workspace);
    if (this.ensured.has(container)) return;
    await this.blobs.ensureContainer(container);
    this.ensured.add(container);
  }
}

/** The key itself may be a secret of the client's: only its hash. */
function keyRecord(experiment: string, idempotencyKey: string): string {
  const hash = createHash('sha256').update(idempotencyKey).digest('hex');
  return `${idempotencyRecords(experiment)}${hash}.json`;
}
