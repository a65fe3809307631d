import type { Urls } from '../../http/urls';
import type { FoundKey } from './api-keys.service';
import type { ApiKeyView } from './dto';

/** A key as it may be shown, without what is stored of its secret. */
export function mapKey(key: FoundKey, urls: Urls, path: string): ApiKeyView {
  const { id, displayName, administrator, roles, createdBy, createdTime, expiresTime, lastUsedTime } = key;
  const used = lastUsedTime === undefined ? {} : { lastUsedTime };
  const url = urls.root(`${path}/${id}`);
  return { id, url, displayName, administrator, roles, createdBy, createdTime, expiresTime, ...used };
}
