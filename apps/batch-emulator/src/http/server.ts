import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from './pipeline';

export interface Listener {
  url: string;
  close(): Promise<void>;
}

/** Listens on a host and port, 0 for a free one. */
export async function listen(host: string, port: number, handle: RequestListener): Promise<Listener> {
  const server = http.createServer({ keepAliveTimeout: 65_000 }, (message, response) => {
    handle(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
