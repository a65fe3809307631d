/** Webhooks: who is told of what, and how a delivery goes. No secret is ever here but sealed. */
import type { ClusterKey, JobKey } from './names';
import type { JobRow } from './rows';
import type { JsonObject } from './spec';
import type { EndState } from './states';

export const WEBHOOK_EVENTS = ['job.succeeded', 'job.failed', 'job.cancelled', 'cluster.broken'] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number];
/** What `:test` sends, to the one webhook it is asked of. */
export const TEST_EVENT = 'webhook.test';

/** Something that happened. Holds what is told of it; small, as it is the input of a workflow. */
export interface WebhookEvent {
  /** The same for each attempt and each repetition of whatever announced it: letters, digits and hyphens. */
  id: string;
  type: WebhookEventType | typeof TEST_EVENT;
  time: string;
  workspace: string;
  experiment?: string;
  /** Job that it is about; its labels are looked up. */
  job?: { job: string; uid: string; createdTime: string };
  /** Path of what it is about, in this API. */
  path: string;
  data: JsonObject;
}

export interface WebhookFilter {
  events: WebhookEventType[];
  /** Only jobs of this experiment. */
  experiment?: string;
  /** Only jobs with all of these labels. */
  labels?: Record<string, string>;
}

/** A webhook as it is stored. */
export interface WebhookRecord extends WebhookFilter {
  /** Tells it from an earlier one of the same name. */
  uid: string;
  displayName?: string;
  url: string;
  disabled: boolean;
  /** Where it was not its owner who disabled it. */
  disabledReason?: string;
  /** Latest first; those with an end still sign until then. */
  secrets: { sealed: string; expires?: string }[];
  createdTime: string;
  updatedTime: string;
  /** Fingerprint of the body it was created with. */
  specHash: string;
}

export interface WebhookInput {
  workspace: string;
  webhook: string;
  /** Of the webhook: one that was deleted since gets nothing. */
  uid: string;
  event: WebhookEvent;
}

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;

export interface DeliveryAttempt {
  time: string;
  durationMs: number;
  /** Of the answer; absent when none came. */
  status?: number;
  /** Why it was no success. */
  error?: string;
}

export interface WebhookDelivery {
  event: string;
  type: string;
  eventTime: string;
  state: (typeof DELIVERY_STATES)[number];
  attempts: DeliveryAttempt[];
  /** When it is tried again. */
  nextTime?: string;
}

/** What an attempt came to. `dropped`: the webhook is gone or disabled. */
export interface DeliveryOutcome {
  state: WebhookDelivery['state'] | 'dropped';
  /** Until the next attempt. Milliseconds. */
  delayMs?: number;
}

/** Webhooks of one workspace. */
export const MAX_WEBHOOKS = 50;
/** Deliveries that are kept of each webhook. */
export const KEPT_DELIVERIES = 100;

export function webhookPlace(workspace: string, name: string) {
  return { kind: 'webhook', scope: [workspace], name };
}

export function deliveriesOf(workspace: string) {
  return { kind: 'webhookDelivery', scope: [workspace] };
}

/** What the names of a webhook's deliveries begin with. A webhook's uid has letters and digits only. */
export function deliveryPrefix(uid: string): string {
  return `${uid}-`;
}

/** Latest first, as names are sorted. */
export function deliveryName(uid: string, { id, time }: Pick<WebhookEvent, 'id' | 'time'>): string {
  return `${deliveryPrefix(uid)}${String(LAST_MS - Date.parse(time)).padStart(15, '0')}-${id}`;
}

/** The year 5138. */
const LAST_MS = 100_000_000_000_000 - 1;

export function eventWorkflowId({ workspace, id }: Pick<WebhookEvent, 'workspace' | 'id'>): string {
  return `event:${workspace}/${id}`;
}

export function webhookWorkflowId({ workspace, webhook, event }: WebhookInput): string {
  return `webhook:${workspace}/${webhook}/${event.id}`;
}

/** Longest part of a job's error that is told. Characters. */
const MAX_ERROR = 500;

/** That a job has ended. Each end is one event, whoever says so how often. */
export function jobEnded(row: JobRow, state: EndState): WebhookEvent {
  const { workspace, experiment, job, uid, createdTime, counts, error, redrives = 0 } = row;
  const key: JobKey = { workspace, experiment, job };
  return {
    id: `${uid}-${redrives}-${state}`,
    type: `job.${state}`,
    time: row.endTime ?? row.updatedTime,
    workspace,
    experiment,
    job: { job, uid, createdTime },
    path: `/v1/workspaces/${workspace}/experiments/${experiment}/jobs/${job}`,
    data: {
      ...key,
      uid,
      state,
      counts: { ...counts },
      ...(row.startTime !== undefined && { startTime: row.startTime }),
      ...(row.endTime !== undefined && { endTime: row.endTime }),
      ...(error && { error: { code: error.code, message: error.message.slice(0, MAX_ERROR) } }),
    },
  };
}

/** That the breaker of a named cluster has tripped. */
export function clusterBroken(
  { workspace, cluster, uid }: ClusterKey & { uid: string },
  { code, message }: { code: string; message: string },
  time: string,
): WebhookEvent {
  return {
    id: `${uid}-${Date.parse(time)}-broken`,
    type: 'cluster.broken',
    time,
    workspace,
    path: `/v1/workspaces/${workspace}/clusters/${cluster}`,
    data: { workspace, cluster, error: { code, message: message.slice(0, MAX_ERROR) } },
  };
}
