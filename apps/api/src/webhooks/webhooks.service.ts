import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  deliveriesOf,
  deliveryPrefix,
  MAX_WEBHOOKS,
  TEST_EVENT,
  type WebhookDelivery,
  webhookPlace,
  type WebhookRecord,
} from '@windrow/contract';
import { seal } from '@windrow/codec';
import { fingerprint, ResourceChangedError, ResourceMissingError, ResourceStore, type Stored } from '@windrow/storage';
import { ConflictError, NotFoundError, UnprocessableError } from '../common/errors';
import { randomUid } from '../common/ids';
import { changedNote } from '../common/owner-note';
import { etagOf, type TagCondition } from '../http/etags';
import { Scopes } from '../places/scopes';
import { ApiSettings } from '../settings';
import { WorkflowGateway } from '../workflows/workflow-gateway';
import type { WebhookChangeDto, WebhookDto } from './dto';

/** For so long the secret before the present one signs, too. */
const OVERLAP_MS = 24 * 3600_000;
/** The specification asks for 24 to 64. */
const SECRET_BYTES = 32;

export interface NamedWebhook extends Stored<WebhookRecord> {
  /** Right after it was made. */
  secret?: string;
}

interface Page {
  pageSize: number;
  pageToken?: string;
}

/** Webhooks of a workspace. Their secrets are shown once, and lie sealed. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly resources: ResourceStore,
    private readonly scopes: Scopes,
    private readonly settings: ApiSettings,
    private readonly workflows: WorkflowGateway,
  ) {}

  /** @throws ConflictError WebhookExists, TooManyWebhooks, WorkspaceDeleting; UnprocessableError; PreconditionFailedError */
  async create(
    workspace: string,
    name: string,
    spec: WebhookDto,
    ifMatch?: TagCondition,
  ): Promise<{ webhook: NamedWebhook; created: boolean }> {
    await this.scopes.openWorkspace(workspace);
    const key = webhookPlace(workspace, name);
    for (;;) {
      const known = await this.resources.get<WebhookRecord>(key);
      ifMatch?.check(known && tagOf(known));
      if (known) {
        if (known.value.specHash === fingerprint(spec)) return { webhook: known, created: false };
        const message = `Webhook '${name}' exists with another body. Change it by PATCH, or take another name.`;
        throw new ConflictError('WebhookExists', message);
      }
      this.checkTarget(spec.url);
      const { rows } = await this.resources.list({ kind: key.kind, scope: key.scope }, { pageSize: MAX_WEBHOOKS });
      if (rows.length >= MAX_WEBHOOKS) {
        throw new ConflictError('TooManyWebhooks', `A workspace has at most ${MAX_WEBHOOKS} webhooks. Delete one.`);
      }
      const uid = randomUid();
      const { secret, sealed } = this.newSecret(uid);
      const now = new Date().toISOString();
      const { disabled = false, ...rest } = spec;
      const record = { ...rest, uid, disabled, secrets: [{ sealed }], createdTime: now, updatedTime: now };
      const made = await this.resources.create<WebhookRecord>(key, { ...record, specHash: fingerprint(spec) });
      if (made) return { webhook: { ...made, secret }, created: true };
    }
  }

  list(workspace: string, page: Page) {
    const { kind, scope } = webhookPlace(workspace, '');
    return this.resources.list<WebhookRecord>({ kind, scope }, page);
  }

  /** @throws NotFoundError WebhookNotFound */
  async get(workspace: string, name: string): Promise<NamedWebhook> {
    const found = await this.resources.get<WebhookRecord>(webhookPlace(workspace, name));
    if (!found) throw missing(workspace, name);
    return found;
  }

  /** @throws NotFoundError; PreconditionFailedError; UnprocessableError; InvalidRequestError */
  async change(
    workspace: string,
    name: string,
    change: WebhookChangeDto,
    ifMatch?: TagCondition,
  ): Promise<NamedWebhook> {
    if (change.url !== undefined) this.checkTarget(change.url);
    return this.replace(workspace, name, ifMatch, (before) => changed(before, change));
  }

  /** A new secret; the one before signs for another day. @throws as {@link change} */
  async rotate(workspace: string, name: string): Promise<NamedWebhook> {
    let secret = '';
    const rotated = await this.replace(workspace, name, undefined, (before) => {
      const fresh = this.newSecret(before.uid);
      secret = fresh.secret;
      const expires = new Date(Date.now() + OVERLAP_MS).toISOString();
      const former = before.secrets.slice(0, 1).map(({ sealed }) => ({ sealed, expires }));
      return { ...before, secrets: [{ sealed: fresh.sealed }, ...former] };
    });
    return { ...rotated, secret };
  }

  /** False: there was none. Deliveries under way find that it is gone. */
  async delete(workspace: string, name: string, ifMatch?: TagCondition): Promise<boolean> {
    const key = webhookPlace(workspace, name);
    const found = await this.resources.get<WebhookRecord>(key);
    ifMatch?.check(found && tagOf(found));
    if (!found) return false;
    await this.resources.delete(key, ifMatch ? found.etag : '*');
    const { rows } = await this.resources.list(deliveriesOf(workspace), within(found.value, { pageSize: 1000 }));
    await Promise.all(rows.map((row) => this.resources.delete({ ...deliveriesOf(workspace), name: row.name })));
    return true;
  }

  /** Latest first. @throws NotFoundError WebhookNotFound */
  async deliveries(workspace: string, name: string, page: Page) {
    const { value } = await this.get(workspace, name);
    return this.resources.list<WebhookDelivery>(deliveriesOf(workspace), within(value, page));
  }

  /** Sends an event that nobody else hears of; returns its id. @throws NotFoundError; ConflictError WebhookDisabled */
  async test(workspace: string, name: string): Promise<string> {
    const { value } = await this.get(workspace, name);
    if (value.disabled) {
      throw new ConflictError('WebhookDisabled', `Webhook '${name}' is disabled. Change \`disabled\` to false first.`);
    }
    const id = `test-${randomUid()}`;
    const path = `/v1/workspaces/${workspace}/webhooks/${name}`;
    const data = { workspace, webhook: name };
    const event = { id, type: TEST_EVENT, time: new Date().toISOString(), workspace, path, data } as const;
    await this.workflows.startWebhook({ workspace, webhook: name, uid: value.uid, event });
    return id;
  }

  private async replace(
    workspace: string,
    name: string,
    ifMatch: TagCondition | undefined,
    change: (before: WebhookRecord) => WebhookRecord,
  ): Promise<NamedWebhook> {
    const key = webhookPlace(workspace, name);
    for (;;) {
      const found = await this.resources.get<WebhookRecord>(key);
      ifMatch?.check(found && tagOf(found));
      if (!found) throw missing(workspace, name);
      const updatedTime = new Date().toISOString();
      try {
        return await this.resources.replace(key, { ...change(found.value), updatedTime }, found.etag);
      } catch (error) {
        if (!(error instanceof ResourceChangedError || error instanceof ResourceMissingError)) throw error;
      }
    }
  }

  private checkTarget(url: string): void {
    const message = this.settings.deployment.webhookTargets?.complaint(url);
    if (message !== undefined) throw new UnprocessableError([{ path: '$.url', code: 'TargetRefused', message }]);
  }

  private newSecret(uid: string): { secret: string; sealed: string } {
    const { secretKeys = [] } = this.settings.deployment;
    if (secretKeys.length === 0) {
      const message =
        'cannot be kept: this installation has no key for secrets at rest. Its operator has to set WINDROW_SECRET_KEY (openssl rand -base64 32) for the API and the worker.';
      throw new UnprocessableError([{ path: '$', code: 'SecretKeyMissing', message }]);
    }
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    return { secret, sealed: seal(secretKeys, secret, uid) };
  }
}

export function tagOf({ etag }: Stored<WebhookRecord>): string {
  return etagOf(etag);
}

function changed(before: WebhookRecord, change: WebhookChangeDto): WebhookRecord {
  const { displayName: _title, experiment: _experiment, labels: _labels, disabledReason, ...rest } = before;
  const { displayName, labels } = changedNote(before, change);
  const experiment = change.experiment === undefined ? before.experiment : (change.experiment ?? undefined);
  return {
    ...rest,
    ...(change.url !== undefined && { url: change.url }),
    ...(change.events !== undefined && { events: change.events }),
    ...(change.disabled !== undefined && { disabled: change.disabled }),
    ...(change.disabled === undefined && disabledReason !== undefined && { disabledReason }),
    ...(displayName !== null && { displayName }),
    ...(experiment !== undefined && { experiment }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
}

function within<T extends object>({ uid }: WebhookRecord, page: T) {
  const from = deliveryPrefix(uid);
  return { ...page, from, before: `${from}~` };
}

function missing(workspace: string, name: string): NotFoundError {
  return new NotFoundError('WebhookNotFound', `There is no webhook '${name}' in workspace '${workspace}'.`);
}
