import type { Pool } from '../model/pools/pool';
import type { JsonObject } from '../util/json';

/** "VMExtension", checked when it came. */
type Extension = JsonObject & { name: string };

/** The extensions that the pool asks for; nothing is installed. */
export function extensionsOf(pool: Pool): Extension[] {
  const extensions = pool.spec.virtualMachineConfiguration?.['extensions'];
  return Array.isArray(extensions) ? (extensions as unknown as Extension[]) : [];
}

/** "BatchNodeVMExtension". */
export function renderExtension(extension: Extension): JsonObject {
  return {
    provisioningState: 'Succeeded',
    vmExtension: extension,
    instanceView: {
      name: extension.name,
      statuses: [{ code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' }],
    },
  };
}
