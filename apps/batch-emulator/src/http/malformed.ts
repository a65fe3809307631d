import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { batchError } from '../errors';
import { errorBody } from './error-body';

/**
 * What Node's parser refuses (control characters, headers beyond all measure) is told in the form of the service too;
 * where the next request would begin is then unknown, so the connection ends.
 */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const refusal = batchError('InvalidHeaderValue', { Reason: error.message });
  const body = JSON.stringify(errorBody(refusal, { requestId }, Date.now() * 1000));
  const head = [
    `HTTP/1.1 ${refusal.status} Bad Request`,
    'Connection: close',
    'Content-Type: application/json; odata=minimalmetadata',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `request-id: ${requestId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
