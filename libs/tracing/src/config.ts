export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof SAMPLERS)[number];

/** Of OpenTelemetry's own variables. */
export interface TracingConfig {
  service: string;
  /** Where spans are sent, `/v1/traces` included. */
  url: string;
  /** Secret: collectors ask for keys in them. */
  headers: Record<string, string>;
  /** Of the resource, beside the name of the service. */
  attributes: Record<string, string>;
  sampler: SamplerName;
  /** Of the samplers by ratio: 0 to 1. */
  ratio: number;
}
