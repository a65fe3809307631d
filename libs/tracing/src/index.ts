/** Traces: what the API and the worker share. Without a collector configured nothing is recorded and nothing is kept. */
export * from './client-interceptor';
export * from './config';
export * from './origin-header';
export * from './requests';
export * from './run-span';
export * from './span';
export * from './start';
