import type { SweeperInput, SweeperReport } from '@windrow/contract';
import { bulk } from './proxies';

/** One round of the sweeper; a Temporal schedule starts it again and again, and never two at a time. */
export async function sweeperWorkflow(input: SweeperInput): Promise<SweeperReport> {
  return bulk.sweep.executeWithOptions({ startToCloseTimeout: '1h', summary: 'delete what has no living owner' }, [
    input,
  ]);
}
