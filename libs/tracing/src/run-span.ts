import { SpanKind } from '@opentelemetry/api';
import { inTraceOf, parseTraceparent, runSpan, type TraceParent } from '@windrow/contract';
import { defined, type Facts, finish, parentContext, tracer } from './span';
import { samplesRoot, tracingInUse } from './start';

/** A run of a workflow that has ended. */
export interface EndedRun {
  name: string;
  runId: string;
  /** Of where it was started; absent: the trace begins with it. */
  traceparent?: string | undefined;
  /** Milliseconds since 1970. */
  startTime: number;
  endTime: number;
  facts: Facts;
  problem?: string;
}

/** The parent of all that a run does, although its own span is told of only when it has ended. */
export function parentInRun(traceparent: string | undefined, runId: string): TraceParent {
  const ids = runSpan(runId);
  return parseTraceparent(inTraceOf(traceparent, runId)) ?? { ...ids, sampled: samplesRoot(ids.traceId) };
}

/** Tells of a run, with the ids that its parts already name. */
export function recordRun({ name, runId, traceparent, startTime, endTime, facts, problem }: EndedRun): void {
  const base = parentContext(parseTraceparent(traceparent));
  const options = { kind: SpanKind.INTERNAL, startTime, attributes: defined(facts) };
  const span = tracingInUse()?.ids.using(runSpan(runId), () => tracer().startSpan(name, options, base));
  if (span) finish(span, problem, endTime);
}
