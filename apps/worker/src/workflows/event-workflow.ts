import { startChild } from '@temporalio/workflow';
import type { WebhookEvent } from '@windrow/contract';
import { webhookWorkflowId } from '@windrow/contract';
import { apart, started } from './apart';
import { control } from './proxies';
import { webhookWorkflow } from './webhook-workflow';

/** Finds the webhooks that want to hear of something, and starts a delivery for each. Returns how many. */
export async function eventWorkflow(event: WebhookEvent): Promise<number> {
  const found = await control.matchWebhooks.executeWithOptions({ summary: 'which webhooks?' }, [event]);
  for (const { webhook, uid } of found) {
    const input = { workspace: event.workspace, webhook, uid, event };
    await started(() =>
      startChild(webhookWorkflow, {
        args: [input],
        workflowId: webhookWorkflowId(input),
        ...apart(event, `${event.type} to webhook ${webhook}`),
      }),
    );
  }
  return found.length;
}
