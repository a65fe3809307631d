export { AZURITE_ACCOUNT, AZURITE_KEY } from './components';
export type { BatchAccess } from './components';
export { findTemporal } from './find-temporal';
export { ROOT } from './paths';
export { freePort, isListening, until } from './ports';
export { startStack } from './stack';
export type { Stack, StackOptions } from './stack';
export { Supervisor } from './supervisor';
export type { RunningProcess } from './supervisor';
