import { Injectable } from '@nestjs/common';
import { ResourceMissingError } from '@windrow/storage';
import { InvalidRequestError, NotFoundError, UnauthenticatedError } from '../../common/errors';
import { AccessSettings } from '../access-settings';
import { AccessStore } from '../access-store';
import { type ApiKeyRecord, hashOf, idOfKey, isKey, newKey } from './api-key';
import type { Principal } from '../principal';
import { ShortCache } from '../short-cache';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DEFAULT_DAYS = 90;
const MAX_DAYS = 365;
/** For so long another process may still take a key that was revoked here. */
const CACHE_MS = 3000;

export interface FoundKey extends ApiKeyRecord {
  id: string;
}

export interface NewApiKey extends Pick<ApiKeyRecord, 'displayName' | 'administrator' | 'roles'> {
  expiresTime?: string;
  workspace?: string;
}

/** API keys: made, listed, revoked, and told from strangers. */
@Injectable()
export class ApiKeysService {
  private readonly verified = new ShortCache<FoundKey | undefined>(CACHE_MS);
  /** Hour in which a key's last use was written, by its id. */
  private readonly written = new Map<string, number>();

  constructor(
    private readonly store: AccessStore,
    private readonly settings: AccessSettings,
  ) {}

  /** Whose key it is. @throws UnauthenticatedError KeyInvalid, KeyExpired */
  async principalOf(key: string): Promise<Principal> {
    const { adminKeySha256 } = this.settings.config;
    if (adminKeySha256 !== undefined && isKey(key, adminKeySha256)) {
      return { id: 'apiKey:admin', kind: 'apiKey', displayName: "The operator's key", administrator: true, roles: {} };
    }
    const id = idOfKey(key);
    const found = id === undefined ? undefined : await this.verified.get(id, () => this.find(id));
    if (!found || !isKey(key, found.sha256)) {
      throw new UnauthenticatedError('KeyInvalid', 'The API key is not one of this installation, or it was revoked.');
    }
    const { displayName, administrator, roles, expiresTime } = found;
    if (Date.parse(expiresTime) <= Date.now()) {
      throw new UnauthenticatedError(
        'KeyExpired',
        `The API key '${displayName}' expired at ${expiresTime}. Make a new one.`,
      );
    }
    this.noteUse(found);
    return { id: `apiKey:${found.id}`, kind: 'apiKey', displayName, administrator, roles, expiresTime };
  }

  /** The key itself is in this answer and nowhere else. @throws InvalidRequestError */
  async create(wanted: NewApiKey, creator: Principal): Promise<FoundKey & { key: string }> {
    const { id, key } = newKey();
    const now = Date.now();
    const record: ApiKeyRecord = {
      sha256: hashOf(key),
      displayName: wanted.displayName,
      administrator: wanted.administrator,
      roles: wanted.roles,
      ...(wanted.workspace !== undefined && { workspace: wanted.workspace }),
      createdBy: creator.id,
      createdTime: new Date(now).toISOString(),
      expiresTime: expiry(wanted.expiresTime, now),
    };
    const resources = await this.store.use();
    // The pointer first: one without its key is passed over, while a key that no list shows could not be revoked.
    if (record.workspace !== undefined) await resources.put(pointer(record.workspace, id), {});
    await resources.put(place(id), record);
    return { ...record, id, key };
  }

  /** With `workspace` those that its owners see. */
  async list(
    page: { pageSize: number; pageToken?: string },
    workspace?: string,
  ): Promise<{ keys: FoundKey[]; nextPageToken?: string }> {
    const resources = await this.store.use();
    const scope = workspace === undefined ? ALL : { kind: 'apiKeyOf', scope: [workspace] };
    const { rows, nextPageToken } = await resources.list<ApiKeyRecord>(scope, page);
    const keys =
      workspace === undefined
        ? rows.map(({ name, value }) => ({ ...value, id: name }))
        : (await Promise.all(rows.map(({ name }) => this.find(name)))).filter((key) => key?.workspace === workspace);
    return { keys: keys.filter((key) => key !== undefined), ...(nextPageToken !== undefined && { nextPageToken }) };
  }

  /** @throws NotFoundError ApiKeyNotFound, also for a key that is none of the workspace's */
  async get(id: string, workspace?: string): Promise<FoundKey> {
    const found = await this.find(id);
    if (found && (workspace === undefined || found.workspace === workspace)) return found;
    throw new NotFoundError('ApiKeyNotFound', `There is no API key '${id}'.`);
  }

  /** Revokes a key. @throws NotFoundError ApiKeyNotFound */
  async delete(id: string, workspace?: string): Promise<void> {
    const found = await this.get(id, workspace);
    const resources = await this.store.use();
    await resources.delete(place(id));
    this.verified.delete(id);
    if (found.workspace !== undefined) await resources.delete(pointer(found.workspace, id));
  }

  private async find(id: string): Promise<FoundKey | undefined> {
    if (!/^[0-9a-z]{16}$/.test(id)) return undefined;
    const found = await (await this.store.use()).get<ApiKeyRecord>(place(id));
    return found && { ...found.value, id };
  }

  /** At most once an hour, and nobody waits for it: a key that is used is not told apart by its speed. */
  private noteUse({ id, lastUsedTime }: FoundKey): void {
    const hour = Math.floor(Date.now() / HOUR_MS);
    const known = Math.max(
      this.written.get(id) ?? 0,
      lastUsedTime === undefined ? 0 : Date.parse(lastUsedTime) / HOUR_MS,
    );
    if (known >= hour) return;
    this.written.set(id, hour);
    const used = new Date(hour * HOUR_MS).toISOString();
    this.store
      .use()
      .then((resources) => resources.change<ApiKeyRecord>(place(id), (now) => ({ ...now, lastUsedTime: used })))
      .catch((error: unknown) => {
        // Revoked meanwhile, or storage is busy: the next use tries again.
        if (!(error instanceof ResourceMissingError)) this.written.delete(id);
      });
  }
}

const ALL = { kind: 'apiKey', scope: [] };

function place(id: string) {
  return { ...ALL, name: id };
}

function pointer(workspace: string, id: string) {
  return { kind: 'apiKeyOf', scope: [workspace], name: id };
}

function expiry(wanted: string | undefined, now: number): string {
  const end = wanted === undefined ? now + DEFAULT_DAYS * DAY_MS : Date.parse(wanted);
  if (end > now && end <= now + MAX_DAYS * DAY_MS) return new Date(end).toISOString();
  const message = `must be in the future, and at most ${MAX_DAYS} days from now`;
  throw new InvalidRequestError([{ path: '$.expiresTime', code: 'OutOfRange', message }]);
}
