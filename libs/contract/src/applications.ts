/** Applications of a workspace: programs in versions, which Batch brings to nodes as application packages. */
import type { Place, PlaceKey } from './places';

export interface ApplicationKey {
  workspace: string;
  application: string;
}

export interface ApplicationVersionKey extends ApplicationKey {
  version: string;
}

/** An application as it is stored. */
export interface Application extends Place {
  /** Its id among the applications of the Batch account, which all workspaces share. */
  batchApplication: string;
  /** What jobs get that name no version. */
  defaultVersion?: string;
}

/** `pending`: its package may be uploaded; `active`: jobs may name it, and it never changes. */
export const VERSION_STATES = ['pending', 'active'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** A version as it is stored. Its upload link never is. */
export interface ApplicationVersion {
  /** As it was written first; Batch takes no notice of case. */
  version: string;
  state: VersionState;
  createdTime: string;
  activatedTime?: string;
}

/** A package that Batch brings to nodes, as it was found when the job was planned, or its pool made. */
export interface ProgramPackage {
  /** Of the Batch account. */
  applicationId: string;
  version?: string;
  /** Of the workspace: variables by which commands find it, beside the one that Batch sets. */
  variables?: string[];
}

/** Begins the ids of all workspaces' applications; jobs cannot name such an id themselves. */
const OWN_PREFIX = 'windrow_';
const PACKAGE_VARIABLE = 'AZ_BATCH_APP_PACKAGE';

export function applicationPlace({ workspace, application }: ApplicationKey): PlaceKey {
  return { kind: 'application', scope: [workspace], name: application };
}

export function versionPlace({ workspace, application, version }: ApplicationVersionKey) {
  return { kind: 'applicationVersion', scope: [workspace, application], name: version.toLowerCase() };
}

/**
 * The id in the Batch account: at most 64 letters, digits, - and _ (Batch management, "Application - Create"). The
 * digest is of installation, workspace and application: Batch takes no notice of case, and cuts keep nothing apart.
 * @param digest at least 12 hexadecimal digits
 */
export function batchApplicationId({ workspace, application }: ApplicationKey, digest: string): string {
  return `${OWN_PREFIX}${workspace.slice(0, 20)}_${application.slice(0, 20)}_${digest.slice(0, 12)}`;
}

/** Whether it is, or could be, an application of some workspace. */
export function isWorkspaceApplication(applicationId: string): boolean {
  return applicationId.toLowerCase().startsWith(OWN_PREFIX);
}

/** The variable that names a package's folder on Linux nodes (Azure Batch, "Deploy applications"). */
export function packageVariable(application: string, version?: string): string {
  const parts = [PACKAGE_VARIABLE, application, ...(version === undefined ? [] : [version])];
  return parts.join('_').replace(/[.\-#]/g, '_');
}

/** The variables that a command of the workspace finds a package by, as if it were the account's own. */
export function packageVariables(
  { application, version }: Omit<ApplicationVersionKey, 'workspace'>,
  isDefault: boolean,
): string[] {
  return [packageVariable(application, version), ...(isDefault ? [packageVariable(application)] : [])];
}
