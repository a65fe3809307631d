import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace';

/** Ids by chance, but for a span that is known by its id before it is told of: a workflow's run. */
export class Ids implements IdGenerator {
  private readonly random = new RandomIdGenerator();
  private wanted: { traceId: string; spanId: string } | undefined;

  generateTraceId(): string {
    return this.wanted?.traceId ?? this.random.generateTraceId();
  }

  generateSpanId(): string {
    return this.wanted?.spanId ?? this.random.generateSpanId();
  }

  /** While `make` runs, which must not wait for anything. */
  using<T>(ids: { traceId: string; spanId: string }, make: () => T): T {
    this.wanted = ids;
    try {
      return make();
    } finally {
      this.wanted = undefined;
    }
  }
}
