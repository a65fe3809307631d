/** What the API and the worker both read from their environment. Neither reads `process.env` here: it is given. */
export * from './reader';
export * from './services';
export * from './targets';
export * from './tracing';
