import { Injectable } from '@nestjs/common';
import { type FileServer, type FileServerKey, fileServerPlace, type FileServerSource } from '@windrow/contract';
import { Catalogue, type PlaceSpec, ResourceMissingError, ResourceStore } from '@windrow/storage';
import { ConflictError, InvalidRequestError, UnprocessableError } from '../common/errors';
import { nameOfKey, sortableName } from '../common/ids';
import { someNames } from '../common/some-names';
import type { TagCondition } from '../http/etags';
import { Containers } from '../places/containers';
import { type CreatedPlace, Places } from '../places/places';
import { Scopes } from '../places/scopes';
import { ApiSettings } from '../settings';
import { sourceErrors } from './source-rules';

export type FileServerSpec = PlaceSpec & FileServerSource;

const PAGE = 1000;

/** File servers are only described here: nodes mount them when their pool is made, and what is on them is never touched. */
@Injectable()
export class FileServersService {
  constructor(
    private readonly places: Places,
    private readonly scopes: Scopes,
    private readonly resources: ResourceStore,
    private readonly catalogue: Catalogue,
    private readonly containers: Containers,
    private readonly settings: ApiSettings,
  ) {}

  /** @throws InvalidRequestError; UnprocessableError ContainerNotFound; ConflictError FileServerExists, ..Deleting, WorkspaceQuota */
  async create(key: FileServerKey, spec: FileServerSpec, ifMatch?: TagCondition): Promise<CreatedPlace<FileServer>> {
    const errors = sourceErrors(spec, this.settings.deployment.keyVaults ?? []);
    if (errors.length > 0) throw new InvalidRequestError(errors);
    await this.scopes.openWorkspace(key.workspace);
    const place = fileServerPlace(key);
    const known = await this.places.find<FileServer>(place);
    // Before it is written, so that what is there can be mounted; whoever asks again after a crash does it again.
    if (!known) await this.provide(key.workspace, spec);
    const made = await this.places.create<FileServer>(place, spec, ifMatch);
    if (made.created) await this.withinQuota(key);
    return made;
  }

  /** Counted when it is there: of two at once that are one too many, at least one finds itself so, and goes again. */
  private async withinQuota(key: FileServerKey): Promise<void> {
    const { storageLinks } = await this.scopes.quotasOf(key.workspace);
    if (storageLinks === undefined) return;
    const place = fileServerPlace(key);
    if ((await this.places.count(place)) <= storageLinks) return;
    await this.resources.delete(place);
    const message = `Workspace '${key.workspace}' has all of its ${storageLinks} storage links. Delete a file server, or ask an administrator for a higher quota.`;
    throw new ConflictError('WorkspaceQuota', message, { storageLinks: String(storageLinks) });
  }

  /** Names it; the same idempotency key always gives the same name. */
  createUnnamed(workspace: string, spec: FileServerSpec, idempotencyKey?: string): Promise<CreatedPlace<FileServer>> {
    const fileServer = idempotencyKey === undefined ? sortableName(Date.now(), 'f') : nameOfKey('f', idempotencyKey);
    return this.create({ workspace, fileServer }, spec);
  }

  /**
   * Marked first, so that no cluster is made with it any more; the mark is taken back when one has it. False: there was
   * none. @throws ConflictError FileServerInUse; PreconditionFailedError
   */
  async delete(key: FileServerKey, ifMatch?: TagCondition): Promise<boolean> {
    const place = fileServerPlace(key);
    if (!ifMatch && !(await this.places.find(place))) return false;
    await this.places.markDeleting(place, ifMatch);
    const clusters = await this.users(key);
    if (clusters.length === 0) return this.resources.delete(place);
    await this.unmark(key);
    const message = `File server '${key.fileServer}' is mounted by ${clusters.length === 1 ? 'cluster' : 'clusters'} ${someNames(clusters)}. Delete those first.`;
    throw new ConflictError('FileServerInUse', message, { clusters: clusters.join(',') });
  }

  private async provide(workspace: string, { blobContainer }: FileServerSource): Promise<void> {
    if (!blobContainer || blobContainer.accountName !== undefined) return;
    const { container, create = false } = blobContainer;
    const path = '$.blobContainer.container';
    if (create) {
      if (await this.containers.make(container, workspace)) return;
      const message = `names a container that cannot be made: '${container}' is taken. Choose another name`;
      throw new UnprocessableError([{ path, code: 'ContainerTaken', message }]);
    }
    if (await this.containers.isThere(container, workspace)) return;
    const message = `names no container of the storage account: '${container}'. Create it, or give create: true`;
    throw new UnprocessableError([{ path, code: 'ContainerNotFound', message }]);
  }

  /** Clusters whose nodes mount it. */
  private async users({ workspace, fileServer }: FileServerKey): Promise<string[]> {
    const names: string[] = [];
    let token = {};
    do {
      const page = await this.catalogue.listClusters({ workspace, pageSize: PAGE, ...token });
      const using = page.rows.filter(
        ({ template, state }) =>
          state !== 'deleted' && template.mounts?.some((mount) => mount.fileServer === fileServer),
      );
      names.push(...using.map(({ cluster }) => cluster));
      token = page.nextPageToken === undefined ? {} : { pageToken: page.nextPageToken };
    } while ('pageToken' in token);
    return names;
  }

  private async unmark(key: FileServerKey): Promise<void> {
    try {
      await this.resources.change<FileServer>(fileServerPlace(key), (server) => ({
        ...server,
        provisioningState: 'succeeded',
      }));
    } catch (error) {
      if (!(error instanceof ResourceMissingError)) throw error;
    }
  }
}
