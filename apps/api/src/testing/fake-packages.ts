import {
  type ApplicationManager,
  type ApplicationPackage,
  BatchConflictError,
  BatchNotFoundError,
} from '@windrow/batch';

/** Management of a Batch account's applications, in memory and with its rules. */
export class FakePackages implements ApplicationManager {
  readonly applications = new Map<string, { displayName?: string; packages: Map<string, ApplicationPackage> }>();
  /** Links of packages that something was uploaded to. */
  readonly uploaded = new Set<string>();
  /** Each thrown once, by the next call. */
  failures: Error[] = [];
  private links = 0;

  async put(id: string, { displayName }: { displayName?: string }): Promise<void> {
    this.failOnce();
    const packages = this.applications.get(id)?.packages ?? new Map<string, ApplicationPackage>();
    this.applications.set(id, { ...(displayName !== undefined && { displayName }), packages });
  }

  async delete(id: string): Promise<void> {
    this.failOnce();
    this.applications.delete(id);
  }

  async getPackage(id: string, version: string): Promise<ApplicationPackage | undefined> {
    this.failOnce();
    return this.applications.get(id)?.packages.get(version);
  }

  async putPackage(id: string, version: string): Promise<ApplicationPackage> {
    this.failOnce();
    const application = this.applications.get(id);
    if (!application) throw new BatchNotFoundError('none', { code: 'ApplicationNotFound', status: 404 });
    const storageUrl = `https://blobs.test/${id}/${version}?sig=${++this.links}`;
    const made = { state: 'Pending' as const, storageUrl, storageUrlExpiry: '2026-01-15T13:30:00.000Z' };
    application.packages.set(version, made);
    return made;
  }

  async activatePackage(id: string, version: string): Promise<void> {
    this.failOnce();
    const found = this.applications.get(id)?.packages.get(version);
    if (!found || !this.uploaded.has(found.storageUrl ?? '')) {
      throw new BatchConflictError('nothing there', { code: 'ApplicationPackageBlobNotFound', status: 409 });
    }
    this.applications.get(id)?.packages.set(version, { ...found, state: 'Active' });
  }

  async deletePackage(id: string, version: string): Promise<void> {
    this.failOnce();
    this.applications.get(id)?.packages.delete(version);
  }

  async listPackages(id: string): Promise<string[]> {
    return [...(this.applications.get(id)?.packages.keys() ?? [])];
  }

  private failOnce(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}
