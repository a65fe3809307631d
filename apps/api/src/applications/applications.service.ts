import { Injectable } from '@nestjs/common';
import {
  type Application,
  type ApplicationKey,
  applicationPlace,
  type VersionState,
  versionPlace,
} from '@windrow/contract';
import { type PlaceSpec, ResourceStore } from '@windrow/storage';
import { AccountApplications } from '../batch/account-applications';
import { BatchRefusedRequestError, UnprocessableError } from '../common/errors';
import { nameOfKey, sortableName } from '../common/ids';
import type { NoteChange } from '../common/owner-note';
import type { TagCondition } from '../http/etags';
import { PACKAGE_VERSION } from '../http/paths';
import { type CreatedPlace, Places, type StoredPlace } from '../places/places';
import { Scopes } from '../places/scopes';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import { PackageUsers } from './package-users';

export interface ApplicationChange extends NoteChange {
  defaultVersion?: string | null;
}

/**
 * An application is a resource, and an application of the Batch account, which follows; whoever asks again after a
 * crash makes up for it.
 */
@Injectable()
export class ApplicationsService {
  constructor(
    private readonly places: Places,
    private readonly scopes: Scopes,
    private readonly resources: ResourceStore,
    private readonly account: AccountApplications,
    private readonly users: PackageUsers,
    private readonly workflows: WorkflowGateway,
  ) {}

  /** @throws NotConfiguredError; ConflictError ApplicationExists, ..Deleting; BatchRefusedRequestError a quota of Batch */
  async create(key: ApplicationKey, spec: PlaceSpec, ifMatch?: TagCondition): Promise<CreatedPlace<Application>> {
    const batchApplication = await this.account.idOf(key);
    await this.scopes.openWorkspace(key.workspace);
    const made = await this.places.create<Application>(applicationPlace(key), spec, ifMatch, { batchApplication });
    try {
      await this.publish(made.place);
    } catch (error) {
      // Refused for good: nothing is left of it. Else it stays, and asking again goes on.
      if (made.created && error instanceof BatchRefusedRequestError) await this.resources.delete(applicationPlace(key));
      throw error;
    }
    return made;
  }

  /** Names it; the same idempotency key always gives the same name. */
  createUnnamed(workspace: string, spec: PlaceSpec, idempotencyKey?: string): Promise<CreatedPlace<Application>> {
    const application = idempotencyKey === undefined ? sortableName(Date.now(), 'a') : nameOfKey('a', idempotencyKey);
    return this.create({ workspace, application }, spec);
  }

  /** A merge patch. @throws NotFoundError; ConflictError; PreconditionFailedError; UnprocessableError for the version */
  async change(
    key: ApplicationKey,
    { defaultVersion, ...note }: ApplicationChange,
    ifMatch?: TagCondition,
  ): Promise<StoredPlace<Application>> {
    await this.places.get(applicationPlace(key));
    const version = typeof defaultVersion === 'string' ? await this.activeVersion(key, defaultVersion) : undefined;
    const more = () => (defaultVersion === undefined ? {} : ({ defaultVersion: version } as Partial<Application>));
    const changed = await this.places.change<Application>(applicationPlace(key), note, ifMatch, more);
    if (note.displayName !== undefined) await this.publish(changed);
    return changed;
  }

  /**
   * Marked first, then a workflow does the rest; asking again joins it. Undefined: there is none.
   * @throws ConflictError ApplicationInUse; PreconditionFailedError
   */
  async delete(key: ApplicationKey, ifMatch?: TagCondition): Promise<StoredPlace<Application> | undefined> {
    const place = applicationPlace(key);
    const found = await this.places.find<Application>(place);
    if (!found && !ifMatch) return undefined;
    if (found) await this.users.refuseIfUsed(`Application '${key.application}'`, found.value.batchApplication);
    const marked = (await this.places.markDeleting(place, ifMatch)) as StoredPlace<Application>;
    await this.workflows.startDeletion({ kind: 'application', ...key });
    return marked;
  }

  /** As it was written first. */
  private async activeVersion(key: ApplicationKey, version: string): Promise<string> {
    const place = versionPlace({ ...key, version });
    // What is no name cannot be asked for: the store's keys do not hold every character.
    const named = PACKAGE_VERSION.test(version);
    const found = named ? await this.resources.get<{ version: string; state: VersionState }>(place) : undefined;
    if (found?.value.state === 'active') return found.value.version;
    const message = `names no active version of application '${key.application}': '${version}'. Upload and activate it first`;
    throw new UnprocessableError([{ path: '$.defaultVersion', code: 'ApplicationVersionNotFound', message }]);
  }

  private publish({ value: { batchApplication, displayName } }: StoredPlace<Application>): Promise<void> {
    return this.account.put(batchApplication, displayName === undefined ? {} : { displayName });
  }
}
