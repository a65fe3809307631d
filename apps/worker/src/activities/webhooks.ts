/** Telling webhooks what happened: which ones, and one attempt at one of them. */
import { log } from '@temporalio/activity';
import {
  deliveriesOf,
  deliveryName,
  deliveryPrefix,
  KEPT_DELIVERIES,
  MAX_WEBHOOKS,
  webhookPlace,
} from '@windrow/contract';
import type {
  DeliveryOutcome,
  WebhookDelivery,
  WebhookEvent,
  WebhookFilter,
  WebhookInput,
  WebhookRecord,
} from '@windrow/contract';
import { ResourceMissingError } from '@windrow/storage';
import type { Sent } from '../webhooks';
import type { ActivityDeps } from './deps';

export function createWebhookActivities({ storage: { resources, catalogue }, webhooks: sender }: ActivityDeps) {
  /** Webhooks of the workspace that want to hear of the event; at most {@link MAX_WEBHOOKS}. */
  async function matchWebhooks(event: WebhookEvent): Promise<{ webhook: string; uid: string }[]> {
    const { kind, scope } = webhookPlace(event.workspace, '');
    const { rows } = await resources.list<WebhookRecord>({ kind, scope }, { pageSize: MAX_WEBHOOKS });
    const wanted = rows.filter(({ value }) => !value.disabled && matches(value, event));
    const labels = wanted.some(({ value }) => value.labels) ? await labelsOf(event) : {};
    return wanted
      .filter(({ value }) => Object.entries(value.labels ?? {}).every(([label, text]) => labels[label] === text))
      .map(({ name, value }) => ({ webhook: name, uid: value.uid }));
  }

  /** An attempt, from 1, and what is to follow. May be made twice: the target knows the event by its id. */
  async function deliverWebhook({ attempt, ...input }: WebhookInput & { attempt: number }): Promise<DeliveryOutcome> {
    const { workspace, webhook, event } = input;
    const found = await resources.get<WebhookRecord>(webhookPlace(workspace, webhook));
    if (!found || found.value.uid !== input.uid || found.value.disabled) {
      await note(input, attempt, { state: 'failed' });
      return { state: 'dropped' };
    }
    const sent = await sender.send(found.value, event);
    const outcome = outcomeOf(attempt, sent);
    log.info('webhook told', { webhook, event: event.id, attempt, state: outcome.state, status: sent.status });
    await note(input, attempt, outcome, sent);
    if (sent.gone) await disable(input);
    return outcome;
  }

  function outcomeOf(attempt: number, sent: Sent): DeliveryOutcome {
    if (sent.error === undefined) return { state: 'delivered' };
    const delayMs = sent.gone ? undefined : sender.delayAfter(attempt, sent);
    return delayMs === undefined ? { state: 'failed' } : { state: 'waiting', delayMs };
  }

  async function note(input: WebhookInput, attempt: number, outcome: DeliveryOutcome, sent?: Sent): Promise<void> {
    const { workspace, uid, event } = input;
    const key = { ...deliveriesOf(workspace), name: deliveryName(uid, event) };
    const before = (await resources.get<WebhookDelivery>(key))?.value;
    if (!sent && !before) return;
    const attempts = before?.attempts.slice(0, attempt - 1) ?? [];
    if (sent) {
      const { gone: _gone, retryAfterMs: _asked, ...shown } = sent;
      attempts.push(shown);
    }
    const { delayMs } = outcome;
    await resources.put<WebhookDelivery>(key, {
      event: event.id,
      type: event.type,
      eventTime: event.time,
      state: outcome.state === 'dropped' ? 'failed' : outcome.state,
      attempts,
      ...(delayMs !== undefined && { nextTime: new Date(Date.now() + delayMs).toISOString() }),
    });
    if (!before) await forgetOld(workspace, uid);
  }

  async function forgetOld(workspace: string, uid: string): Promise<void> {
    const from = deliveryPrefix(uid);
    const page = { pageSize: 1000, from, before: `${from}~` };
    const { rows } = await resources.list(deliveriesOf(workspace), page);
    for (const { name } of rows.slice(KEPT_DELIVERIES)) await resources.delete({ ...deliveriesOf(workspace), name });
  }

  async function disable({ workspace, webhook, uid }: WebhookInput): Promise<void> {
    const disabledReason = 'The target answered 410 Gone.';
    const now = new Date().toISOString();
    try {
      await resources.change<WebhookRecord>(webhookPlace(workspace, webhook), (value) =>
        value.uid === uid ? { ...value, disabled: true, disabledReason, updatedTime: now } : value,
      );
    } catch (error) {
      if (!(error instanceof ResourceMissingError)) throw error;
    }
  }

  /** Those that the job's owner gave it, which its workflow does not know. */
  async function labelsOf({ workspace, experiment, job }: WebhookEvent): Promise<Record<string, string>> {
    if (experiment === undefined || !job) return {};
    const key = { workspace, experiment, job: job.job };
    return (await catalogue.getJob(key, job.uid, job.createdTime))?.labels ?? {};
  }

  return { matchWebhooks, deliverWebhook };
}

function matches({ events, experiment }: WebhookFilter, event: WebhookEvent): boolean {
  const isMeant = events.some((type) => type === event.type);
  return isMeant && (experiment === undefined || experiment === event.experiment);
}
