export { startAzurite } from './azurite';
export { shellJob, TestStack, WORKSPACE } from './test-stack';
export { waitFor } from './wait-for';
