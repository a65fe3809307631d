export { ExitCode } from './exit-codes';
export type { Environment, Io, Sink } from './io';
export { run } from './run';
