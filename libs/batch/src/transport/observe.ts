import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import type { BatchRuntime, RequestReport } from '../config';

/** Which operation a request belongs to, and how often it was sent. */
export class OperationNames {
  private readonly known = new WeakMap<PipelineRequest, { operation: string; attempts: number }>();

  set(request: PipelineRequest, operation: string): void {
    this.known.set(request, { operation, attempts: 0 });
  }

  next(request: PipelineRequest): { operation: string; attempt: number } {
    const entry = this.known.get(request) ?? { operation: 'unknown', attempts: 0 };
    entry.attempts += 1;
    return { operation: entry.operation, attempt: entry.attempts };
  }

  attempts(request: PipelineRequest): number {
    return this.known.get(request)?.attempts ?? 0;
  }
}

/** Counts each attempt, answered or not, and reports it. */
export function observePolicy(
  names: OperationNames,
  runtime: BatchRuntime,
  onRequest: (report: RequestReport) => void = () => undefined,
): PipelinePolicy {
  return {
    name: 'windrowObserve',
    sendRequest: async (request, next) => {
      const started = runtime.now();
      const { operation, attempt } = names.next(request);
      let status: number | undefined;
      try {
        const response = await next(request);
        status = response.status;
        return response;
      } finally {
        const ms = runtime.now() - started;
        onRequest({ operation, method: request.method, ms, attempt, ...(status !== undefined && { status }) });
      }
    },
  };
}
