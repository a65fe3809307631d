import type { Place, QuotasInForce, WorkspaceQuotas } from '@windrow/contract';
import { quotasOf, workspacePlace } from '@windrow/contract';
import type { ResourceStore } from '@windrow/storage';

/** The quotas of a workspace as they are now. One that is being deleted, or gone, has none. */
export async function readQuotas(
  resources: Pick<ResourceStore, 'get'>,
  workspace: string,
  defaults: WorkspaceQuotas,
): Promise<QuotasInForce> {
  const found = await resources.get<Place>(workspacePlace(workspace));
  return found ? quotasOf(found.value, defaults) : { asOf: '' };
}
