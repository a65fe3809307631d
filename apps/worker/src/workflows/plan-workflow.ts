import type { JobInput, PlanResult } from '@windrow/contract';
import { bulk } from './proxies';

/** The dry run: the plan phase alone. Creates nothing that outlives it. */
export async function planWorkflow(input: JobInput): Promise<PlanResult> {
  return bulk.planDryRun.executeWithOptions(
    {
      startToCloseTimeout: '110s',
      scheduleToCloseTimeout: '110s',
      retry: { maximumAttempts: 1 },

      summary: 'read the input, count, and expand the first tasks',
    },
    [input],
  );
}
