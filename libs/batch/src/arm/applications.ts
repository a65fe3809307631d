/** Applications of a Batch account and their packages, which only management can change (api-version 2023-11-01). */
import type { ChangeReport } from '../config';
import { BatchError, BatchNotFoundError } from '../errors';
import { armRequest } from './request';
import type { ArmConfig, ArmRequest } from './request';

/** A package; its link lets the holder write the package's blob. */
export interface ApplicationPackage {
  state: 'Pending' | 'Active';
  storageUrl?: string;
  /** ISO 8601. */
  storageUrlExpiry?: string;
}

/** Every call may be made twice. Errors are {@link BatchError}s. */
export interface ApplicationManager {
  /** Creates it, or gives it this title. Its packages can be made once, and not be replaced. */
  put(id: string, properties: { displayName?: string }): Promise<void>;
  /** Only without packages; one that is not there is success. @throws BatchConflictError */
  delete(id: string): Promise<void>;
  /** Undefined: there is none. */
  getPackage(id: string, version: string): Promise<ApplicationPackage | undefined>;
  /** A place to upload to. @throws BatchNotFoundError ApplicationNotFound; BatchConflictError when it is active */
  putPackage(id: string, version: string): Promise<ApplicationPackage>;
  /** @throws BatchConflictError when nothing was uploaded, or no zip archive */
  activatePackage(id: string, version: string): Promise<void>;
  /** One that is not there is success. */
  deletePackage(id: string, version: string): Promise<void>;
  /** Versions; none when there is no such application. */
  listPackages(id: string): Promise<string[]>;
}

/** The most that Batch gives at a time; an application has 40 at most (Azure Batch, "Quotas and limits"). */
const PAGE = '1000';

/** `onChange` is told of each call that changes something. It must not throw. */
export function createApplicationManager(
  config: ArmConfig,
  onChange: (report: ChangeReport) => void = () => undefined,
): ApplicationManager {
  const call = async <T>(operation: string, request: Omit<ArmRequest, 'role' | 'doing'>): Promise<T> => {
    const { method, path = '' } = request;
    const report = { operation, method, path, attempts: 1 };
    try {
      const answer = await armRequest<T>(config, { ...request, doing: operation, role: 'Contributor' });
      if (method !== 'GET') onChange({ ...report, status: 200 });
      return answer;
    } catch (error) {
      if (method !== 'GET' && error instanceof BatchError) {
        onChange({ ...report, code: error.code, ...(error.status !== undefined && { status: error.status }) });
      }
      throw error;
    }
  };
  return {
    put: (id, properties) =>
      call('applications.create', {
        method: 'PUT',
        path: pathOf(id),
        body: { properties: { ...properties, allowUpdates: false } },
      }),
    delete: (id) => unlessAbsent(() => call<void>('applications.delete', { method: 'DELETE', path: pathOf(id) })),
    getPackage: async (id, version) => {
      const get = () => call<PackageBody>('packages.get', { method: 'GET', path: pathOf(id, version) });
      return (await unlessAbsent(get))?.properties;
    },
    putPackage: async (id, version) => {
      const path = pathOf(id, version);
      return (await call<PackageBody>('packages.create', { method: 'PUT', path, body: {} })).properties;
    },
    activatePackage: (id, version) =>
      call('packages.activate', { method: 'POST', path: `${pathOf(id, version)}/activate`, body: { format: 'zip' } }),
    deletePackage: (id, version) =>
      unlessAbsent(() => call<void>('packages.delete', { method: 'DELETE', path: pathOf(id, version) })),
    listPackages: async (id) => {
      const path = `${pathOf(id)}/versions`;
      const list = () =>
        call<{ value: { name: string }[] }>('packages.list', { method: 'GET', path, query: { maxresults: PAGE } });
      return ((await unlessAbsent(list))?.value ?? []).map(({ name }) => name);
    },
  };
}

interface PackageBody {
  properties: ApplicationPackage;
}

function pathOf(id: string, version?: string): string {
  const application = `/applications/${encodeURIComponent(id)}`;
  return version === undefined ? application : `${application}/versions/${encodeURIComponent(version)}`;
}

async function unlessAbsent<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof BatchNotFoundError) return undefined;
    throw error;
  }
}
