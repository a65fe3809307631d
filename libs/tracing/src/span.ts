import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { type TraceParent, traceparentOf } from '@windrow/contract';
import { RequestCount, withRequests } from './requests';

export const tracer = () => trace.getTracer('windrow');

/** What may be said of a span: ids, names, numbers. Never an error's message, which may quote what users wrote. */
export type Facts = Record<string, string | number | boolean | undefined>;

/** Something under way that is told of when it has ended. */
export interface Begun {
  /** Absent where traces are off. */
  readonly traceparent?: string;
  readonly traceId?: string;
  /** Runs, with all it starts, as a part of this. */
  within<T>(work: () => T): T;
  set(facts: Facts): void;
  rename(name: string): void;
  /** @param problem the type of what went wrong; absent: nothing did */
  end(problem?: string): void;
}

/** Begins a span whose parent is elsewhere, or a trace. */
export function begin(
  name: string,
  { kind, parent, facts = {} }: { kind: 'server' | 'consumer'; parent?: TraceParent | undefined; facts?: Facts },
): Begun {
  const base = parentContext(parent);
  const options = { kind: kind === 'server' ? SpanKind.SERVER : SpanKind.CONSUMER, attributes: defined(facts) };
  const span = tracer().startSpan(name, options, base);
  const requests = new RequestCount();
  const inside = withRequests(trace.setSpan(base, span), requests);
  const own = span.spanContext();
  // Without a tracer the parent comes back as it was.
  const known = isSpanContextValid(own) && own.spanId !== parent?.spanId;
  return {
    ...(known && { traceparent: traceparentOfSpan(span), traceId: own.traceId }),
    within: (work) => context.with(inside, work),
    set: (more) => void span.setAttributes(defined(more)),
    rename: (other) => void span.updateName(other),
    end: (problem) => {
      span.setAttributes(defined(requests.facts()));
      finish(span, problem);
    },
  };
}

/** Does something as a part of what is under way; where nothing is, without a span. */
export async function inSpan<T>(name: string, facts: Facts, work: () => Promise<T>): Promise<T> {
  if (!trace.getActiveSpan()?.isRecording()) return work();
  const span = tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes: defined(facts) });
  try {
    const result = await context.with(trace.setSpan(context.active(), span), work);
    finish(span);
    return result;
  } catch (error) {
    finish(span, error instanceof Error ? error.name : 'Error');
    throw error;
  }
}

/** Of what is under way; undefined where nothing is. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan();
  return span && isSpanContextValid(span.spanContext()) ? traceparentOfSpan(span) : undefined;
}

export function parentContext(parent: TraceParent | undefined): Context {
  if (!parent) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

export function finish(span: Span, problem?: string, endTime?: number): void {
  if (problem !== undefined) {
    span.setAttribute('error.type', problem);
    span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
  }
  span.end(endTime);
}

export function defined(facts: Facts): Attributes {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function traceparentOfSpan(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return traceparentOf({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}
