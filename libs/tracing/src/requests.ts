import { type Context, context, createContextKey, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** Requests with a span of their own within one activity or one REST call; and as many again that failed. */
export const SPANS_OF_REQUESTS = 50;

const KEY = createContextKey('windrow requests');
const TOO_MANY = 429;

/** One attempt of one request to Azure Batch or Azure Storage. */
export interface AzureRequest {
  service: 'batch' | 'blob' | 'table';
  /** One of a few, such as `pools.create`: never with a name in it. */
  operation: string;
  method: string;
  /** Absent when no answer came. */
  status?: number;
  /** How long it took. */
  ms: number;
  /** From 1, where it is known. */
  attempt?: number;
}

/** Requests of one activity or REST call: a watch makes thousands, and a job of a million tasks tens of thousands. */
export class RequestCount {
  private all = 0;
  private failed = 0;
  private withSpan = 0;

  /** Counts a request. True: it may have a span. */
  take(failed: boolean): boolean {
    this.all += 1;
    if (failed) this.failed += 1;
    const place = failed ? this.failed : this.all - this.failed;
    if (place > SPANS_OF_REQUESTS) return false;
    this.withSpan += 1;
    return true;
  }

  facts(): Record<string, number | undefined> {
    const { all, failed, withSpan } = this;
    return {
      'windrow.requests': all || undefined,
      'windrow.requests.failed': failed || undefined,
      'windrow.requests.without_span': all - withSpan || undefined,
    };
  }
}

export function withRequests(within: Context, requests: RequestCount): Context {
  return within.setValue(KEY, requests);
}

/** Tells of a request that has just ended, as a part of what is under way. What belongs to nothing is not told of. */
export function recordRequest({ service, operation, method, status, ms, attempt }: AzureRequest): void {
  const requests = context.active().getValue(KEY) as RequestCount | undefined;
  if (!requests || !trace.getActiveSpan()?.isRecording()) return;
  // Other 4xx are answers: "exists", "not found".
  const failed = status === undefined || status >= 500 || status === TOO_MANY;
  if (!requests.take(failed)) return;
  const ended = Date.now();
  const span = trace.getTracer('windrow').startSpan(`${service} ${operation}`, {
    kind: SpanKind.CLIENT,
    startTime: ended - ms,
    attributes: {
      'http.request.method': method,
      'windrow.operation': operation,
      ...(status !== undefined && { 'http.response.status_code': status }),
      ...(attempt !== undefined && attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
    },
  });
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR, message: String(status ?? 'no answer') });
  span.end(ended);
}
