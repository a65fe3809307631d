import { startHttpScript } from './http-script';

/** A span as it came, its attributes and resource as plain values. */
export interface CollectedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  kind: number;
  failed: boolean;
  attributes: Record<string, unknown>;
}

export interface Collector {
  url: string;
  spans: CollectedSpan[];
  /** All that was sent, as it came. */
  text(): string;
  /** Of each request. */
  headers: Record<string, unknown>[];
  stop(): Promise<void>;
}

type Values = { key: string; value: Record<string, unknown> }[];

interface Batch {
  resourceSpans: {
    resource: { attributes: Values };
    scopeSpans: { spans: (Omit<CollectedSpan, 'attributes'> & { attributes: Values; status: { code?: number } })[] }[];
  }[];
}

/** A collector of traces (OTLP over HTTP, JSON) that keeps what it is sent. */
export async function startCollector(): Promise<Collector> {
  const server = await startHttpScript();
  const spans: CollectedSpan[] = [];
  const headers: Record<string, unknown>[] = [];
  let text = '';
  server.answer((request) => {
    text += request.body;
    headers.push(request.headers);
    spans.push(...spansOf(JSON.parse(request.body) as Batch));
    return { status: 200, body: {} };
  });
  return { url: server.url, spans, headers, text: () => text, stop: () => server.stop() };
}

function spansOf({ resourceSpans }: Batch): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(plain(resource.attributes)['service.name']);
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ parentSpanId = '', attributes, status, ...span }) => ({
        ...span,
        parentSpanId,
        service,
        failed: status.code === 2,
        attributes: plain(attributes),
      })),
    );
  });
}

function plain(values: Values): Record<string, unknown> {
  return Object.fromEntries(values.map(({ key, value }) => [key, Object.values(value)[0]]));
}
