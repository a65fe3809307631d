import { ConfigError, configOf, type Environment } from './reader';
import { readTracing } from './tracing';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
const read = (env: Environment) => configOf(env, (reader) => readTracing(reader, 'windrow-api'));

describe('the configuration of traces', () => {
  it('is none without an endpoint, or where they are switched off', () => {
    expect(read({})).toBeUndefined();
    expect(read({ OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'unknown' })).toBeUndefined();
    expect(read({ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
    expect(read({ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  });

  it('is that of OpenTelemetry', () => {
    expect(read(ENDPOINT)).toEqual({
      ...{ service: 'windrow-api', url: 'http://collector:4318/v1/traces', headers: {}, attributes: {} },
      ...{ sampler: 'parentbased_always_on', ratio: 1 },
    });
    const env = {
      ...{ ...ENDPOINT, OTEL_SERVICE_NAME: 'mine', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://other/x' },
      ...{ OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, x=1', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x=2' },
      ...{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      ...{ OTEL_RESOURCE_ATTRIBUTES: 'service.version=1', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
    };
    expect(read(env)).toEqual({
      ...{ service: 'mine', url: 'https://other/x', headers: { 'api-key': 'a b', x: '2' } },
      ...{ attributes: { 'service.version': '1' }, sampler: 'traceidratio', ratio: 0.25 },
    });
  });

  it.each<[Environment, string]>([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL must be http/json'],
    [{ OTEL_TRACES_SAMPLER: 'some' }, 'OTEL_TRACES_SAMPLER must be one of'],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'x=1,s3cret' }, 'OTEL_EXPORTER_OTLP_HEADERS cannot be used: entry 2'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'x=s3cret%' }, 'OTEL_EXPORTER_OTLP_HEADERS cannot be used: entry 1'],
  ])('refuses %j, and tells no header', (change, message) => {
    expect(() => read({ ...ENDPOINT, ...change })).toThrow(ConfigError);
    expect(() => read({ ...ENDPOINT, ...change })).toThrow(message);
    expect(() => read({ ...ENDPOINT, ...change })).not.toThrow('s3cret');
  });
});
