import type { WebhookTargets } from '@windrow/config';
import { type SecretKey, unseal } from '@windrow/codec';
import type { DeliveryAttempt, WebhookEvent, WebhookRecord } from '@windrow/contract';
import { post, type PostOptions } from './post';
import { delayAfter, retryAfterMs, RETRY_SECONDS } from './retry-schedule';
import { signature } from './signature';

export interface SenderConfig {
  secretKeys: readonly SecretKey[];
  targets: WebhookTargets;
  /** Address of the API, for links; paths without it. */
  publicUrl?: string;
  retrySeconds?: readonly number[];
}

export interface Sent extends DeliveryAttempt {
  /** 410: the target wants no more. */
  gone: boolean;
  /** Milliseconds that the target asks to wait. */
  retryAfterMs?: number;
}

/** Signs and sends. Knows secrets, and lets none of them out. */
export class WebhookSender {
  constructor(
    private readonly config: SenderConfig,
    private readonly options: PostOptions = {},
  ) {}

  /** One attempt; whatever goes wrong with the target is in what it returns. @throws SealError */
  async send({ url, uid, secrets }: WebhookRecord, event: WebhookEvent, now = Date.now()): Promise<Sent> {
    const { secretKeys, targets } = this.config;
    const valid = secrets.filter(({ expires }) => expires === undefined || Date.parse(expires) > now);
    const opened = valid.map(({ sealed }) => unseal(secretKeys, sealed, uid));
    const body = this.bodyOf(event);
    const timestamp = Math.floor(now / 1000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Windrow-Webhooks/1',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature({ id: event.id, timestamp, body }, opened),
    };
    const time = new Date(now).toISOString();
    const begun = performance.now();
    const durationMs = () => Math.round(performance.now() - begun);
    try {
      const { status, retryAfter } = await post(url, { headers, body }, targets, this.options);
      const asked = status === 429 || status === 503 ? retryAfterMs(retryAfter) : undefined;
      const error = errorOf(status);
      return {
        time,
        durationMs: durationMs(),
        status,
        ...(error !== undefined && { error }),
        gone: status === 410,
        ...(asked !== undefined && { retryAfterMs: asked }),
      };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { time, durationMs: durationMs(), error: text.slice(0, 300), gone: false };
    }
  }

  /** Milliseconds until the next attempt; undefined: there is none. */
  delayAfter(attempt: number, { retryAfterMs: asked }: Sent): number | undefined {
    return delayAfter(attempt, asked, this.config.retrySeconds ?? RETRY_SECONDS);
  }

  /** The same for each attempt. */
  private bodyOf({ type, time, data, path }: WebhookEvent): string {
    return JSON.stringify({ type, timestamp: time, data: { ...data, url: `${this.config.publicUrl ?? ''}${path}` } });
  }
}

function errorOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) return `It answered ${status}: redirects are not followed. Give the final url.`;
  return status === 410 ? 'It answered 410: the webhook is disabled from now on.' : `It answered ${status}.`;
}
