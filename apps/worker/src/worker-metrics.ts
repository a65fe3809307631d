import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { RequestReport } from '@windrow/batch';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the worker counts and measures, for Prometheus. No label holds a name that a user gave. */
export class WorkerMetrics {
  private readonly registry = new Registry();
  private readonly activities = new Histogram({
    name: 'windrow_activity_duration_seconds',
    help: 'Time that attempts of activities took, by what became of them.',
    labelNames: ['activity', 'outcome'],
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600],
    registers: [this.registry],
  });
  private readonly running = new Gauge({
    name: 'windrow_activities_running',
    help: 'Activities that run at this moment.',
    labelNames: ['activity'],
    registers: [this.registry],
  });
  private readonly batchRequests = new Histogram({
    name: 'windrow_batch_request_duration_seconds',
    help: 'Time to answers of Azure Batch, each attempt, by operation and status (none: no answer).',
    labelNames: ['operation', 'status'],
    buckets: [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
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

  batchRequest({ operation, status, ms }: RequestReport): void {
    this.batchRequests.observe({ operation, status: status ?? 'none' }, ms / 1000);
  }

  auditLineLost(): void {
    this.auditLinesLost.inc();
  }

  /** Measures every attempt of an activity; to stand outside of what turns errors into failures. */
  interceptor(): ActivityInboundCallsInterceptor {
    return {
      execute: async (input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>) => {
        const activity = activityInfo().activityType;
        const started = performance.now();
        this.running.inc({ activity });
        let outcome = 'completed';
        try {
          return await next(input);
        } catch (error) {
          outcome = outcomeOf(error);
          throw error;
        } finally {
          this.running.dec({ activity });
          this.activities.observe({ activity, outcome }, (performance.now() - started) / 1000);
        }
      },
    };
  }

  /** In Prometheus' text format. */
  async text(): Promise<{ type: string; text: string }> {
    return { type: this.registry.contentType, text: await this.registry.metrics() };
  }
}

/** A failure's type is one of ours (`FailureType`), so that there are few of them. */
function outcomeOf(error: unknown): string {
  if (error instanceof CancelledFailure) return 'cancelled';
  return error instanceof ApplicationFailure && error.type ? error.type : 'failed';
}
