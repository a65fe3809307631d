export { admissionWorkflow } from './admission-workflow';
export { clusterWorkflow } from './cluster-workflow';
export { deletionWorkflow } from './deletion-workflow';
export { eventWorkflow } from './event-workflow';
export { jobWorkflow } from './job-workflow';
export { planWorkflow } from './plan-workflow';
export { sweeperWorkflow } from './sweeper-workflow';
export { webhookWorkflow } from './webhook-workflow';
