/** Encryption of what Temporal keeps: the API, the worker and the codec endpoint of Temporal's UI share it. */
export * from './data-converter';
export * from './payload-codec';
export * from './payload-keys';
export * from './wire-payloads';
export * from './sealed';
