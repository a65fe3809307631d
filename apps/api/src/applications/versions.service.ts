import { Injectable } from '@nestjs/common';
import {
  type Application,
  type ApplicationKey,
  applicationPlace,
  type ApplicationVersion,
  type ApplicationVersionKey,
  versionPlace,
} from '@windrow/contract';
import { ResourceStore, type Stored } from '@windrow/storage';
import { AccountApplications } from '../batch/account-applications';
import { BatchRefusedRequestError, ConflictError, NotFoundError } from '../common/errors';
import { etagOf, type TagCondition } from '../http/etags';
import { Places, refuseDeleting } from '../places/places';
import { Scopes } from '../places/scopes';
import { PackageUsers } from './package-users';

export type StoredVersion = Stored<ApplicationVersion>;

/** Lets its holder write the package. Given to whoever may upload, and kept nowhere. */
export interface Upload {
  uploadUrl: string;
  /** ISO 8601. */
  uploadUrlExpiry?: string;
}

export interface FoundVersion {
  stored: StoredVersion;
  application: Application;
}

export interface CreatedVersion extends FoundVersion {
  created: boolean;
  /** Of a pending one. */
  upload?: Upload;
}

/** Versions of applications: what is said of them here, and packages of the Batch account, which follow. */
@Injectable()
export class VersionsService {
  constructor(
    private readonly places: Places,
    private readonly scopes: Scopes,
    private readonly resources: ResourceStore,
    private readonly account: AccountApplications,
    private readonly users: PackageUsers,
  ) {}

  /** With a link to upload to, while it is pending. @throws NotFoundError; ConflictError ApplicationDeleting */
  async create(key: ApplicationVersionKey, ifMatch?: TagCondition): Promise<CreatedVersion> {
    await this.scopes.openWorkspace(key.workspace);
    const application = await this.open(key);
    const { stored, created } = await this.createOrGet(key, ifMatch);
    const found = { stored, application, created };
    if (stored.value.state === 'active') return found;
    const { storageUrl: uploadUrl, storageUrlExpiry, state } = await this.package(key, application, created);
    // Activated by a request that did not come to its end.
    if (state === 'Active') return { ...found, stored: await this.markActive(key) };
    const expiry = storageUrlExpiry === undefined ? {} : { uploadUrlExpiry: storageUrlExpiry };
    return { ...found, ...(uploadUrl !== undefined && { upload: { uploadUrl, ...expiry } }) };
  }

  /** Again: nothing. @throws NotFoundError; ConflictError PackageNotUploaded, PackageInvalid; PreconditionFailedError */
  async activate(key: ApplicationVersionKey, ifMatch?: TagCondition): Promise<FoundVersion> {
    const application = await this.open(key);
    const stored = await this.find(key);
    ifMatch?.check(stored && etagOf(stored.etag));
    if (!stored) throw missing(key);
    if (stored.value.state === 'active') return { stored, application };
    await this.account.activate(application.batchApplication, stored.value.version);
    return { stored: await this.markActive(key), application };
  }

  /** @throws NotFoundError */
  async get(key: ApplicationVersionKey): Promise<FoundVersion> {
    const { value: application } = await this.places.get<Application>(applicationPlace(key));
    const stored = await this.find(key);
    if (!stored) throw missing(key);
    return { stored, application };
  }

  /** By name. @throws NotFoundError */
  async list(key: ApplicationKey, page: { pageSize: number; pageToken?: string }) {
    const { value: application } = await this.places.get<Application>(applicationPlace(key));
    const { kind, scope } = versionPlace({ ...key, version: '' });
    return { application, ...(await this.resources.list<ApplicationVersion>({ kind, scope }, page)) };
  }

  /** Nothing where there is none. @throws ConflictError VersionIsDefault, ApplicationInUse; PreconditionFailedError */
  async delete(key: ApplicationVersionKey, ifMatch?: TagCondition): Promise<void> {
    const application = (await this.places.find<Application>(applicationPlace(key)))?.value;
    const stored = application && (await this.find(key));
    ifMatch?.check(stored && etagOf(stored.etag));
    if (!stored) return;
    refuseDeleting(applicationPlace(key), application);
    const { version } = stored.value;
    if (application.defaultVersion === version) {
      const message = `Version '${version}' is the default of application '${key.application}'. Make another one the default by PATCH, or none by null.`;
      throw new ConflictError('VersionIsDefault', message);
    }
    const title = `Version '${version}' of application '${key.application}'`;
    await this.users.refuseIfUsed(title, application.batchApplication, version);
    await this.account.deletePackage(application.batchApplication, version);
    await this.resources.delete(versionPlace(key));
  }

  private async createOrGet(
    key: ApplicationVersionKey,
    ifMatch?: TagCondition,
  ): Promise<Pick<CreatedVersion, 'stored' | 'created'>> {
    for (;;) {
      const known = await this.find(key);
      ifMatch?.check(known && etagOf(known.etag));
      if (known) return { stored: known, created: false };
      const value: ApplicationVersion = {
        version: key.version,
        state: 'pending',
        createdTime: new Date().toISOString(),
      };
      const stored = await this.resources.create(versionPlace(key), value);
      if (stored) return { stored, created: true };
    }
  }

  private async package(key: ApplicationVersionKey, application: Application, created: boolean) {
    try {
      return await this.account.package(application, key.version);
    } catch (error) {
      if (created && error instanceof BatchRefusedRequestError) await this.resources.delete(versionPlace(key));
      throw error;
    }
  }

  private markActive(key: ApplicationVersionKey): Promise<StoredVersion> {
    return this.resources.change<ApplicationVersion>(versionPlace(key), (value) => ({
      ...value,
      state: 'active',
      activatedTime: value.activatedTime ?? new Date().toISOString(),
    }));
  }

  private async open(key: ApplicationKey): Promise<Application> {
    const { value } = await this.places.get<Application>(applicationPlace(key));
    refuseDeleting(applicationPlace(key), value);
    return value;
  }

  private find(key: ApplicationVersionKey): Promise<StoredVersion | undefined> {
    return this.resources.get<ApplicationVersion>(versionPlace(key));
  }
}

function missing({ application, version }: ApplicationVersionKey): NotFoundError {
  const message = `There is no version '${version}' of application '${application}'. Create it by PUT, or correct the name.`;
  return new NotFoundError('ApplicationVersionNotFound', message);
}
