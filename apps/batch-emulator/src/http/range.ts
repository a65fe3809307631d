import { BatchError, batchError } from '../errors';
import type { RequestContext } from './context';

export interface ByteRange {
  start: number;
  length: number;
  contentRange?: string;
}

/** `ocp-range` (or `Range`): `bytes=a-b`, `bytes=a-`, `bytes=-n`; clients expect status 200 for it all the same. */
export function rangeOf(request: RequestContext, size: number): ByteRange {
  const header = request.headers['ocp-range'] ?? request.headers.range;
  if (typeof header !== 'string') return { start: 0, length: size };
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  const [, first = '', last = ''] = match ?? [];
  // What is no range at all is the client's mistake, whatever the size of the file.
  if (!match || (first === '' && last === '')) throw batchError('InvalidHeaderValue', { HeaderName: 'ocp-range' });
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size || end < start) throw unsatisfiable(size);
  return { start, length: end - start + 1, contentRange: `bytes ${start}-${end}/${size}` };
}

function unsatisfiable(size: number): BatchError {
  const { status, message } = batchError('InvalidRange');
  return new BatchError('InvalidRange', status, message, [], { 'Content-Range': `bytes */${size}` });
}
