export { startAzurite } from './azurite';
export { historyText } from './history-text';
export { shellJob, TestStack, WORKSPACE } from './test-stack';
export { waitFor } from './wait-for';
