import type { Environment } from './io';

/** The only place that reads the environment of the process. */
export function environment(): Environment {
  return process.env;
}
