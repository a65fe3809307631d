/** Says that something happened, by a workflow of its own: nothing waits for those who are told, or fails by them. */
import { startChild } from '@temporalio/workflow';
import type { WebhookEvent } from '@windrow/contract';
import { eventWorkflowId } from '@windrow/contract';
import { apart, started } from './apart';
import { eventWorkflow } from './event-workflow';

/** Returns as soon as it cannot be lost any more. The same event again is the same workflow. */
export async function announce(event: WebhookEvent): Promise<void> {
  await started(() =>
    startChild(eventWorkflow, {
      args: [event],
      workflowId: eventWorkflowId(event),
      ...apart(event, `${event.type}: tell the webhooks`),
    }),
  );
}
