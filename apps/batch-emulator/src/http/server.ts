import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { refuseMalformed } from './malformed';
import type { RequestListener } from './pipeline';

export interface Listener {
  url: string;
  close(): Promise<void>;
}

/** PEM. */
export interface Tls {
  cert: string | Buffer;
  key: string | Buffer;
}

/** Listens on a host and port, 0 for a free one; with a certificate only https is spoken there. */
export async function listen(
  host: string,
  port: number,
  handle: RequestListener,
  tls: Tls | undefined,
): Promise<Listener> {
  const serve = (message: http.IncomingMessage, response: http.ServerResponse): void => {
    handle(message, response).catch(() => response.destroy());
  };
  const options = { keepAliveTimeout: 65_000 };
  const server = tls ? https.createServer({ ...options, ...tls }, serve) : http.createServer(options, serve);
  server.on('clientError', refuseMalformed);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
