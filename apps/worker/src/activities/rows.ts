import type { ClusterKey, ClusterRow, JobRow } from '@windrow/contract';
import type { ActivityDeps } from './deps';

export function createRowActivities({ storage }: ActivityDeps) {
  async function putJobRow(row: JobRow): Promise<void> {
    await storage.catalogue.putJob(row);
  }

  async function putClusterRow(row: ClusterRow): Promise<void> {
    await storage.catalogue.putCluster(row);
  }

  async function removeCluster(key: ClusterKey): Promise<void> {
    await storage.catalogue.deleteCluster(key);
  }

  return { putJobRow, putClusterRow, removeCluster };
}
