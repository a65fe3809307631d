import { API_VERSIONS } from '../constants';
import { batchError } from '../errors';
import type { RequestContext } from './context';

/** Every call names its version; one superset of the models serves all known ones. */
export function checkApiVersion(request: RequestContext): void {
  const version = request.query.get('api-version');
  if (version === undefined) throw batchError('MissingRequiredQueryParameter', { QueryParameterName: 'api-version' });
  if (!API_VERSIONS.has(version)) {
    throw batchError('UnsupportedRequestVersion', { QueryParameterName: 'api-version', QueryParameterValue: version });
  }
}

/** Versions begin with their date, so that they compare as texts. */
export function apiVersionOf(request: RequestContext): string {
  return request.query.get('api-version') ?? '';
}
