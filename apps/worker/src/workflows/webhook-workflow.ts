import { setCurrentDetails, sleep } from '@temporalio/workflow';
import type { DeliveryOutcome, WebhookInput } from '@windrow/contract';
import { control } from './proxies';

/** Delivers one event to one webhook: attempts with ever longer waits between them, until one succeeds or none is left. */
export async function webhookWorkflow(
  input: WebhookInput,
): Promise<{ state: DeliveryOutcome['state']; attempts: number }> {
  for (let attempt = 1; ; attempt++) {
    const summary = `attempt ${attempt}`;
    const outcome = await control.deliverWebhook.executeWithOptions({ summary }, [{ ...input, attempt }]);
    const { state, delayMs } = outcome;
    setCurrentDetails(`**${state}** after ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}`);
    if (state !== 'waiting' || delayMs === undefined) return { state, attempts: attempt };
    await sleep(delayMs, { summary: `wait before attempt ${attempt + 1}` });
  }
}
