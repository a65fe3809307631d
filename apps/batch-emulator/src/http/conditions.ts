import { BatchError, batchError } from '../errors';
import { etagOf, type Micros } from '../util/time';
import type { RequestContext } from './context';

/** Conditional headers (Azure Batch REST reference): a failed one is 304 on a read and 412 on a write. */
export function checkConditions(request: RequestContext, modified: Micros): void {
  const { headers } = request;
  const etag = etagOf(modified);
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match !== undefined && noneMatch !== undefined) throw batchError('MultipleConditionHeadersNotSupported');
  const failed =
    (match !== undefined && !names(match, etag)) ||
    (noneMatch !== undefined && names(noneMatch, etag)) ||
    (headers['if-unmodified-since'] !== undefined && seconds(modified) > dateOf(request, 'if-unmodified-since')) ||
    (headers['if-modified-since'] !== undefined && seconds(modified) <= dateOf(request, 'if-modified-since'));
  if (!failed) return;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  throw isRead
    ? new BatchError('ConditionNotMet', 304, batchError('ConditionNotMet').message)
    : batchError('ConditionNotMet');
}

/** Clients differ in whether they quote ETags. */
function names(header: string, etag: string): boolean {
  return header.split(',').some((value) => {
    const plain = value
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return plain === '*' || plain === etag;
  });
}

/** HTTP dates have whole seconds. */
const seconds = (time: Micros): number => Math.floor(time / 1_000_000);

function dateOf(request: RequestContext, name: 'if-modified-since' | 'if-unmodified-since'): number {
  const parsed = Date.parse(request.headers[name] ?? '');
  if (Number.isNaN(parsed)) throw batchError('InvalidHeaderValue', { HeaderName: name });
  return Math.floor(parsed / 1000);
}
