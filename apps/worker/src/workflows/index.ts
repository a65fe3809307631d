export { arrivalScanWorkflow } from './arrival-scan-workflow';
export { clusterWorkflow } from './cluster-workflow';
export { deletionWorkflow } from './deletion-workflow';
export { jobWorkflow } from './job-workflow';
export { planWorkflow } from './plan-workflow';
export { scheduledRunWorkflow } from './scheduled-run-workflow';
export { sweeperWorkflow } from './sweeper-workflow';
