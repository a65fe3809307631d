export * from './activity-interceptor';
export * from './run-sink';
