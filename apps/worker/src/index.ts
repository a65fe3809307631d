export { createActivities } from './activities';
export type { Activities, ActivityDeps } from './activities';
export { readConfig } from './config';
export { startWorkers } from './worker-host';
