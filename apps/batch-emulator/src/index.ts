export { startEmulator, type Emulator } from './emulator';
export { OPERATIONS } from './compatibility/operations';
export type { EmulatorOptions } from './options';
export { WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from './constants';
export { modelOf, type Property } from './schema/descriptor';
export { SimulatedVariable } from './nodes/simulated-runner';
