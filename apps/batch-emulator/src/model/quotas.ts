import { batchError } from '../errors';
import type { Pool } from './pools/pool';
import { coresOf } from './pools/vm-sizes';
import type { World } from './world';

/** "Pool - Add": pools that are being deleted still count. */
export function checkPoolQuota({ pools, account }: World): void {
  if (pools.size >= account.quotas.pools) throw batchError('PoolQuotaReached');
}

/** "Job - Add", "Job Schedule - Add": jobs and schedules that are not completed count together. */
export function checkActiveJobAndScheduleQuota({ jobs, schedules, account }: World): void {
  const quota = account.quotas.activeJobsAndSchedules;
  // Completed ones stay in the account: they are looked at only when they could make the difference.
  if (jobs.size + schedules.size < quota) return;
  let active = 0;
  for (const job of jobs.values()) if (job.state !== 'completed') active++;
  for (const schedule of schedules.values()) if (schedule.state !== 'completed') active++;
  if (active >= quota) throw batchError('ActiveJobAndScheduleQuotaReached');
}

/** "Pool - Resize": how many more nodes of the pool's size the account has cores for. */
export function nodesLeft({ pools, account }: World, pool: Pool, dedicated: boolean): number {
  let cores = dedicated ? account.quotas.dedicatedCores : account.quotas.lowPriorityCores;
  for (const other of pools.values()) cores -= other.countNodes(dedicated) * coresOf(other.spec.vmSize);
  return Math.max(0, Math.floor(cores / coresOf(pool.spec.vmSize)));
}
