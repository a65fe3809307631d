import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';

/** What node tells of a request that it could not read. */
interface ClientError extends Error {
  code?: string;
}

const KINDS: Record<string, [status: number, code: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'HeadersTooLarge',
    'The address and the headers have more than 16 KiB together. Put long values into the body.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'RequestTimeout', 'The request did not come to its end in time. Send it again.'],
};
const OTHERWISE: [number, string, string] = [400, 'MalformedHttp', 'This is no request of HTTP/1.1.'];

/** Answers what never becomes a request, and so never comes to the problem filter, as a problem, too. */
export function answerClientErrors(logger: Logger) {
  return (error: ClientError, socket: Duplex): void => {
    // A connection that the client has broken takes no answer; in one that has sent half of another, it would be lost.
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, code, detail] = KINDS[error.code ?? ''] ?? OTHERWISE;
    const title = STATUS_CODES[status] ?? 'Error';
    // What id the client may have sent is not known: its headers were not read.
    const requestId = randomUUID();
    const type = `urn:windrow:problem:${code}`;
    const body = JSON.stringify({ type, title, status, code, detail, instance: '', requestId });
    const head = [
      `HTTP/1.1 ${status} ${title}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
      'X-Content-Type-Options: nosniff',
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    logger.info({ requestId, status, code: error.code }, 'unreadable request');
  };
}
