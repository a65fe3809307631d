/** Which packages Batch is asked to bring to nodes, and how commands find them. */
import type { ApplicationPackageReference } from '@windrow/batch';
import type {
  Application,
  ApplicationReference,
  ApplicationVersion,
  ProgramPackage,
  ProgramSource,
} from '@windrow/contract';
import {
  applicationPlace,
  isApplication,
  isWorkspaceApplication,
  packageVariable,
  packageVariables,
  versionPlace,
} from '@windrow/contract';
import type { ResourceStore } from '@windrow/storage';
import { InvalidInputError } from '../inputs';

/**
 * The packages that a program names, looked for in the workspace first and then in the account. Of the workspace's, a
 * version that is not named is what is the default now.
 * @param path place of `program` in the specification, for messages
 * @throws InvalidInputError `ApplicationNotFound`, `ApplicationVersionNotFound`
 */
export async function resolvePackages(
  workspace: string,
  program: ProgramSource[] = [],
  resources: ResourceStore,
  path: string,
): Promise<ProgramPackage[]> {
  const found = program.map(async (source, n) =>
    isApplication(source) ? [await resolve(workspace, source, resources, `${path}[${n}]`)] : [],
  );
  return (await Promise.all(found)).flat();
}

async function resolve(
  workspace: string,
  reference: ApplicationReference,
  resources: ResourceStore,
  path: string,
): Promise<ProgramPackage> {
  const { application } = reference;
  const own = (await resources.get<Application>(applicationPlace({ workspace, application })))?.value;
  if (!own && !isWorkspaceApplication(application)) return ofAccount(reference);
  if (own?.provisioningState !== 'succeeded') {
    const text = `There is no application '${application}' any more. Create it, or name another.`;
    throw new InvalidInputError('ApplicationNotFound', text, { path: `${path}.application` });
  }
  const version = reference.version ?? own.defaultVersion ?? '';
  const stored =
    version !== '' && (await resources.get<ApplicationVersion>(versionPlace({ workspace, application, version })));
  if (!stored || stored.value.state !== 'active') {
    const text = `Application '${application}' has no active version '${version}'. Upload and activate it, or name another.`;
    throw new InvalidInputError('ApplicationVersionNotFound', text, { path: `${path}.version` });
  }
  const isDefault = reference.version === undefined || own.defaultVersion?.toLowerCase() === version.toLowerCase();
  const variables = packageVariables({ application, version }, isDefault);
  return { applicationId: own.batchApplication, version: stored.value.version, variables };
}

function ofAccount({ application, version }: ApplicationReference): ProgramPackage {
  return { applicationId: application, ...(version !== undefined && { version }) };
}

/** As Batch takes them; undefined for none. */
export function packageReferences(packages: ProgramPackage[]): ApplicationPackageReference[] | undefined {
  if (packages.length === 0) return undefined;
  return packages.map(({ applicationId, version }) => ({ applicationId, ...(version !== undefined && { version }) }));
}

/** What a plan says of packages; of one that was made before it said it, those that the program names in the account. */
export function plannedPackages(
  planned: ProgramPackage[] | undefined,
  program: ProgramSource[] = [],
): ProgramPackage[] {
  return planned ?? program.filter(isApplication).map(ofAccount);
}

/**
 * Steps of a shell that name the packages of a workspace as their owner knows them: Batch's own variables have the
 * account's id in their names. Holds letters, digits and _ only, and double quotes.
 */
export function packageSteps(packages: ProgramPackage[]): string[] {
  return packages.flatMap(({ applicationId, version, variables = [] }) =>
    variables.map((name) => `export ${name}="$${packageVariable(applicationId, version)}"`),
  );
}
