export { startEmulator, type Emulator, type EmulatorOptions } from './emulator';
export { WELL_KNOWN_ACCOUNT, WELL_KNOWN_KEY } from './constants';
export { SimulatedVariable } from './nodes/simulated-runner';
