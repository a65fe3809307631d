import { Injectable } from '@nestjs/common';
import { containerOwner, isVisibleContainer } from '@windrow/contract';
import { BlobStore, ResourceStore } from '@windrow/storage';

interface Owner {
  workspace: string;
}

/**
 * Containers as a workspace sees them. One that Windrow made for a workspace is of that workspace alone; what others made
 * in the storage account is shared by all workspaces.
 */
@Injectable()
export class Containers {
  constructor(
    private readonly blobs: BlobStore,
    private readonly resources: ResourceStore,
  ) {}

  /** Whether there is one of this name, for this workspace: those of others, and Windrow's own, are not there for it. */
  async isThere(container: string, workspace: string): Promise<boolean> {
    if (!isVisibleContainer(container, workspace)) return false;
    const [exists, owner] = await Promise.all([this.blobs.containerExists(container), this.ownerOf(container)]);
    return exists && (owner === undefined || owner === workspace);
  }

  /** Makes it unless it is there; false: the name is taken by another workspace. */
  async make(container: string, workspace: string): Promise<boolean> {
    if (!(await this.blobs.containerExists(container))) {
      // First, so that there is none without its owner.
      await this.resources.create<Owner>(containerOwner(container), { workspace });
    }
    const owner = await this.ownerOf(container);
    if (owner !== undefined && owner !== workspace) return false;
    await this.blobs.ensureContainer(container);
    return true;
  }

  private async ownerOf(container: string): Promise<string | undefined> {
    return (await this.resources.get<Owner>(containerOwner(container)))?.value.workspace;
  }
}
