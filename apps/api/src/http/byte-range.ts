import { InvalidRequestError, RangeOutsideFileError } from '../common/errors';

export interface WantedRange {
  offset: number;
  count: number;
  /** Asked for with a Range header: answered with 206. */
  partial: boolean;
}

const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The bytes a request wants of a file. The query's `offset` may lie at or past the end, so that a reader can ask
 * again for what has come since; a Range header must hit the file.
 */
export function wantedRange(
  bytes: number,
  query: { offset?: number; count?: number },
  header: string | undefined,
): WantedRange {
  const [, first = '', last = ''] = RANGE.exec(header ?? '') ?? [];
  if (header !== undefined && first === '' && last === '') {
    throw new InvalidRequestError([
      { path: 'Range', code: 'InvalidHeader', message: 'must be one range: bytes=first-last' },
    ]);
  }
  const inQuery = query.offset !== undefined || query.count !== undefined;
  if (header === undefined || inQuery) {
    const offset = Math.min(query.offset ?? 0, bytes);
    return { offset, count: Math.min(query.count ?? Infinity, bytes - offset), partial: false };
  }
  const offset = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (offset >= bytes || end < offset) throw new RangeOutsideFileError(bytes);
  return { offset, count: end - offset + 1, partial: true };
}
