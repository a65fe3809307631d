import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  DELIVERY_STATES,
  type DeliveryAttempt,
  WEBHOOK_EVENTS,
  type WebhookDelivery,
  type WebhookEventType,
  type WebhookFilter,
} from '@windrow/contract';
import { Dictionary, TextList } from '../common/validation/collections';
import { Flag, Text } from '../common/validation/fields';
import { LabelsChange, TextChange } from '../common/validation/merge-fields';
import { labelComplaint, NAME } from '../jobs/dto/patterns';
import type { Urls } from '../http/urls';
import type { NamedWebhook } from './webhooks.service';

const EVENTS = WEBHOOK_EVENTS.join(', ');
const eventComplaint = (event: string) =>
  WEBHOOK_EVENTS.some((known) => known === event) ? undefined : `must be one of ${EVENTS}`;
const SOME = { min: 1, max: WEBHOOK_EVENTS.length };
const URL_DOCS = { description: 'Where events are posted to: https, and reachable from the internet.' };
const URL_EXAMPLE = 'https://example.com/windrow';

export class WebhookDto implements WebhookFilter {
  @Text({ description: 'Title for people.', example: 'The on-call channel' })
  displayName?: string;

  @Text({ ...URL_DOCS, example: URL_EXAMPLE, required: true }, { max: 2048 })
  url!: string;

  @TextList(
    { description: `Events to be told of: ${EVENTS}.`, example: ['job.failed'], required: true },
    SOME,
    eventComplaint,
  )
  events!: WebhookEventType[];

  @Text({ description: 'Only jobs of this experiment.', example: 'blades' }, NAME)
  experiment?: string;

  @Dictionary({ description: 'Only jobs with all of these labels.', example: { team: 'aero' } }, 50, labelComplaint)
  labels?: Record<string, string>;

  @Flag({ description: 'Nothing is sent.', default: false })
  disabled?: boolean;
}

export class WebhookChangeDto {
  @TextChange({ description: 'Title for people; null takes it away.', example: 'The on-call channel' })
  displayName?: string | null;

  @Text({ ...URL_DOCS, example: URL_EXAMPLE }, { max: 2048 })
  url?: string;

  @TextList({ description: `Events to be told of: ${EVENTS}.`, example: ['job.failed'] }, SOME, eventComplaint)
  events?: WebhookEventType[];

  @TextChange({ description: 'Only jobs of this experiment; null: of all.', example: 'blades' })
  experiment?: string | null;

  @LabelsChange(
    { description: 'Labels that jobs must have; by null one less.', example: { team: 'aero', old: null } },
    labelComplaint,
  )
  labels?: Record<string, string | null>;

  @Flag({ description: 'Nothing is sent; false begins anew.', example: false })
  disabled?: boolean;
}

export const WEBHOOK_EXAMPLES = {
  'every end of a job': { url: URL_EXAMPLE, events: ['job.succeeded', 'job.failed', 'job.cancelled'] },
  'failures of one team': { url: URL_EXAMPLE, events: ['job.failed', 'cluster.broken'], labels: { team: 'aero' } },
};
export const WEBHOOK_CHANGE_EXAMPLES = {
  'send again': { disabled: false },
  'of all experiments': { experiment: null },
};

const TIME = { format: 'date-time', example: '2026-01-15T09:30:00.000Z' };

export class WebhookLinks {
  @ApiProperty() deliveries!: string;
}

export class WebhookView implements WebhookFilter {
  @ApiProperty({ example: 'on-call' }) name!: string;
  @ApiProperty({ example: 'aero' }) workspace!: string;
  @ApiPropertyOptional({ example: 'The on-call channel' }) displayName?: string;
  @ApiProperty({ description: 'Where events are posted to.', example: URL_EXAMPLE }) url!: string;
  @ApiProperty({ type: 'array', items: { type: 'string', enum: [...WEBHOOK_EVENTS] } }) events!: WebhookEventType[];
  @ApiPropertyOptional({ example: 'blades' }) experiment?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } }) labels?: Record<string, string>;
  @ApiProperty({ example: false }) disabled!: boolean;
  @ApiPropertyOptional({ description: 'Where it was not its owner who disabled it.' }) disabledReason?: string;
  @ApiPropertyOptional({
    description: 'Signs the deliveries. In the answers to its creation and to `:rotate`, and nowhere else.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret?: string;
  @ApiPropertyOptional({ ...TIME, description: 'Until then the secret before it signs, too.' })
  formerSecretExpires?: string;
  @ApiProperty(TIME) createdTime!: string;
  @ApiProperty(TIME) updatedTime!: string;
  @ApiProperty({ type: WebhookLinks }) links!: WebhookLinks;
}

export class WebhookList {
  @ApiProperty({ type: [WebhookView] }) value!: WebhookView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class DeliveryAttemptView implements DeliveryAttempt {
  @ApiProperty(TIME) time!: string;
  @ApiProperty({ example: 120 }) durationMs!: number;
  @ApiPropertyOptional({ description: 'Of the answer; absent when none came.', example: 503 }) status?: number;
  @ApiPropertyOptional({ example: 'It answered 503.' }) error?: string;
}

export class DeliveryView implements WebhookDelivery {
  @ApiProperty({ description: 'Header `webhook-id`.', example: '0h2k5v9w3x1d7f4g-0-failed' }) event!: string;
  @ApiProperty({ example: 'job.failed' }) type!: string;
  @ApiProperty(TIME) eventTime!: string;
  @ApiProperty({ type: 'string', enum: DELIVERY_STATES, example: 'waiting' }) state!: WebhookDelivery['state'];
  @ApiProperty({ type: [DeliveryAttemptView] }) attempts!: DeliveryAttemptView[];
  @ApiPropertyOptional({ ...TIME, description: 'When it is tried again.' }) nextTime?: string;
}

export class DeliveryList {
  @ApiProperty({ type: [DeliveryView] }) value!: DeliveryView[];
  @ApiPropertyOptional({ description: 'The next page; absent on the last one.' }) nextLink?: string;
}

export class TestView {
  @ApiProperty({ description: 'Id of the event; its delivery is listed under it.', example: 'test-0h2k5v9w3x1d7f4g' })
  event!: string;
}

export function mapWebhook(workspace: string, { name, value, secret }: NamedWebhook, urls: Urls): WebhookView {
  const { specHash: _hash, uid: _uid, secrets, ...webhook } = value;
  const former = secrets.find(({ expires }) => expires !== undefined && Date.parse(expires) > Date.now());
  return {
    name,
    workspace,
    ...webhook,
    ...(secret !== undefined && { secret }),
    ...(former?.expires !== undefined && { formerSecretExpires: former.expires }),
    links: { deliveries: `${urls.workspace(workspace)}/webhooks/${name}/deliveries` },
  };
}
