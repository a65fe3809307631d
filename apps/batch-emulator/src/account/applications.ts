import { createHash, randomUUID } from 'node:crypto';
import { batchError, invalidProperty } from '../errors';
import type { Journal } from '../store/journal';
import type { Clock } from '../util/clock';
import type { Micros } from '../util/time';
import type { AutoStorage } from './auto-storage';
import { checkZip } from './package-blob';
import { ResourceTable } from './resource-table';

export interface ApplicationPackage {
  version: string;
  state: 'Pending' | 'Active';
  format?: string;
  container: string;
  blob: string;
  activated?: Micros;
  modified: Micros;
}

export interface Application {
  id: string;
  displayName?: string;
  allowUpdates: boolean;
  defaultVersion?: string;
  /** By lower-case version. */
  packages: Readonly<Record<string, ApplicationPackage>>;
  modified: Micros;
}

/** Quotas of the service: applications per account, packages per application. */
const MAX_APPLICATIONS = 200;
const MAX_PACKAGES = 40;

/** Applications of the account and their packages; the packages themselves lie in auto storage. */
export class Applications {
  readonly table: ResourceTable<Application>;

  constructor(
    journal: Journal,
    private readonly clock: Clock,
    private readonly storage: AutoStorage | undefined,
  ) {
    this.table = new ResourceTable('application', journal);
  }

  get(id: string): Application {
    const application = this.table.get(id);
    if (!application) throw batchError('ApplicationNotFound');
    return application;
  }

  /** "Application - Create", which is also how one is replaced. */
  put(id: string, properties: { displayName?: string; allowUpdates?: boolean; defaultVersion?: string }): Application {
    const existing = this.table.get(id);
    if (!existing && this.table.size >= MAX_APPLICATIONS) throw batchError('ApplicationQuotaReached');
    const { displayName, allowUpdates = true, defaultVersion } = properties;
    if (defaultVersion !== undefined) checkDefault(existing, defaultVersion);
    return this.save({
      ...{ id: existing?.id ?? id, allowUpdates, packages: existing?.packages ?? {}, modified: 0 },
      ...(displayName !== undefined && { displayName }),
      ...(defaultVersion !== undefined && { defaultVersion }),
    });
  }

  /** "Application - Delete": only without packages. */
  delete(application: Application): void {
    if (Object.keys(application.packages).length > 0) {
      throw batchError('OperationInvalidForCurrentState', { Reason: 'The application still has packages.' });
    }
    this.table.delete(application.id);
  }

  package(application: Application, version: string): ApplicationPackage {
    const found = application.packages[version.toLowerCase()];
    if (!found) throw batchError('ApplicationPackageNotFound');
    return found;
  }

  /** "Application Package - Create": a place to upload to; a version that is there is made anew if updates are allowed. */
  async addPackage(application: Application, version: string): Promise<ApplicationPackage> {
    const existing = application.packages[version.toLowerCase()];
    if (existing?.state === 'Active' && !application.allowUpdates) throw batchError('ApplicationPackageExists');
    if (!existing && Object.keys(application.packages).length >= MAX_PACKAGES) {
      throw batchError('ApplicationPackageQuotaReached');
    }
    const container = containerOf(application.id);
    const name = application.id.toLowerCase();
    const blob = `${name}-${version.toLowerCase()}-${randomUUID()}`;
    await this.needStorage().ensureContainer(container, Date.now());
    return this.savePackage(application.id, { version, state: 'Pending', container, blob, modified: 0 });
  }

  /** "Application Package - Activate": what was uploaded must be a zip archive. */
  async activate(application: Application, version: string, format: string): Promise<ApplicationPackage> {
    const present = this.package(application, version);
    if (format.toLowerCase() !== 'zip') throw invalidProperty('format', format, "The only format is 'zip'.");
    if (present.state === 'Active' && !application.allowUpdates) throw batchError('ApplicationPackageExists');
    const { container, blob } = present;
    await checkZip(this.needStorage().blobUrl(container, blob, 'r', Date.now(), 600_000));
    return this.savePackage(application.id, { ...present, state: 'Active', format, activated: this.clock.now() });
  }

  /** "Application Package - Delete": with its blob, and not while it is the default version. */
  async deletePackage(application: Application, version: string): Promise<void> {
    const { container, blob } = this.package(application, version);
    if (application.defaultVersion?.toLowerCase() === version.toLowerCase()) {
      throw batchError('OperationInvalidForCurrentState', { Reason: 'The package is the default version.' });
    }
    await this.storage?.deleteBlob(container, blob, Date.now());
    const packages = { ...this.get(application.id).packages };
    delete packages[version.toLowerCase()];
    this.save({ ...this.get(application.id), packages });
  }

  needStorage(): AutoStorage {
    if (!this.storage) throw batchError('AutoStorageNotLinked');
    return this.storage;
  }

  private savePackage(id: string, change: ApplicationPackage): ApplicationPackage {
    // Read again: the application may have changed while storage was asked.
    const application = this.get(id);
    const saved = { ...change, modified: this.clock.now() };
    this.save({ ...application, packages: { ...application.packages, [change.version.toLowerCase()]: saved } });
    return saved;
  }

  private save(application: Application): Application {
    return this.table.set(application.id, { ...application, modified: this.clock.now() });
  }
}

function checkDefault(application: Application | undefined, version: string): void {
  if (application?.packages[version.toLowerCase()]) return;
  throw invalidProperty('defaultVersion', version, 'The application has no package of that version.');
}

/** Container names are short and lower-case, application ids are not: the hash keeps them apart. */
function containerOf(applicationId: string): string {
  const id = applicationId.toLowerCase();
  const plain = id.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return `app-${plain.slice(0, 15)}-${createHash('sha1').update(id).digest('hex')}`.replace('--', '-');
}
