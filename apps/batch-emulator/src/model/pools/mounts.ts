import { invalidProperty } from '../../errors';
import { isObject, omit, type JsonObject } from '../../util/json';

/** What "MountConfiguration" may be, and which of its members are never shown again. */
const KINDS = {
  azureBlobFileSystemConfiguration: ['accountKey', 'sasKey'],
  azureFileShareConfiguration: ['accountKey'],
  cifsMountConfiguration: ['password'],
  nfsMountConfiguration: [],
} as const satisfies Record<string, readonly string[]>;

/** "Quotas and limits": mounts per node. */
const MAX_MOUNTS = 10;

export interface Mount {
  /** Below `fsmounts` on the node. */
  relativeMountPath: string;
  /** Names what is mounted: `account/container`, `host/share`. */
  share: string[];
}

/** The mounts of a pool; refuses what no node could mount. */
export function mountsOf(configurations: readonly JsonObject[] | undefined): Mount[] {
  if (!configurations) return [];
  if (configurations.length > MAX_MOUNTS) {
    throw invalidProperty('mountConfiguration', configurations.length, `At most ${MAX_MOUNTS} mounts are possible.`);
  }
  const mounts = configurations.map(mountOf);
  if (new Set(mounts.map((mount) => mount.relativeMountPath)).size < mounts.length) {
    throw invalidProperty('relativeMountPath', undefined, 'Two mounts of a pool cannot have the same path.');
  }
  return mounts;
}

/** Keys and passwords are never returned. */
export function withoutMountSecrets(configuration: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(configuration).map(([kind, value]) => {
      const secrets: readonly string[] = KINDS[kind as keyof typeof KINDS];
      return [kind, isObject(value) ? omit(value, ...secrets) : value];
    }),
  );
}

function mountOf(configuration: JsonObject): Mount {
  const [kind, ...others] = Object.keys(configuration);
  const settings = kind === undefined ? undefined : configuration[kind];
  if (others.length > 0 || !isObject(settings)) {
    throw invalidProperty('mountConfiguration', configuration, `Exactly one of ${Object.keys(KINDS).join(', ')}.`);
  }
  const relativeMountPath = text(settings, 'relativeMountPath');
  const parts = relativeMountPath.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
    throw invalidProperty('relativeMountPath', relativeMountPath, 'The path must be relative and stay below fsmounts.');
  }
  return { relativeMountPath, share: shareOf(kind ?? '', settings) };
}

function shareOf(kind: string, settings: JsonObject): string[] {
  if (kind === 'azureBlobFileSystemConfiguration')
    return [text(settings, 'accountName'), text(settings, 'containerName')];
  const source = text(settings, kind === 'azureFileShareConfiguration' ? 'azureFileUrl' : 'source');
  return source.replace(/^[a-z]+:\/\//i, '').split(/[/\\:]+/);
}

const text = (settings: JsonObject, name: string): string => {
  const value = settings[name];
  return typeof value === 'string' ? value : '';
};
