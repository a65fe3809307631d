import { Injectable } from '@nestjs/common';
import {
  type JobKey,
  jobNameRecord,
  jobPaths,
  type JobSpec,
  leftoverMarker,
  type RedriveSpec,
  workspaceContainer,
} from '@windrow/contract';
import { BlobExistsError, BlobStore } from '@windrow/storage';
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

/** Maps a job's name to what it was created as; the first one to write it owns the name. */
export interface NameRecord {
  uid: string;
  specHash: string;
  createdTime: string;
}

/** Remembers what a client's `Idempotency-Key` was used for. */
export interface KeyRecord {
  job: string;
  specHash: string;
}

/** The job's files that the API writes: the specification, the name, the idempotency key. */
@Injectable()
export class JobRecords {
  /** Containers known to exist; they are never deleted while the API runs. */
  private readonly ensured = new Set<string>();

  constructor(private readonly blobs: BlobStore) {}

  async find(key: JobKey): Promise<NameRecord | undefined> {
    return this.blobs.readJsonIfPresent(workspaceContainer(key.workspace), jobNameRecord(key.experiment, key.job));
  }

  /** Claims a name; false when somebody else has it. */
  async claim(key: JobKey, record: NameRecord): Promise<boolean> {
    return this.createOnce(key.workspace, jobNameRecord(key.experiment, key.job), record);
  }

  async findKey(workspace: string, experiment: string, idempotencyKey: string): Promise<KeyRecord | undefined> {
    return this.blobs.readJsonIfPresent(workspaceContainer(workspace), keyRecord(experiment, idempotencyKey));
  }

  async claimKey(workspace: string, experiment: string, idempotencyKey: string, record: KeyRecord): Promise<boolean> {
    await this.ensureContainer(workspace);
    return this.createOnce(workspace, keyRecord(experiment, idempotencyKey), record);
  }

  async writeSpec(workspace: string, uid: string, spec: JobSpec): Promise<void> {
    await this.ensureContainer(workspace);
    await this.blobs.writeJson(workspaceContainer(workspace), jobPaths(uid).spec, spec);
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

  private async ensureContainer(workspace: string): Promise<void> {
    const container = workspaceContainer(workspace);
    if (this.ensured.has(container)) return;
    await this.blobs.ensureContainer(container);
    this.ensured.add(container);
  }
}

/** `~` keeps these apart from the names of experiments. The key itself may be a secret of the client's: only its hash. */
function keyRecord(experiment: string, idempotencyKey: string): string {
  const hash = createHash('sha256').update(idempotencyKey).digest('hex');
  return `names/~keys/${experiment}/${hash}.json`;
}
