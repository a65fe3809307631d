import { isAscii } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from '../constants';
import { batchError, invalidBody } from '../errors';

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
  try {
    // To decode a megabyte takes nearly as long as to parse it, and mostly there is nothing to decode.
    return JSON.parse(body.toString(isAscii(body) ? 'latin1' : 'utf8')) as unknown;
  } catch {
    throw invalidBody('The request body is not valid JSON.');
  }
}
