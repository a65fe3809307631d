import { isAscii } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from '../constants';
import { batchError, invalidBody } from '../errors';
import { isDeeperThan } from '../util/json';

/** Far deeper than any type, and shallow enough for what calls itself. */
const MAX_NESTING = 100;

/** The whole body, or 413 once it is 1 MiB or more ("Task - Add Collection": the request must be less than 1 MB). */
export function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // The rest is read and thrown away, so that the client gets to see the answer.
      if (size < MAX_BODY_BYTES) chunks.push(chunk);
    });
    message.once('error', reject);
    message.once('end', () => {
      if (size < MAX_BODY_BYTES) resolve(Buffer.concat(chunks));
      else reject(batchError('RequestBodyTooLarge', { MaxLimit: String(MAX_BODY_BYTES) }));
    });
  });
}

export function parseJson(body: Buffer): unknown {
  let parsed: unknown;
  try {
    // To decode a megabyte takes nearly as long as to parse it, and mostly there is nothing to decode.
    parsed = JSON.parse(body.toString(isAscii(body) ? 'latin1' : 'utf8'));
  } catch {
    throw invalidBody('The request body is not valid JSON.');
  }
  if (isDeeperThan(parsed, MAX_NESTING)) throw invalidBody('The request body is nested too deeply.');
  return parsed;
}
