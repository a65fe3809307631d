import {
  BlobSASPermissions,
  ContainerSASPermissions,
  SASProtocol,
  StorageSharedKeyCredential,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob';
import type { BlobSASSignatureValues, BlobServiceClient, UserDelegationKey } from '@azure/storage-blob';
import type { StorageAuth } from './config';
import { translated } from './translate';

export interface BlobLinkPermissions {
  read?: boolean;
  write?: boolean;
  create?: boolean;
}

export interface ContainerLinkPermissions extends BlobLinkPermissions {
  list?: boolean;
  delete?: boolean;
}

/** A link is valid from this long ago, for nodes whose clock is behind. Milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
/** Azure's limit for user delegation keys is seven days; an hour is left for clocks and for use. */
const MAX_KEY_MS = 7 * 24 * HOUR_MS - HOUR_MS;
/** Keys are fetched for at least this long, so that one serves many links. */
const MIN_KEY_MS = 24 * HOUR_MS;

/**
 * Mints links with a SAS: signed by the account's key, or by a user delegation key where a token signs in. With the
 * latter a link lives at most about seven days, Azure's limit, whatever is asked for.
 */
export class LinkMinter {
  private delegation: { expires: number; key: Promise<UserDelegationKey> } | undefined;

  constructor(
    private readonly service: BlobServiceClient,
    private readonly auth: StorageAuth,
    private readonly now: () => number = Date.now,
  ) {}

  /** Name of the account whose links these are. */
  get account(): string {
    return this.service.accountName;
  }

  /** URL of one blob (which need not exist yet), or of one of its versions, valid for `ttlMs`. */
  async blobUrl(
    container: string,
    blob: string,
    permissions: BlobLinkPermissions,
    ttlMs: number,
    { versionId }: { versionId?: string } = {},
  ): Promise<string> {
    const client = this.service.getContainerClient(container).getBlobClient(blob);
    const version = versionId === undefined ? {} : { versionId };
    const sas = await this.sign({ containerName: container, blobName: blob, ...version }, ttlMs, () =>
      BlobSASPermissions.from(permissions),
    );
    const query = versionId === undefined ? '' : `versionid=${encodeURIComponent(versionId)}&`;
    return `${client.url}?${query}${sas}`;
  }

  /** URL of a container, for all blobs in it, valid for `ttlMs`. */
  async containerUrl(container: string, permissions: ContainerLinkPermissions, ttlMs: number): Promise<string> {
    const client = this.service.getContainerClient(container);
    const sas = await this.sign({ containerName: container }, ttlMs, () => ContainerSASPermissions.from(permissions));
    return `${client.url}?${sas}`;
  }

  private async sign(
    target: { containerName: string; blobName?: string; versionId?: string },
    ttlMs: number,
    permissions: () => BlobSASPermissions | ContainerSASPermissions,
  ): Promise<string> {
    const now = this.now();
    const plainHttp = this.service.url.startsWith('http:');
    const values = (expires: number): BlobSASSignatureValues => ({
      ...target,
      permissions: permissions(),
      startsOn: new Date(now - CLOCK_SKEW_MS),
      expiresOn: new Date(expires),
      protocol: plainHttp ? SASProtocol.HttpsAndHttp : SASProtocol.Https,
    });
    if (this.auth.kind === 'sharedKey') {
      const credential = new StorageSharedKeyCredential(this.auth.accountName, this.auth.accountKey);
      return generateBlobSASQueryParameters(values(now + ttlMs), credential).toString();
    }
    const { key, expires } = await this.delegationKey(now, ttlMs);
    return generateBlobSASQueryParameters(
      values(Math.min(now + ttlMs, expires)),
      key,
      this.service.accountName,
    ).toString();
  }

  /** The cached key where it lives long enough, else a new one. */
  private async delegationKey(now: number, ttlMs: number): Promise<{ key: UserDelegationKey; expires: number }> {
    // A key cannot always outlive the longest link; one with a day gone is still good for those.
    const needed = now + Math.min(ttlMs, MAX_KEY_MS - MIN_KEY_MS);
    if (!this.delegation || this.delegation.expires < needed) {
      const expires = now + Math.min(Math.max(ttlMs + HOUR_MS, MIN_KEY_MS), MAX_KEY_MS);
      const key = translated({ container: '(delegation key)' }, () =>
        this.service.getUserDelegationKey(new Date(now - CLOCK_SKEW_MS), new Date(expires)),
      );
      const entry = { expires, key };
      this.delegation = entry;
      // A failure must not be remembered; it reaches the caller through the await below.
      key.catch(() => {
        if (this.delegation === entry) this.delegation = undefined;
      });
    }
    const { expires, key } = this.delegation;
    return { expires, key: await key };
  }
}
