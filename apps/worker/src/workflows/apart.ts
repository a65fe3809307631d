/** Children that nobody waits for. */
import { isCancellation, log, ParentClosePolicy, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { WebhookEvent } from '@windrow/contract';
import { SearchAttribute } from '@windrow/contract';

const WORKSPACE = defineSearchAttributeKey(SearchAttribute.workspace, 'KEYWORD');

/** Options of a child that its parent does not wait for. */
export function apart({ workspace }: Pick<WebhookEvent, 'workspace'>, staticSummary: string) {
  return {
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    staticSummary,
    typedSearchAttributes: [{ key: WORKSPACE, value: workspace }],
  };
}

/** Whether it is started or was before is all one. */
export async function started(start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      log.error('an event could not be announced', { error: String(error) });
    }
  }
}
