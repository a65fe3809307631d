/** Diagnosing and deleting the pool of a cluster. */
import { BatchConflictError, BatchNotFoundError, ensurePoolDeleted } from '@windrow/batch';
import type { ActivityDeps } from './deps';
import { pollUntil } from './poll';

export function createPoolActivities({ batch, timing }: ActivityDeps) {
  /** Why nodes do not start: their own errors, and what the start task wrote. */
  async function diagnosePool({ poolId }: { poolId: string }): Promise<{ code: string; message: string }> {
    for await (const node of batch.nodes.list(poolId, {
      filter: `state eq 'starttaskfailed' or state eq 'unusable'`,
    })) {
      const failure = node.startTaskInfo?.failureInfo;
      const [error] = node.errors ?? [];
      const stderr = await readStartTaskStderr(poolId, node.id);
      const code = failure?.code ?? error?.code ?? node.state;
      const parts = [
        `No node of pool ${poolId} became usable.`,
        failure && `The setup task failed: ${failure.message ?? failure.code}`,
        node.startTaskInfo?.exitCode !== undefined && `exit code ${node.startTaskInfo.exitCode}`,
        error && `${error.code}: ${error.message}`,
        stderr && `stderr ends: ${stderr.trim()}`,
      ];
      return { code, message: parts.filter(Boolean).join(' ') };
    }
    return { code: 'NodesUnusable', message: `No node of pool ${poolId} became usable, and none says why.` };
  }

  async function readStartTaskStderr(poolId: string, nodeId: string): Promise<string> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of await batch.nodes.readFile(poolId, nodeId, 'startup/stderr.txt')) {
        chunks.push(Buffer.from(chunk as Uint8Array));
      }
      return Buffer.concat(chunks).toString('utf8').slice(-1000);
    } catch (error) {
      if (error instanceof BatchNotFoundError || error instanceof BatchConflictError) return '';
      throw error;
    }
  }

  /** Returns when the pool is gone. */
  async function deletePool({ poolId }: { poolId: string }): Promise<void> {
    await ensurePoolDeleted(batch, poolId);
    await pollUntil(timing, async () => ((await batch.pools.exists(poolId)) ? undefined : true));
  }

  return { diagnosePool, deletePool };
}
