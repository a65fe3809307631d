import { SAMPLERS, type SamplerName, type TracingConfig } from '@windrow/tracing';
import type { Reader } from './reader';

/**
 * OpenTelemetry's own variables (its "Environment Variable Specification"); undefined unless an endpoint is set. Traces
 * travel as JSON over HTTP, which every collector takes at the port of `http/protobuf`.
 */
export function readTracing(read: Reader, service: string): TracingConfig | undefined {
  const base = read.url('OTEL_EXPORTER_OTLP_ENDPOINT');
  const url = read.url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? (base === undefined ? undefined : `${base}/v1/traces`);
  const off = read.text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || read.text('OTEL_TRACES_EXPORTER') === 'none';
  if (url === undefined || off) return undefined;
  refuseOtherProtocols(read);
  return {
    service: read.text('OTEL_SERVICE_NAME') ?? service,
    url,
    headers: { ...pairs(read, 'OTEL_EXPORTER_OTLP_HEADERS'), ...pairs(read, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS') },
    attributes: pairs(read, 'OTEL_RESOURCE_ATTRIBUTES'),
    sampler: read.choice('OTEL_TRACES_SAMPLER', [...SAMPLERS], 'parentbased_always_on') as SamplerName,
    ratio: readRatio(read),
  };
}

/** `http/protobuf` is what collectors are commonly configured with: JSON goes to the same place. */
function refuseOtherProtocols(read: Reader): void {
  for (const name of ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']) {
    const protocol = read.text(name);
    if (protocol !== undefined && !protocol.startsWith('http/')) {
      read.fault(name, `must be http/json, not '${protocol}': name the collector's HTTP port (4318 as a rule)`);
    }
  }
}

function readRatio(read: Reader): number {
  const name = 'OTEL_TRACES_SAMPLER_ARG';
  const ratio = Number(read.text(name) ?? 1);
  if (!(ratio >= 0 && ratio <= 1)) read.fault(name, 'must be a number from 0 to 1');
  return ratio;
}

/** `key=value,key=value`, percent-encoded as in W3C Baggage. Values may be secret: messages name the place only. */
function pairs(read: Reader, name: string): Record<string, string> {
  return read.attempt(name, {}, () => {
    const entries = (read.text(name) ?? '').split(',').filter((entry) => entry.trim() !== '');
    return Object.fromEntries(entries.map((entry, place) => pairOf(entry, place + 1)));
  });
}

function pairOf(entry: string, place: number): [string, string] {
  const at = entry.indexOf('=');
  const key = entry.slice(0, Math.max(0, at)).trim();
  const value = decoded(entry.slice(at + 1).trim());
  if (!/^[\w.-]+$/.test(key) || value === undefined) throw new Error(`entry ${place} is not of the form key=value`);
  return [key, value];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
