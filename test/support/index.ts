export * from './collector';
export { startAzurite } from './azurite';
export { historyText } from './history-text';
export { AUDIENCE, startIssuer } from './issuer';
export { shellJob, TestStack, WORKSPACE } from './test-stack';
export { waitFor } from './wait-for';
