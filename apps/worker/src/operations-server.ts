import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkerMetrics } from './worker-metrics';

export interface OperationsServer {
  port: number;
  close(): Promise<void>;
}

/** What the worker waits for; empty when it polls. */
export class Readiness {
  private readonly missing = new Set<string>(['its start']);

  waitsFor(service: string): void {
    this.missing.add(service);
  }

  ready(): void {
    this.missing.clear();
  }

  get waiting(): string[] {
    return [...this.missing].sort();
  }
}

/** `/health/live`, `/health/ready` and `/metrics` of a worker, which has no other address. */
export async function serveOperations(
  { host, port }: { host: string; port: number },
  metrics: WorkerMetrics,
  readiness: Readiness,
): Promise<OperationsServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const json = (status: number, body: object) => answer(status, 'application/json', JSON.stringify(body));
    switch (request.url?.split('?')[0]) {
      case '/health/live':
        return json(200, { status: 'live' });
      case '/health/ready': {
        const { waiting } = readiness;
        return waiting.length === 0
          ? json(200, { status: 'ready' })
          : json(503, { status: 'waiting', missing: waiting });
      }
      case '/metrics':
        return void metrics.text().then(({ type, text }) => answer(200, type, text));
      default:
        return json(404, { status: 'There are /health/live, /health/ready and /metrics here.' });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
