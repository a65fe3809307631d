import type { ScheduledInput } from '@windrow/contract';
import { bulk } from './proxies';

/** One look for blobs that arrived; a Temporal schedule starts it again and again, and never two at a time. */
export async function arrivalScanWorkflow(input: ScheduledInput): Promise<{ submitted: number }> {
  return bulk.scanArrivals.executeWithOptions({ summary: 'look for new blobs' }, [input]);
}
