import { batchError } from '../errors';
import type { RequestContext } from './context';
import { API_VERSIONS } from './versions';

/** Every call names its version. */
export function checkApiVersion(request: RequestContext): void {
  const version = request.query.get('api-version');
  if (version === undefined) throw batchError('MissingRequiredQueryParameter', { QueryParameterName: 'api-version' });
  if (!(API_VERSIONS as readonly string[]).includes(version)) {
    throw batchError('UnsupportedRequestVersion', { QueryParameterName: 'api-version', QueryParameterValue: version });
  }
}

export function apiVersionOf(request: RequestContext): string {
  return request.query.get('api-version') ?? '';
}
