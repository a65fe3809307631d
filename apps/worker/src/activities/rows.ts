import type { ClusterKey, ClusterRow, JobRow } from '@windrow/contract';
import { workspaceContainer } from '@windrow/contract';
import type { ActivityDeps } from './deps';

export function createRowActivities({ storage }: ActivityDeps) {
  async function putJobRow(row: JobRow): Promise<void> {
    await storage.catalogue.putJob(row);
  }

  async function putClusterRow(row: ClusterRow): Promise<void> {
    await storage.catalogue.putCluster(row);
  }

  /** Frees the name: the row, and the record that the API made on creation. */
  async function removeCluster(key: ClusterKey): Promise<void> {
    await storage.catalogue.deleteCluster(key);
    await storage.blobs.delete(workspaceContainer(key.workspace), `names/clusters/${key.cluster}.json`);
  }

  return { putJobRow, putClusterRow, removeCluster };
}
