import type { ClusterKey, ClusterRow, JobRow } from '@windrow/contract';
import { isTerminal, webhookPlace } from '@windrow/contract';
import type { ActivityDeps } from './deps';

export function createRowActivities({ storage }: ActivityDeps) {
  /** Of a job that has ended it tells, too, whether the workspace has webhooks. */
  async function putJobRow(row: JobRow): Promise<{ webhooks: boolean } | undefined> {
    await storage.catalogue.putJob(row);
    return isTerminal(row.state) ? { webhooks: await hasWebhooks(row.workspace) } : undefined;
  }

  /** A store that does not answer now may have some: whoever asks then looks for them with more patience. */
  async function hasWebhooks(workspace: string): Promise<boolean> {
    const { kind, scope } = webhookPlace(workspace, '');
    try {
      return (await storage.resources.list({ kind, scope }, { pageSize: 1 })).rows.length > 0;
    } catch {
      return true;
    }
  }

  async function putClusterRow(row: ClusterRow): Promise<void> {
    await storage.catalogue.putCluster(row);
  }

  async function removeCluster(key: ClusterKey): Promise<void> {
    await storage.catalogue.deleteCluster(key);
  }

  return { putJobRow, putClusterRow, removeCluster };
}
