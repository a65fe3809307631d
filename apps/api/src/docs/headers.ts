/** Headers in the description of the API: what they look like, in one place for all routes. */

const TAG = '(?:W/)?"[!#-~]*"';
const TAGS = { type: 'string', pattern: `^(?:\\*|${TAG}(?: *, *${TAG})*)$` };

/** Of requests, by name; what they are for is told by each route. */
export const REQUEST_HEADERS: Record<string, { type: string; pattern?: string }> = {
  'If-Match': TAGS,
  'If-None-Match': TAGS,
  'Idempotency-Key': { type: 'string', pattern: '^[!-~]{1,255}$' },
  Range: { type: 'string', pattern: String.raw`^bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})$` },
  'Last-Event-ID': { type: 'string' },
};

const ANSWER_HEADERS = {
  ETag: { description: 'Version of the resource, for `If-Match`.', schema: { type: 'string', pattern: `^${TAG}$` } },
  Location: { description: 'Where the resource is.', schema: { type: 'string', format: 'uri' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { description: 'As RFC 6750 says.', schema: { type: 'string' } },
  'Content-Range': { description: 'How long the file is.', schema: { type: 'string' } },
};
export type AnswerHeader = keyof typeof ANSWER_HEADERS;

/** Of an answer that always has them. */
export function headersOf(names: AnswerHeader[]) {
  if (names.length === 0) return {};
  return { headers: Object.fromEntries(names.map((name) => [name, { ...ANSWER_HEADERS[name], required: true }])) };
}
