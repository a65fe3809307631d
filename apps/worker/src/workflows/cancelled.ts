import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';

/**
 * Whether work ended because it was cancelled. An activity whose cancellation is waited for, and whose worker dies
 * meanwhile, ends by its heartbeat time-out: an error that says nothing of the cancellation.
 */
export function wasCancelled(error: unknown, scope = CancellationScope.current()): boolean {
  return isCancellation(error) || (scope.consideredCancelled && patched('cancelled-by-time-out'));
}
