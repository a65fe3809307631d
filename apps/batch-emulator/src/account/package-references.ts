import { batchError, invalidProperty } from '../errors';
import type { PackageReference } from '../wire/types';
import type { Application, ApplicationPackage } from './applications';
import type { Account } from './account';

/** "applicationPackageReferences": at most so many per pool. */
const MAX_PER_POOL = 10;

export interface ResolvedPackage {
  application: Application;
  package: ApplicationPackage;
  /** Whether the reference says so by naming no version, or names the version that is the default. */
  isDefault: boolean;
}

/** The package that a reference means at this moment; without a version the application's default. */
export function resolvePackage(account: Account, reference: PackageReference): ResolvedPackage | undefined {
  const application = account.applications.table.get(reference.applicationId);
  const version = reference.version ?? application?.defaultVersion;
  const found = version === undefined ? undefined : application?.packages[version.toLowerCase()];
  if (!application || found?.state !== 'Active') return undefined;
  const isDefault =
    reference.version === undefined || application.defaultVersion?.toLowerCase() === found.version.toLowerCase();
  return { application, package: found, isDefault };
}

/** "Pool - Add", "Task - Add": every reference must lead to an active package. */
export function checkPackageReferences(account: Account, references: readonly PackageReference[] | undefined): void {
  if (!references || references.length === 0) return;
  const bad = references.filter((reference) => !resolvePackage(account, reference));
  if (bad.length === 0) return;
  throw batchError(
    'InvalidApplicationPackageReferences',
    Object.fromEntries(bad.map(({ applicationId, version }) => [applicationId, version ?? 'default version'])),
  );
}

export function checkPoolPackages(account: Account, references: readonly PackageReference[] | undefined): void {
  if (references && references.length > MAX_PER_POOL) {
    throw invalidProperty('applicationPackageReferences', references, `At most ${MAX_PER_POOL} packages per pool.`);
  }
  checkPackageReferences(account, references);
}
