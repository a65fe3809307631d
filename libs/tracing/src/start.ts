import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from './config';
import { Ids } from './ids';

/** Attempts to send a batch end after this. Milliseconds. */
const EXPORT_MS = 5000;
/** The end of the process waits for the last spans no longer than this. Milliseconds. */
const FLUSH_MS = 3000;
/** A collector that is down is told of once in this time. Milliseconds. */
const SILENCE_MS = 60_000;

export interface Tracing {
  /** Sends what is left, within three seconds. Never fails. */
  close(): Promise<void>;
}

interface Running {
  ids: Ids;
  root: Sampler;
}

let running: Running | undefined;

/** What {@link startTracing} set up; undefined where traces are off. */
export const tracingInUse = (): Running | undefined => running;

/**
 * Installs the tracer of this process; without a configuration nothing. A collector that is slow or dead costs spans:
 * the queue is bounded, and nobody waits for it.
 * @param onLost told that spans were not taken, once a minute at most
 */
export function startTracing(
  config: TracingConfig | undefined,
  onLost: (reason: string) => void = () => undefined,
): Tracing {
  if (!config) return { close: async () => undefined };
  const ids = new Ids();
  const root = rootSampler(config);
  const provider = new TracerProvider({
    idGenerator: ids,
    sampler: config.sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root,
    resource: resourceFromAttributes({ ...config.attributes, 'service.name': config.service }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: telling(exporterOf(config), onLost), exportTimeoutMillis: EXPORT_MS }),
    ],
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  trace.setGlobalTracerProvider(provider);
  running = { ids, root };
  return {
    close: async () => {
      running = undefined;
      await within(FLUSH_MS, provider.shutdown());
      trace.disable();
      context.disable();
    },
  };
}

/** Whether a trace that begins with this id is recorded: every process comes to the same answer. */
export function samplesRoot(traceId: string): boolean {
  const result = running?.root.shouldSample(ROOT_CONTEXT, traceId, '', SpanKind.INTERNAL, {}, []);
  return result?.decision === SamplingDecision.RECORD_AND_SAMPLED;
}

function rootSampler({ sampler, ratio }: TracingConfig): Sampler {
  if (sampler.endsWith('always_on')) return new AlwaysOnSampler();
  return sampler.endsWith('always_off') ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(ratio);
}

function exporterOf({ url, headers }: TracingConfig): SpanExporter {
  return new OTLPTraceExporter({ url, headers, timeoutMillis: EXPORT_MS });
}

/** The reason is the error's name and code: its message may hold what the collector answered. */
function telling(exporter: SpanExporter, onLost: (reason: string) => void): SpanExporter {
  let silentUntil = 0;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS && Date.now() >= silentUntil) {
          silentUntil = Date.now() + SILENCE_MS;
          const { name = 'Error', code } = (result.error ?? {}) as { name?: string; code?: string | number };
          onLost(code === undefined ? name : `${name} ${code}`);
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
