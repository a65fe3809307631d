import { batchError } from '../errors';
import { isObject, type Json, type JsonObject } from '../util/json';

/** Versions begin with their date, so that they compare as texts. One superset of the wire models serves all of them. */
export const API_VERSIONS = [
  '2022-10-01.16.0',
  '2023-05-01.17.0',
  '2023-11-01.18.0',
  '2024-02-01.19.0',
  '2024-07-01.20.0',
  '2025-06-01',
] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** The versions that have something: from `since` on, and none from `before` on. */
export interface Span {
  since?: ApiVersion;
  before?: ApiVersion;
}

const UP_TO_16: Span = { before: '2023-05-01.17.0' };
const UP_TO_20: Span = { before: '2025-06-01' };
const FROM_19: Span = { since: '2024-02-01.19.0' };
const FROM_20: Span = { since: '2024-07-01.20.0' };
const FROM_2025: Span = { since: '2025-06-01' };

/** Operations that not every version has. */
export const OPERATION_VERSIONS: Readonly<Record<string, Span>> = {
  JobGetAllLifetimeStatistics: UP_TO_16,
  PoolGetAllLifetimeStatistics: UP_TO_16,
  ComputeNodeGetRemoteDesktop: { before: '2024-07-01.20.0' },
  ComputeNodeStart: FROM_20,
  ComputeNodeDeallocate: FROM_20,
  CertificateAdd: UP_TO_20,
  CertificateList: UP_TO_20,
  CertificateCancelDeletion: UP_TO_20,
  CertificateDelete: UP_TO_20,
  CertificateGet: UP_TO_20,
};

/** Properties of answers that not every version shows, wherever in the body they are. */
const OF_TASKS: Readonly<Record<string, Span>> = {
  authenticationTokenSettings: UP_TO_20,
  containerHostBatchBindMounts: FROM_20,
};
const OF_ALL_ELSE: Readonly<Record<string, Span>> = {
  ...OF_TASKS,
  certificateReferences: UP_TO_20,
  targetNodeCommunicationMode: UP_TO_20,
  currentNodeCommunicationMode: UP_TO_20,
  resourceTags: { since: '2024-02-01.19.0', before: '2025-06-01' },
  upgradePolicy: FROM_19,
  serviceArtifactReference: FROM_19,
  enableAcceleratedNetworking: FROM_19,
  upgradingOS: FROM_19,
  sharedGalleryImageId: FROM_20,
  communityGalleryImageId: FROM_20,
  deallocated: FROM_20,
  deallocating: FROM_20,
  jobDefaultOrder: FROM_2025,
  proxyAgentSettings: FROM_2025,
  diskEncryptionSet: FROM_2025,
};

/** Values of users, whose names mean nothing here. */
const OPAQUE: ReadonlySet<string> = new Set(['settings', 'resourceTags']);

/** An operation that the version does not have is a resource that is not there. */
export function checkOperation(operation: string, version: string, path: string): void {
  const span = OPERATION_VERSIONS[operation];
  if (span && !has(span, version)) throw batchError('ResourceNotFound', { Path: path });
}

/** What clients of a version get to see of a body; `tasks` are looked through for what tasks may have only. */
export function inVersion(version: string, kind: string, body: JsonObject): JsonObject {
  // Nothing in it depends on the version, and it is the largest answer of all.
  if (kind === 'taskaddresult') return body;
  const hidden = hiddenFrom(version)[kind.startsWith('tasks') ? 'tasks' : 'all'];
  return hidden.size === 0 && kind.startsWith('tasks') ? body : shown(body, hidden, version);
}

interface Hidden {
  tasks: ReadonlySet<string>;
  all: ReadonlySet<string>;
}

const cache = new Map<string, Hidden>();

function hiddenFrom(version: string): Hidden {
  const known = cache.get(version);
  if (known) return known;
  const absent = (spans: Readonly<Record<string, Span>>): Set<string> =>
    new Set(Object.keys(spans).filter((name) => !has(spans[name] ?? {}, version)));
  const result = { tasks: absent(OF_TASKS), all: absent(OF_ALL_ELSE) };
  cache.set(version, result);
  return result;
}

function has({ since, before }: Span, version: string): boolean {
  return (since === undefined || version >= since) && (before === undefined || version < before);
}

function shown(body: JsonObject, hidden: ReadonlySet<string>, version: string): JsonObject {
  const result: JsonObject = {};
  for (const name in body) {
    const value = body[name];
    if (hidden.has(name) || value === undefined) continue;
    if (OPAQUE.has(name)) result[name] = value;
    else result[name] = within(name, value, hidden, version);
  }
  return result;
}

function within(name: string, value: Json, hidden: ReadonlySet<string>, version: string): Json {
  if (Array.isArray(value)) return value.map((item) => within(name, item, hidden, version));
  if (!isObject(value)) return value;
  return shown(name === 'dataDisks' ? dataDisk(value, version) : value, hidden, version);
}

/** "DataDisk.storageAccountType" moved into managedDisk. */
function dataDisk(disk: JsonObject, version: string): JsonObject {
  const { storageAccountType, managedDisk, ...rest } = disk;
  const managed = isObject(managedDisk) ? managedDisk : {};
  const { storageAccountType: managedType, ...others } = managed;
  const type = storageAccountType ?? managedType;
  if (type === undefined) return disk;
  return has(FROM_2025, version)
    ? { ...rest, managedDisk: { ...managed, storageAccountType: type } }
    : { ...rest, storageAccountType: type, ...(Object.keys(others).length > 0 && { managedDisk: others }) };
}
