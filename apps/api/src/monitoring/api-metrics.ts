import type { RequestReport } from '@windrow/batch';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What this process counts and measures, for Prometheus. No label holds a name that a user gave. */
export class ApiMetrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'windrow_http_request_duration_seconds',
    help: 'Time to answer requests, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers: [this.registry],
  });
  private readonly batchRequests = new Counter({
    name: 'windrow_batch_requests_total',
    help: 'Requests to Azure Batch, each attempt, by operation and status (none: no answer).',
    labelNames: ['operation', 'status'],
    registers: [this.registry],
  });
  private readonly auditLinesLost = new Counter({
    name: 'windrow_audit_lines_lost_total',
    help: 'Lines that the audit log did not take.',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** @param route as the API describes it, with `{names}`; undefined when there is none */
  answered(method: string, route: string | undefined, status: number, ms: number): void {
    this.requests.observe({ method, route: route ?? 'none', status }, ms / 1000);
  }

  batchRequest({ operation, status }: RequestReport): void {
    this.batchRequests.inc({ operation, status: status ?? 'none' });
  }

  auditLineLost(): void {
    this.auditLinesLost.inc();
  }

  /** In Prometheus' text format. */
  async text(): Promise<{ type: string; text: string }> {
    return { type: this.registry.contentType, text: await this.registry.metrics() };
  }
}
